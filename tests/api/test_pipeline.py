"""pipeline: one of them, by its id or by its internal name (S23), with the access to it for who manages that."""

from datetime import UTC, datetime, timedelta

import pytest

from domain import properties
from domain.access import AccessMode, Grantee
from domain.reference import Ref
from policies import Level, Role
from tests.support import actions
from tests.support.client import Api
from tests.support.ids import gid, stages
from tests.support.operations import Query
from tests.support.selections import PIPELINE
from tests.support.world import World

OPERATION = Query(
    example=lambda has: {"id": has.pipeline},
    budget=1,
    selects=PIPELINE,
    alternatives=(frozenset({"id"}), frozenset({"internalName"})),
)


BY_NAME = "query ($name: String) { pipeline(internalName: $name) { id } }"
ACCESS = """{ pipeline(internalName: "support") { access { mode revision createdBy { name }
  grants { level until user { name } team { name } grantedBy { name } grantedAt } } } }"""


async def test_it_is_found_by_its_id_and_by_its_internal_name(api: Api, world: World) -> None:
    made = await world.pipeline(Ref(id=await actions.create_pipeline(world, "Returns")))
    client = await api.client(world, Role.VIEWER)

    by_id = await client.run("query ($id: ID) { pipeline(id: $id) { internalName } }", id=gid(made))
    by_name = await client.run(BY_NAME, name=made.internal_name)

    assert by_id["pipeline"] == {"internalName": made.internal_name}
    assert by_name["pipeline"] == {"id": gid(made)}


@pytest.mark.parametrize("name", ["", "SUPPORT", "support ", "Support Pipeline", "unheard_of", "x" * 10_000])
async def test_an_internal_name_is_exact(api: Api, world: World, name: str) -> None:
    assert await (await api.client(world)).run(BY_NAME, name=name) == {"pipeline": None}


@pytest.mark.parametrize("given", ["", "(id: null)", '(id: "a", internalName: "b")', "(id: null, internalName: null)"])
async def test_exactly_one_of_both_names_is_given(api: Api, world: World, given: str) -> None:
    client = await api.client(world)

    assert await client.code(f"{{ pipeline{given} {{ id }} }}") == "BAD_USER_INPUT"


async def test_null_beside_the_other_name_is_as_good_as_nothing(api: Api, world: World) -> None:
    client = await api.client(world)

    data = await client.run('{ pipeline(id: null, internalName: "support") { label } }')

    assert data["pipeline"] == {"label": "Support Pipeline"}


async def test_access_is_shown_to_super_admins_alone(api: Api, world: World) -> None:
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    to_agent = Grantee(Level.VIEW, user_id=world.users[Role.AGENT].id, until=until)
    to_blue = Grantee(Level.EDIT, team_id=world.teams["blue"].id)
    await actions.set_access(world, await world.pipeline(), AccessMode.RESTRICTED, to_agent, to_blue)

    access = (await (await api.client(world)).run(ACCESS))["pipeline"]["access"]
    to_others = (await (await api.client(world, Role.AGENT)).run(ACCESS))["pipeline"]

    assert all(datetime.fromisoformat(grant.pop("grantedAt")) for grant in access["grants"])
    by = {"grantedBy": {"name": "Super_Admin"}}
    assert access == {
        "mode": "RESTRICTED",
        "revision": 2,
        "createdBy": None,
        "grants": [
            {"level": "VIEW", "until": until.isoformat(), "user": {"name": "Agent"}, "team": None, **by},
            {"level": "EDIT", "until": None, "user": None, "team": {"name": "Blue"}, **by},
        ],
    }
    assert to_others == {"access": None}


async def test_a_card_shows_what_properties_are_called(api: Api, world: World) -> None:
    async with world.acting(Role.SUPER_ADMIN) as work:
        await properties.define_properties(work, ["Serial number"])
    await actions.set_card(world, ["serial_number", "owner"])

    data = await (await api.client(world)).run('{ pipeline(internalName: "support") { card { name label } } }')

    assert data["pipeline"]["card"] == [
        {"name": "serial_number", "label": "Serial number"},
        {"name": "owner", "label": "Owner"},
    ]


async def test_stages_are_in_their_order(api: Api, world: World) -> None:
    await actions.reorder_stages(world, "closed", "waiting_on_us", "new", "waiting_on_contact")

    data = await (await api.client(world)).run('{ pipeline(internalName: "support") { stages { id position } } }')

    found = data["pipeline"]["stages"]
    assert [stage["position"] for stage in found] == [1, 2, 3, 4]
    assert [stage["id"] for stage in found] == list((await stages(world)).values())
