"""Sessions: seeing one's own, ending them, the password that ends all others, and what is swept (B19)."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from domain import accounts
from domain.accounts import Identity, Token
from domain.actor import Actor
from domain.errors import Conflict, Invalid, NotFound, NotPermitted, Unauthenticated
from domain.unit_of_work import LoadActor, reading, writing
from policies import Role
from server.database.engine import Database
from tests.support import concurrency, db_state
from tests.support.client import token_of
from tests.support.world import World, make_world


def coming_by(world: World, token: str) -> accounts.Bearer:
    bearer = accounts.read_token(token)
    assert bearer.account_id == world.account_id
    return bearer


async def admitted(world: World, token: str) -> Actor | None:
    """Who comes in by a token, if anybody does."""
    bearer = coming_by(world, token)
    try:
        async with reading(world.sessions, *_door(bearer)) as work:
            return work.actor
    except Unauthenticated:
        return None


def _door(bearer: accounts.Bearer) -> tuple[UUID, LoadActor]:
    return bearer.account_id, accounts.session(bearer.account_id, bearer.secret_hash)


async def id_of(world: World, token: str) -> UUID:
    actor = await admitted(world, token)
    assert actor is not None
    assert actor.token_id is not None
    return actor.token_id


async def standing(world: World, *tokens: str) -> list[bool]:
    """Which tokens still let somebody in."""
    return [await admitted(world, token) is not None for token in tokens]


async def identity(world: World, role: Role = Role.AGENT) -> Identity:
    [found] = await db_state.rows(world, select(Identity).where(Identity.id == world.users[role].identity_id))
    return found


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


async def test_a_session_of_ones_own_ends_and_no_other(world: World) -> None:
    mine, another = await token_of(world, Role.AGENT), await token_of(world, Role.AGENT)
    ended = await id_of(world, mine)

    async with db_state.recorded(world) as happened, world.acting(Role.AGENT) as work:
        await accounts.revoke_session(work, ended)

    assert await standing(world, mine, another) == [False, True]
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
    assert await standing(world, token) == [False]


async def test_all_other_sessions_end_at_once(world: World) -> None:
    tokens = [await token_of(world, Role.AGENT) for _ in range(3)]
    another = await token_of(world, world.second_agent)
    bearer = coming_by(world, tokens[1])

    async with db_state.recorded(world) as happened, writing(world.sessions, *_door(bearer)) as work:
        await accounts.revoke_other_sessions(work)

    assert await standing(world, *tokens, another) == [False, True, False, True]
    [event] = happened
    assert event.after is not None
    assert event.after["count"] == 2


async def test_only_who_manages_people_ends_the_sessions_of_others(world: World) -> None:
    tokens = [await token_of(world, Role.AGENT) for _ in range(2)]
    agent = world.users[Role.AGENT]

    for verb in (accounts.end_user_sessions, accounts.end_sessions):
        with pytest.raises(NotPermitted):
            async with world.acting(Role.SETTINGS_EDITOR) as work:
                await verb(work, agent.id)
    assert await standing(world, *tokens) == [True, True]
    async with world.acting(Role.SUPER_ADMIN) as work:
        await accounts.end_user_sessions(work, agent.id)
        ended_again = await accounts.end_sessions(work, agent.id)

    assert await standing(world, *tokens) == [False, False]
    assert ended_again == 0


async def test_a_use_is_written_down_when_the_last_one_is_old_and_once_however_many_come(world: World) -> None:
    bearer = coming_by(world, await token_of(world, Role.AGENT))

    async def use(address: str) -> bool:
        async with writing(world.sessions, *_door(bearer), address) as work:
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


async def test_a_new_password_ends_every_other_session_in_every_account(world: World, database: Database) -> None:
    domain = (world.users[Role.AGENT].email or "").split("@")[1]
    second = await make_world(database.sessions, email=domain)
    here, other = await token_of(world, Role.AGENT), await token_of(world, Role.AGENT)
    there, stranger = await token_of(second, Role.AGENT), await token_of(second, Role.VIEWER)
    before = await identity(world)

    async with db_state.recorded(world) as happened, writing(world.sessions, *_door(coming_by(world, here))) as work:
        await accounts.change_password(work, before, "a newer hash")

    assert await standing(world, here, other) == [True, False]
    assert await standing(second, there, stranger) == [False, True]
    after = await identity(world)
    assert (after.password_hash, after.epoch) == ("a newer hash", before.epoch + 1)
    [event] = happened
    assert (event.kind, event.before, event.after) == ("PASSWORD_CHANGED", None, None)


async def test_of_two_changes_of_one_password_the_second_is_declined(world: World) -> None:
    before = await identity(world)
    async with world.acting(Role.AGENT) as work:
        await accounts.change_password(work, before, "first")

    with pytest.raises(Conflict):
        async with world.acting(Role.AGENT) as work:
            await accounts.change_password(work, before, "second")

    assert (await identity(world)).password_hash == "first"


async def test_who_has_no_password_has_none_to_change(world: World) -> None:
    await db_state.execute(
        world, "UPDATE identity SET password_hash = 'x' WHERE email = :of", of=f"viewer@{world.slug}.test"
    )

    for who in (Role.AGENT, Role.OPERATOR):
        with pytest.raises(accounts.NoPassword):
            async with world.looking(who) as work:
                await accounts.find_own_identity(work)
    async with world.looking(Role.VIEWER) as work:
        assert (await accounts.find_own_identity(work)).id == world.users[Role.VIEWER].identity_id


@pytest.mark.parametrize(
    "password",
    [
        "short-one",
        "x" * 1025,
        "agent@example.test",
        "AGENT@example.test",
        "the old password",
        "the old\u00a0password",  # another spelling of the same, in Unicode
    ],
)
def test_a_new_password_is_neither_short_nor_overlong_nor_known(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        accounts.check_password(password, email="agent@example.test", old="the old password", longest=1024)

    assert refused.value.field == ("newPassword",)
    assert password not in refused.value.message


def test_other_passwords_will_do() -> None:
    for password in ("x" * 10, "x" * 1024, "the old password, or a newer one"):
        accounts.check_password(password, email="agent@example.test", old="the old password", longest=1024)


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
            async with reading(world.sessions, *_door(coming_by(world, token))):
                pass
        return refused.value.guessed

    assert (await guessed(had), await guessed(never)) == (False, True)
