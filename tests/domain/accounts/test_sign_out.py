"""Signing out."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain import accounts
from domain.accounts.user import Token
from domain.actor import Actor
from domain.errors import Unauthenticated
from domain.unit_of_work import reading, writing
from policies import Role
from tests.support import db_state
from tests.support.world import World

DAY = timedelta(days=1)


async def sign_in(world: World, who: Role = Role.AGENT, lifetime: timedelta = DAY) -> str:
    async with world.acting(who) as work:
        token, _ = await accounts.issue_token(work, world.users[who].id, lifetime)
    return token


async def admitted(world: World, token: str) -> Actor:
    _, account_id, secret_hash = accounts.read_token(token)
    async with reading(world.sessions, account_id, accounts.session(account_id, secret_hash)) as work:
        return work.actor


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
