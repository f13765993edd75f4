"""A ticket by itself comes with its pipeline and with whom it names, as each of these comes when it is read apart."""

import pytest

from domain import accounts, pipelines, tickets
from domain.access import AccessMode
from domain.errors import NotFound
from domain.reference import Ref
from policies import Role
from server.database.engine import Database
from tests.support import actions
from tests.support.statements import counting
from tests.support.world import World


@pytest.mark.parametrize("owned", [True, False])
@pytest.mark.parametrize("teamed", [True, False])
@pytest.mark.parametrize("who", [Role.VIEWER, Role.AGENT, Role.SUPER_ADMIN])
async def test_one_statement_tells_what_three_tell(
    world: World, database: Database, who: Role, owned: bool, teamed: bool
) -> None:
    owner = world.second_agent.id if owned else None
    team = world.teams["blue"].id if teamed else None
    made = await actions.open_ticket(world, content="No sound", owner=owner, team=team, stage="waiting_on_us")

    with counting(database.engine) as counted:
        async with world.looking(who) as work:
            found = await tickets.read_ticket(work, made, named=True)

    statements = [each for each in counted.own if "FROM ticket" in each]
    assert len(statements) == 1
    assert len(counted.own) == 2  # with that which reads who looks, by their id
    async with world.looking(who) as work:
        assert found.card == (await tickets.read_tickets(work, [made]))[made]
        assert found.pipeline == await pipelines.read_pipeline(work, Ref(id=found.card.pipeline_id))
        assert found.names == await accounts.find_names(work, [owner], [team])
        assert len(found.names) == owned + teamed


async def test_nobody_is_named_where_nobody_asks(world: World) -> None:
    made = await actions.open_ticket(world, owner=world.second_agent.id)

    async with world.looking(Role.VIEWER) as work:
        assert (await tickets.read_ticket(work, made)).names == {}


async def test_a_ticket_in_a_hidden_pipeline_is_not_found(world: World) -> None:
    made = await actions.open_ticket(world, owner=world.users[Role.AGENT].id)
    await actions.set_access(world, await world.pipeline(), AccessMode.RESTRICTED)

    async with world.looking(Role.AGENT) as work:
        with pytest.raises(NotFound):
            await tickets.read_ticket(work, made, named=True)
    async with world.looking(Role.SUPER_ADMIN) as work:
        assert (await tickets.read_ticket(work, made)).pipeline.level == "EDIT"
