"""Signing in and out: tokens that are kept as hashes only, end by time, revocation or leaving, and counted attempts
(B19, settled choice 1).
"""

import hashlib
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from domain import accounts
from domain.accounts import AttemptLimit, TooManyAttempts
from domain.accounts.user import Throttle, Token
from domain.actor import Actor, ActorKind
from domain.database.model import new_id
from domain.errors import Unauthenticated
from domain.unit_of_work import reading, unbound, writing
from policies import Role
from server.database.engine import Database
from tests.support import concurrency, db_state
from tests.support.world import World, make_world

DAY = timedelta(days=1)
WINDOW = timedelta(minutes=15)


async def sign_in(world: World, who: Role = Role.AGENT, lifetime: timedelta = DAY) -> str:
    async with world.acting(who) as work:
        token, _ = await accounts.issue_token(work, world.users[who].id, lifetime)
    return token


async def admitted(world: World, token: str) -> Actor:
    _, account_id, secret_hash = accounts.read_token(token)
    async with reading(world.sessions, account_id, accounts.session(account_id, secret_hash)) as work:
        return work.actor


async def test_a_token_admits_whose_it_is_with_the_facts_of_the_moment(world: World) -> None:
    actor = await admitted(world, await sign_in(world))

    agent = world.users[Role.AGENT]
    assert (actor.account_id, actor.kind, actor.id) == (world.account_id, ActorKind.PERSON, agent.id)
    assert (actor.roles, actor.teams) == (frozenset({Role.AGENT}), frozenset({world.teams["blue"].id}))
    assert actor.token_id is not None


async def test_only_the_hash_of_a_tokens_secret_is_kept(world: World) -> None:
    token = await sign_in(world)

    [row] = await db_state.rows(world, select(Token))
    secret = token.split("_", 2)[2]
    assert row.secret_hash == hashlib.sha256(secret.encode()).digest()
    assert token.startswith(f"sg_{world.account_id.hex}_")
    assert secret not in str(vars(row))


async def test_signing_in_is_recorded_and_tells_when_it_ends(world: World) -> None:
    async with db_state.recorded(world) as happened, world.acting(Role.AGENT) as work:
        _, ends = await accounts.issue_token(work, world.users[Role.AGENT].id, DAY)

    [row] = await db_state.rows(world, select(Token))
    [event] = happened
    assert (event.kind, event.object_kind, event.object_id) == ("SIGNED_IN", "user", world.users[Role.AGENT].id)
    assert event.after == {"token": str(row.id)}
    assert row.expires_at == ends == event.at + DAY


async def test_a_token_ends_at_its_time(world: World) -> None:
    token = await sign_in(world, lifetime=timedelta(seconds=-1))

    with pytest.raises(Unauthenticated):
        await admitted(world, token)


async def test_signing_out_ends_the_token_it_came_with_and_no_other(world: World) -> None:
    token, other = await sign_in(world), await sign_in(world)
    _, account_id, secret_hash = accounts.read_token(token)

    unit = writing(world.sessions, account_id, accounts.session(account_id, secret_hash))
    async with db_state.recorded(world) as happened, unit as work:
        await accounts.sign_out(work)
        token_id = work.actor.token_id

    with pytest.raises(Unauthenticated):
        await admitted(world, token)
    await admitted(world, other)
    [event] = happened
    assert (event.kind, event.object_id) == ("SIGNED_OUT", world.users[Role.AGENT].id)
    assert event.after == {"token": str(token_id)}


async def test_who_came_without_a_token_has_nothing_to_end(world: World) -> None:
    await sign_in(world)

    async with db_state.recorded(world) as happened:
        for who in (Role.AGENT, Role.OPERATOR):
            async with world.acting(who) as work:
                await accounts.sign_out(work)

    assert happened == []
    assert (await db_state.rows(world, select(Token)))[0].revoked_at is None


async def test_whoever_left_the_account_is_not_admitted(world: World) -> None:
    token = await sign_in(world)
    await db_state.execute(world, "UPDATE account_user SET active = false WHERE name = 'Agent'")

    with pytest.raises(Unauthenticated):
        await admitted(world, token)


async def test_roles_that_are_taken_away_are_gone_from_the_next_unit_on(world: World) -> None:
    token = await sign_in(world, Role.SUPER_ADMIN)
    await db_state.execute(world, "UPDATE account_user SET roles = '{VIEWER}' WHERE name = 'Super_Admin'")

    assert (await admitted(world, token)).roles == {Role.VIEWER}


async def test_a_token_opens_no_other_account(world: World, database: Database) -> None:
    other = await make_world(database.sessions)
    secret = (await sign_in(world)).split("_", 2)[2]

    with pytest.raises(Unauthenticated):
        await admitted(world, f"sg_{other.account_id.hex}_{secret}")


@pytest.mark.parametrize(
    "token",
    [
        "",
        "sg",
        "sg_",
        "sg__x",
        f"sg_{UUID(int=1).hex}",
        f"sg_{UUID(int=1).hex}_",
        f"xx_{UUID(int=1).hex}_secret",
        f"sg_{UUID(int=1)}_secret",
        f"sg_{'g' * 32}_secret",
        f"sg_{UUID(int=1).hex}_{'x' * 200}",
    ],
)
def test_what_cannot_be_a_token_is_one_answer(token: str) -> None:
    with pytest.raises(Unauthenticated):
        accounts.read_token(token)


async def test_a_token_that_nobody_has_is_the_same_answer(world: World) -> None:
    for account_id in (world.account_id, new_id()):
        with pytest.raises(Unauthenticated) as refused:
            await admitted(world, f"sg_{account_id.hex}_nobody")
        assert str(refused.value) == str(Unauthenticated())


