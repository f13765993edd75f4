"""Changing a password (B19)."""

import pytest
from sqlalchemy import select

from domain import accounts
from domain.accounts import Identity
from domain.errors import Conflict, Invalid
from domain.unit_of_work import writing
from policies import Role
from server.database.engine import Database
from tests.support import db_state
from tests.support.client import token_of
from tests.support.session_actions import are_valid, authentication_of, coming_by
from tests.support.world import World, make_world


async def identity(world: World, role: Role = Role.AGENT) -> Identity:
    [found] = await db_state.rows(world, select(Identity).where(Identity.id == world.users[role].identity_id))
    return found


async def test_a_new_password_ends_every_other_session_in_every_account(world: World, database: Database) -> None:
    domain = (world.users[Role.AGENT].email or "").split("@")[1]
    second = await make_world(database.sessions, email=domain)
    here, other = await token_of(world, Role.AGENT), await token_of(world, Role.AGENT)
    there, stranger = await token_of(second, Role.AGENT), await token_of(second, Role.VIEWER)
    before = await identity(world)

    async with (
        db_state.recorded(world) as happened,
        writing(world.sessions, *authentication_of(coming_by(world, here))) as work,
    ):
        await accounts.change_password(work, before, "a newer hash")

    assert await are_valid(world, here, other) == [True, False]
    assert await are_valid(second, there, stranger) == [False, True]
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
