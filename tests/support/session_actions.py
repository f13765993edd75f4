"""Sessions in tests: signing in, coming in by a token, and what is still valid."""

from uuid import UUID

from domain import accounts
from domain.actor import Actor
from domain.errors import Unauthenticated
from domain.unit_of_work import LoadActor, reading
from tests.support.world import World


def coming_by(world: World, token: str) -> accounts.Bearer:
    """A token as read, of this world."""
    bearer = accounts.read_token(token)
    assert bearer.account_id == world.account_id
    return bearer


async def admitted(world: World, token: str) -> Actor | None:
    """Who comes in by a token, if anybody does."""
    bearer = coming_by(world, token)
    try:
        async with reading(world.sessions, *authentication_of(bearer)) as work:
            return work.actor
    except Unauthenticated:
        return None


def authentication_of(bearer: accounts.Bearer) -> tuple[UUID, LoadActor]:
    """How a unit is opened by a token."""
    return bearer.account_id, accounts.session(bearer.account_id, bearer.secret_hash)


async def id_of(world: World, token: str) -> UUID:
    """The id of the session of a token."""
    actor = await admitted(world, token)
    assert actor is not None
    assert actor.token_id is not None
    return actor.token_id


async def are_valid(world: World, *tokens: str) -> list[bool]:
    """Which tokens still let somebody in."""
    return [await admitted(world, token) is not None for token in tokens]
