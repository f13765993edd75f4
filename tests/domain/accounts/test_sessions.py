"""Sessions: seeing one's own, ending them, the password that ends all others, and what is swept (B19)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain import accounts
from domain.accounts import Token
from domain.errors import Unauthenticated
from domain.unit_of_work import reading, writing
from policies import Role
from tests.support import concurrency, db_state
from tests.support.client import token_of
from tests.support.session_actions import authentication_of, coming_by, id_of
from tests.support.world import World


async def test_everybody_sees_their_own_sessions_that_stand(world: World) -> None:
    tokens = [await token_of(world, Role.AGENT) for _ in range(4)]
    await token_of(world, Role.VIEWER)
    await token_of(world, Role.AGENT, lifetime=timedelta(seconds=-1))
    ids = [await id_of(world, token) for token in tokens]
    await db_state.execute(world, "UPDATE token SET revoked_at = now() WHERE id = :id", id=ids[0])
    await db_state.execute(world, "UPDATE token SET epoch = 0 WHERE id = :id", id=ids[1])
    await db_state.execute(world, "UPDATE token SET last_used_at = now() - interval '1 day' WHERE id = :id", id=ids[2])

    async with world.looking(Role.AGENT) as work:
        seen = [each.id for each in await accounts.list_sessions(work)]
    async with world.looking(Role.OPERATOR) as work:
        of_nobody = await accounts.list_sessions(work)

    assert seen == [ids[3], ids[2]]
    assert of_nobody == []


async def test_a_use_is_written_down_when_the_last_one_is_old_and_once_however_many_come(world: World) -> None:
    bearer = coming_by(world, await token_of(world, Role.AGENT))

    async def use(address: str) -> bool:
        async with writing(world.sessions, *authentication_of(bearer), address) as work:
            await accounts.note_use(work)
            return work.actor.use_is_stale

    fresh = await use("192.0.2.1")
    [before] = await db_state.rows(world, select(Token))
    await db_state.execute(world, "UPDATE token SET last_used_at = now() - interval '6 minutes'")
    stale = await concurrency.together(*[use("192.0.2.7") for _ in range(4)])
    [after] = await db_state.rows(world, select(Token))

    assert (fresh, any(stale)) == (False, True)
    assert before.last_used_address is None
    assert after.last_used_address == "192.0.2.7"
    assert after.last_used_at > before.last_used_at


async def test_sessions_that_ended_long_ago_are_swept(world: World) -> None:
    tokens = [await token_of(world, Role.AGENT) for _ in range(5)]
    ids = [await id_of(world, token) for token in tokens]
    changes = [
        "revoked_at = now() - interval '31 days'",
        "expires_at = now() - interval '31 days'",
        "revoked_at = now() - interval '29 days'",
        "expires_at = now() - interval '29 days'",
    ]
    for change, each in zip(changes, ids, strict=False):
        await db_state.execute(world, f"UPDATE token SET {change} WHERE id = :id", id=each)  # noqa: S608 (ours)

    await accounts.sweep_sessions(world.sessions, world.account_id)

    assert {each.id for each in await db_state.rows(world, select(Token))} == set(ids[2:])


async def test_a_token_that_somebody_had_is_no_guess_and_one_that_nobody_had_is(world: World) -> None:
    had = await token_of(world, Role.AGENT, lifetime=timedelta(seconds=-1))
    never, _ = accounts.make_token(world.account_id)

    async def guessed(token: str) -> bool:
        with pytest.raises(Unauthenticated) as refused:
            async with reading(world.sessions, *authentication_of(coming_by(world, token))):
                pass
        return refused.value.guessed

    assert (await guessed(had), await guessed(never)) == (False, True)
