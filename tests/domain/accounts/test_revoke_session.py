"""Revoking one of the actor's sessions (B19)."""

import pytest

from domain import accounts
from domain.errors import NotFound
from policies import Role
from server.database.engine import Database
from tests.support import db_state
from tests.support.client import token_of
from tests.support.session_actions import are_valid, id_of
from tests.support.world import World, make_world


async def test_a_session_of_ones_own_ends_and_no_other(world: World) -> None:
    mine, another = await token_of(world, Role.AGENT), await token_of(world, Role.AGENT)
    ended = await id_of(world, mine)

    async with db_state.recorded(world) as happened, world.acting(Role.AGENT) as work:
        await accounts.revoke_session(work, ended)

    assert await are_valid(world, mine, another) == [False, True]
    [event] = happened
    assert (event.kind, event.object_id) == ("SESSION_REVOKED", world.users[Role.AGENT].id)
    assert event.after == {"count": 1, "sessions": [str(ended)]}


async def test_what_is_not_ones_own_or_has_ended_is_not_found(world: World, database: Database) -> None:
    other = await make_world(database.sessions)
    ended = await id_of(world, token := await token_of(world, Role.AGENT))
    async with world.acting(Role.AGENT) as work:
        await accounts.revoke_session(work, ended)
    theirs = await id_of(world, await token_of(world, Role.VIEWER))
    elsewhere = await id_of(other, await token_of(other, Role.AGENT))

    for each in (ended, theirs, elsewhere):
        with pytest.raises(NotFound) as refused:
            async with world.acting(Role.AGENT) as work:
                await accounts.revoke_session(work, each)
        assert (refused.value.field, refused.value.details) == (("sessionId",), {})
    assert await are_valid(world, token) == [False]
