"""Linking people to the identity provider: by its subject, or the first time by the address that it has verified, so
that nobody comes in on a password that somebody else set before (decision 23).
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain import accounts
from domain.accounts import Identity, IdentityLink, SignInFailed, VerifiedIdentity
from domain.errors import NotPermitted, Unauthenticated
from domain.unit_of_work import reading, unbound
from policies import Role
from tests.support import concurrency, db_state
from tests.support.world import World

ISSUER = "https://id.test"
DAY = timedelta(days=1)


def vouched(
    world: World, subject: str = "agent-1", who: Role = Role.AGENT, *, issuer: str = ISSUER
) -> VerifiedIdentity:
    """What the provider says of somebody in the world; its subjects are of this world alone."""
    return VerifiedIdentity(issuer, f"{world.slug}-{subject}", world.users[who].email or "")


async def find(world: World, said: VerifiedIdentity) -> Identity | None:
    async with unbound(world.sessions) as session:
        return await accounts.find_vouched(session, said)


async def link(world: World, said: VerifiedIdentity, who: Role = Role.AGENT) -> None:
    """Link somebody as signing in does."""
    user = world.users[who]
    identity = await identity_of(world, who)
    async with world.acting(who) as work:
        await accounts.link_identity(work, user.id, identity, said)


async def identity_of(world: World, who: Role = Role.AGENT) -> Identity:
    [found] = await db_state.rows(world, select(Identity).where(Identity.email == world.users[who].email))
    return found


async def test_somebody_unknown_to_the_provider_is_found_by_the_address(world: World) -> None:
    found = await find(world, vouched(world))

    assert found is not None
    assert found.id == world.users[Role.AGENT].identity_id


async def test_nobody_is_found_by_an_address_that_nobody_has(world: World) -> None:
    assert await find(world, VerifiedIdentity(ISSUER, f"{world.slug}-1", f"nobody@{world.slug}.test")) is None


async def test_who_was_linked_is_found_by_the_subject_whatever_became_of_the_address(world: World) -> None:
    await link(world, vouched(world))

    moved = await find(world, vouched(world)._replace(email="elsewhere@new.test"))
    of_another_issuer = await find(
        world, VerifiedIdentity("https://other.test", vouched(world).subject, "elsewhere@new.test")
    )

    assert moved is not None
    assert moved.id == world.users[Role.AGENT].identity_id
    assert of_another_issuer is None


async def test_an_address_that_was_given_to_somebody_new_leads_to_nobody(world: World) -> None:
    await link(world, vouched(world))

    assert await find(world, vouched(world, "agent-2")) is None
    with pytest.raises(SignInFailed):
        await link(world, vouched(world, "agent-2"))


async def test_a_subject_leads_to_one_person_alone(world: World) -> None:
    await link(world, vouched(world))

    with pytest.raises(SignInFailed):
        await link(world, vouched(world), Role.VIEWER)


async def test_the_first_link_takes_the_password_and_ends_all_sessions(world: World) -> None:
    agent = world.users[Role.AGENT]
    await db_state.execute(world, "UPDATE identity SET password_hash = 'x' WHERE email = :email", email=agent.email)
    async with world.acting(Role.AGENT) as work:
        token, _ = await accounts.issue_token(work, agent.id, DAY)

    async with db_state.recorded(world) as happened, world.acting(Role.AGENT) as work:
        await accounts.link_identity(work, agent.id, await identity_of(world), vouched(world))
        fresh, _ = await accounts.issue_token(work, agent.id, DAY, by="OIDC")

    identity = await identity_of(world)
    assert identity.password_hash is None
    assert identity.verified_at is not None
    with pytest.raises(Unauthenticated):
        await admit(world, token)
    await admit(world, fresh)
    linked, signed_in = happened
    assert (linked.kind, linked.after) == ("IDENTITY_LINKED", {"issuer": ISSUER, "earlierSessionsEnded": True})
    assert (signed_in.kind, signed_in.after and signed_in.after["by"]) == ("SIGNED_IN", "OIDC")


async def test_who_was_verified_before_keeps_password_and_sessions(world: World) -> None:
    agent = world.users[Role.AGENT]
    await link(world, vouched(world))
    await db_state.execute(world, "UPDATE identity SET password_hash = 'x' WHERE email = :email", email=agent.email)
    async with world.acting(Role.AGENT) as work:
        token, _ = await accounts.issue_token(work, agent.id, DAY)

    async with db_state.recorded(world) as happened:
        await link(world, vouched(world))
        await link(world, vouched(world, issuer="https://other.test"))

    assert (await identity_of(world)).password_hash == "x"
    await admit(world, token)
    assert [(event.kind, event.after) for event in happened] == [
        ("IDENTITY_LINKED", {"issuer": "https://other.test", "earlierSessionsEnded": False})
    ]


async def test_two_sign_ins_at_once_link_once(world: World) -> None:
    async with db_state.recorded(world) as happened:
        done = await concurrency.together(*[link(world, vouched(world)) for _ in range(4)])

    assert done == [None] * 4
    assert db_state.kinds(happened) == ["IDENTITY_LINKED"]
    assert (await identity_of(world)).epoch == 2


async def test_an_operator_lets_somebody_be_linked_anew_and_the_password_stays(world: World) -> None:
    agent = world.users[Role.AGENT]
    await link(world, vouched(world))
    await db_state.execute(world, "UPDATE identity SET password_hash = 'x' WHERE email = :email", email=agent.email)

    async with db_state.recorded(world) as happened, world.acting(Role.OPERATOR) as work:
        first = await accounts.unlink_identity(work, agent.id)
        again = await accounts.unlink_identity(work, agent.id)
    await link(world, vouched(world, "agent-2"))

    assert (first, again) == (True, False)
    assert [(event.kind, event.before) for event in happened] == [("IDENTITY_UNLINKED", {"issuers": [ISSUER]})]
    assert (await find(world, vouched(world, "agent-2"))) is not None
    assert (await identity_of(world)).password_hash == "x"


async def test_unlinking_is_for_who_manages_people(world: World) -> None:
    async with world.looking(Role.AGENT) as work:
        with pytest.raises(NotPermitted):
            await accounts.unlink_identity(work, world.users[Role.AGENT].id)


async def test_nothing_of_a_link_is_left_open_to_change(world: World) -> None:
    await link(world, vouched(world))

    [row] = await db_state.rows(world, select(IdentityLink).where(IdentityLink.subject == vouched(world).subject))
    assert (row.issuer, row.identity_id) == (ISSUER, world.users[Role.AGENT].identity_id)
    with pytest.raises(Exception, match="permission denied"):
        await db_state.execute(world, "UPDATE identity_link SET subject = subject")


async def admit(world: World, token: str) -> None:
    """Come in by a token."""
    _, account_id, secret_hash = accounts.read_token(token)
    async with reading(world.sessions, account_id, accounts.session(account_id, secret_hash)):
        pass
