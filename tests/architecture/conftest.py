"""Two furnished accounts: rows in every table of tenants, for walls to hide."""

from datetime import timedelta

import pytest
from sqlalchemy import func

from domain import accounts, properties
from domain.access import AccessMode, Grantee
from domain.actor import AppReach
from domain.database.model import new_id
from domain.idempotency import IdempotentRequest, begin_request
from domain.people import Invitation
from policies import Level, Role
from server.database.engine import Database
from tests.support import actions, db_state
from tests.support.actors import add_app, give_role
from tests.support.audit_chain import seal
from tests.support.world import World, make_world


@pytest.fixture(scope="session")
async def two_accounts(database: Database) -> tuple[World, World]:
    """Two accounts with rows in every table."""
    return await furnished(database), await furnished(database)


async def furnished(database: Database) -> World:
    """An account in which everything has happened once."""
    world = await make_world(database.sessions)
    gone, stays = await actions.open_tickets(world, "gone", "stays")
    await actions.delete_ticket(world, gone)
    await actions.close(world, stays)
    grant = Grantee(Level.VIEW, user_id=world.users[Role.VIEWER].id)
    await actions.set_access(world, await world.pipeline(), AccessMode.RESTRICTED, grant)
    async with world.acting(Role.SUPER_ADMIN) as work:
        await accounts.issue_token(work, world.users[Role.SUPER_ADMIN].id, timedelta(days=1))
        await properties.define_properties(work, ["Order number"])
        await begin_request(work, IdempotentRequest("createTicket", "input", "key"))
    async with world.acting(Role.OPERATOR) as work:
        await give_role(work, world.users[Role.VIEWER].id)
        await add_app(work, world, AppReach.LISTED, [(await world.pipeline()).id])
        invited = {"account_id": world.account_id, "id": new_id(), "user_id": world.second_agent.id}
        work.session.add(Invitation(**invited, secret_hash=bytes(32), expires_at=func.now()))
    await db_state.execute(
        world,
        "INSERT INTO imported_ticket (account_id, ticket_id, source, number, row_digests)"
        " SELECT account_id, id, 'elsewhere', '1', '' FROM ticket WHERE subject = 'stays'",
    )
    await seal(world)
    return world