async def test_a_person_is_found_by_e_mail_address_in_either_case(world: World) -> None:
    async with unbound(world.sessions) as session:
        found = await accounts.find_identity(session, f"AGENT@{world.slug}.test")
        assert await accounts.find_identity(session, f"nobody@{world.slug}.test") is None

    assert found is not None
    assert found.id == world.users[Role.AGENT].identity_id


async def test_only_a_membership_in_force_is_one(world: World) -> None:
    agent, viewer = world.users[Role.AGENT].id, world.users[Role.VIEWER].id
    await db_state.execute(world, "UPDATE account_user SET active = false WHERE id = :id", id=viewer)

    async with world.looking(Role.OPERATOR) as work:
        found = await accounts.find_active_membership(work.session, world.account_id, agent)
        for nobody in (viewer, new_id()):
            assert await accounts.find_active_membership(work.session, world.account_id, nobody) is None

    assert found is not None
    assert found.id == world.account_id


async def test_a_password_is_renewed_in_its_identity_unless_it_was_changed_meanwhile(world: World) -> None:
    async def renew(to: str) -> str | None:
        async with world.acting(Role.AGENT) as work:
            await accounts.renew_password(work.session, verified, to)
        return (await identity()).password_hash

    async def identity() -> accounts.Identity:
        async with unbound(world.sessions) as session:
            found = await accounts.find_identity(session, f"agent@{world.slug}.test")
        assert found is not None
        return found

    verified = await identity()

    same = await renew("a newer hash")
    await db_state.execute(world, "UPDATE identity SET epoch = epoch + 1 WHERE id = :id", id=verified.id)
    changed = await renew("of an older password")

    assert (same, changed) == ("a newer hash", "a newer hash")


async def test_a_token_for_a_password_that_was_changed_meanwhile_admits_nobody(world: World) -> None:
    agent = world.users[Role.AGENT]
    await db_state.execute(world, "UPDATE identity SET epoch = 5 WHERE id = :id", id=agent.identity_id)
    async with world.acting(Role.AGENT) as work:
        old, _ = await accounts.issue_token(work, agent.id, DAY, epoch=4)
        new, _ = await accounts.issue_token(work, agent.id, DAY)

    await admitted(world, new)
    with pytest.raises(Unauthenticated):
        await admitted(world, old)


async def attempt(world: World, *limits: AttemptLimit, window: timedelta = WINDOW) -> TooManyAttempts | None:
    async with unbound(world.sessions) as session:
        return await accounts.count_attempts(session, list(limits), window)


async def counted(world: World, key: str) -> int | None:
    async with unbound(world.sessions) as session:
        return (await session.execute(select(func.sum(Throttle.attempts)).where(Throttle.key == key))).scalar_one()


async def test_attempts_up_to_the_limit_pass_and_the_next_is_told_when_to_come_back(world: World) -> None:
    limit = AttemptLimit(uuid4().hex, 3)

    outcomes = [await attempt(world, limit) for _ in range(4)]

    assert outcomes[:3] == [None, None, None]
    refused = outcomes[3]
    assert refused is not None
    assert 0 < refused.details["retry_after"] <= WINDOW.total_seconds() + 1


async def test_past_the_limit_of_one_key_the_keys_after_it_are_not_counted(world: World) -> None:
    narrow, wide = AttemptLimit(uuid4().hex, 1), AttemptLimit(uuid4().hex, 10)

    outcomes = [await attempt(world, narrow, wide) for _ in range(3)]

    assert [outcome is None for outcome in outcomes] == [True, False, False]
    assert (await counted(world, narrow.key), await counted(world, wide.key)) == (3, 1)


async def test_attempts_at_once_are_all_counted(world: World) -> None:
    limit = AttemptLimit(uuid4().hex, 4)

    outcomes = await concurrency.together(*[attempt(world, limit) for _ in range(8)])

    assert sum(outcome is None for outcome in outcomes) == 4
    assert sum(isinstance(outcome, TooManyAttempts) for outcome in outcomes) == 4


async def test_a_window_ends_by_itself(world: World) -> None:
    limit = AttemptLimit(uuid4().hex, 1)
    await attempt(world, limit)
    async with unbound(world.sessions) as session:
        row = (await session.execute(select(Throttle).where(Throttle.key == limit.key))).scalar_one()
        row.window_start -= WINDOW

    assert await attempt(world, limit) is None


async def test_a_success_forgets_the_attempts_under_one_key_and_takes_one_back_under_the_others(world: World) -> None:
    mine, shared = AttemptLimit(uuid4().hex, 10), AttemptLimit(uuid4().hex, 10)
    for _ in range(3):
        await attempt(world, mine, shared)

    async with unbound(world.sessions) as session:
        await accounts.forget_attempts(session, forget=mine.key, forgive=[shared.key])

    assert (await counted(world, mine.key), await counted(world, shared.key)) == (None, 2)


async def test_counts_of_windows_that_have_ended_are_swept(world: World) -> None:
    past, present = AttemptLimit(uuid4().hex, 10), AttemptLimit(uuid4().hex, 10)
    await attempt(world, past, present)
    async with unbound(world.sessions) as session:
        row = (await session.execute(select(Throttle).where(Throttle.key == past.key))).scalar_one()
        row.window_start -= 2 * WINDOW

    async with unbound(world.sessions) as session:
        await accounts.sweep_attempts(session, WINDOW)

    assert (await counted(world, past.key), await counted(world, present.key)) == (None, 1)
