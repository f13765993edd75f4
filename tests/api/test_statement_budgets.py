"""What each operation costs: an exact number of statements, whatever the number of cards and stages (performance 1)."""

import pytest

from domain import pipelines
from domain.reference import Ref
from schema.ids import read_id
from tests.support.bulk_data import add_stages, crowd
from tests.support.client import Api, Client, mutation
from tests.support.fixtures import Scenery, furnish
from tests.support.operations import arguments, mutations, queries
from tests.support.schema_walk import asked
from tests.support.statements import Statements, counting
from tests.support.world import World

# All statements of flipping a stage with tickets in it.
FLIPPING = 14

MUCH = pytest.mark.parametrize(("cards", "more_stages"), [(2, 0), (200, 20)])


@MUCH
@pytest.mark.parametrize("field", mutations())
async def test_a_mutation_keeps_to_its_budget(api: Api, world: World, field: str, cards: int, more_stages: int) -> None:
    has = await furnish_fully(world, cards, more_stages)
    client = await api.client(world)

    counted = await spent(api, client, field, has)

    # One to change things, and one to read them again, which a deletion does not need.
    units = 2 if mutations()[field].selects else 1
    assert (counted.tenant, counted.actor) == (units, units)
    assert len(counted.own) == mutations()[field].budget, "\n".join(counted.own)


@MUCH
async def test_queries_keep_to_their_budgets(api: Api, world: World, cards: int, more_stages: int) -> None:
    has = await furnish_fully(world, cards, more_stages)
    client = await api.client(world)

    for field in queries():
        counted = await spent(api, client, field, has)

        assert (counted.tenant, counted.actor) == (1, 1)
        assert len(counted.own) == queries()[field].budget, "\n".join((field, *counted.own))


@pytest.mark.parametrize("cards", [2, 200])
async def test_flipping_a_stage_costs_the_same_however_many_tickets_it_closes(
    api: Api, world: World, cards: int
) -> None:
    await furnish_fully(world, cards, 0)
    client = await api.client(world)
    support = {"pipeline": {"internalName": "support"}, "stage": {"internalName": "waiting_on_us"}}

    with counting(api.engine) as counted:
        done = await client.do("updateStage", **support, state="CLOSED")

    assert done["userErrors"] == []
    assert counted.total == FLIPPING


async def test_people_cost_one_statement_however_many_are_shown(api: Api, world: World) -> None:
    has = await furnish_fully(world, 20, 0)
    client = await api.client(world)
    without = "query ($id: ID!) { board(pipeline: {id: $id}) { stages { totalCount cards { nodes { id subject } } } } }"
    with_visits = (
        "query ($id: ID!) { board(pipeline: {id: $id}) { stages { cards { nodes { visits { enteredAt } } } } } }"
    )

    costs = []
    for document in (without, with_visits):
        with counting(api.engine) as counted:
            await client.run(document, id=has.pipeline)
        costs.append(len(counted.own))

    assert costs == [2, 3]


async def test_the_root_fields_of_a_query_share_one_unit_of_work(api: Api, world: World) -> None:
    client = await api.client(world)

    with counting(api.engine) as counted:
        await client.run("{ users { id } teams { id } pipelines { id } }")

    assert (counted.tenant, counted.actor, len(counted.own)) == (1, 1, 3)


async def furnish_fully(world: World, cards: int, more_stages: int) -> Scenery:
    """A furnished world with more cards in two stages, and more stages in both pipelines."""
    await add_stages(world, await world.pipeline(), more_stages)
    home = await world.pipeline()
    has = await furnish(world, home)
    for name in ("new", "waiting_on_us"):
        await crowd(world, pipelines.find_stage(home, Ref(internal_name=name)), cards)
    await add_stages(world, await world.pipeline(Ref(id=read_id(has.spare)[1])), more_stages)
    return has


async def spent(api: Api, client: Client, field: str, has: Scenery) -> Statements:
    """The statements of one operation that is not declined, asked as a client would."""
    if field in queries():
        text, variables = asked(field, f"{{ {queries()[field].selects} }}", arguments(field, has))
        with counting(api.engine) as counted:
            data = await client.run(text, **variables)
        assert data[field]
        return counted
    with counting(api.engine) as counted:
        data = await client.run(mutation(field, mutations()[field].selects), **arguments(field, has))
    assert data[field]["userErrors"] == []
    return counted
