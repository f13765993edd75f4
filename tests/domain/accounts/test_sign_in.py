"""Signing in and out: tokens that are kept as hashes only, end by time, revocation or leaving, and counted attempts
(B19, settled choice 1).
"""

import hashlib
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from domain import accounts
from domain.accounts.user import Token
from domain.actor import Actor, ActorKind
from domain.database.model import new_id
from domain.errors import Unauthenticated
from domain.unit_of_work import reading, unbound
from policies import Role
from server.database.engine import Database
from tests.support import db_state
from tests.support.world import World, make_world

DAY = timedelta(days=1)


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
