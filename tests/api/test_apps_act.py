"""API apps at work: each does what its permissions allow and nothing else, in the pipelines that it reaches (B32)."""

from itertools import chain

import pytest

from domain.access import AccessMode
from domain.actor import AppReach
from domain.reference import Ref
from policies import Permission, Role
from schema.ids import read_id
from tests.support import actions, db_state
from tests.support.app_actions import GIVABLE, make_robot
from tests.support.client import Api, Client, Json
from tests.support.fixtures import Scenery, furnish
from tests.support.operations import input_of, mutations
from tests.support.world import World, make_world

VIEWS = {Permission.PIPELINE_VIEW, Permission.TICKET_VIEW}

# What each operation takes beside seeing what it is about; no app does any other operation.
TAKES = {field: set(each.app_permissions) for field, each in mutations().items() if each.app_permissions}
ME = "{ viewer { app { id } } }"


async def client_with(api: Api, has: Scenery, permissions: set[Permission]) -> Client:
    """An app with these permissions."""
    return api.bearing((await make_robot(has.world, *sorted(permissions))).token)


@pytest.mark.parametrize("field", TAKES)
async def test_an_app_does_what_its_permissions_allow_and_it_is_recorded_as_its_own(
    api: Api, scenery: Scenery, field: str
) -> None:
    robot = await make_robot(scenery.world, *TAKES[field], *VIEWS)

    async with db_state.recorded(scenery.world) as happened:
        done = await api.bearing(robot.token).do(field, **input_of(field, scenery))

    assert done["userErrors"] == []
    assert {(event.actor_kind, event.actor_id) for event in happened} == {("APP", robot.id)}
    assert set(db_state.kinds(happened)) > {"APP_USED"}
    await db_state.assert_sound(scenery.world)


@pytest.mark.parametrize(
    ("field", "lacking"), [(field, each) for field, takes in TAKES.items() for each in sorted(takes)]
)
async def test_without_one_of_the_permissions_it_is_declined_whatever_else_the_app_may(
    api: Api, scenery: Scenery, field: str, lacking: Permission
) -> None:
    client = await client_with(api, scenery, set(GIVABLE) - {lacking})

    refused = await client.refused(field, **input_of(field, scenery))

    assert (refused["code"], refused["permission"]) == ("NOT_PERMITTED", lacking.value)


ABOUT = [
    (field, view)
    for field in sorted(set(TAKES) - {"createPipeline"})
    for view in (sorted(VIEWS) if field.endswith("Ticket") and field != "createTicket" else {Permission.PIPELINE_VIEW})
]


@pytest.mark.parametrize(("field", "lacking"), ABOUT)
async def test_an_app_changes_nothing_that_it_may_not_see(
    api: Api, still_life: Scenery, field: str, lacking: Permission
) -> None:
    client = await client_with(api, still_life, set(GIVABLE) - {lacking})

    refused = await client.refused(field, **input_of(field, still_life))

    assert refused["code"] == ("NOT_FOUND" if field != "reorderPipelines" else "STALE_ORDER")


@pytest.mark.parametrize("field", sorted(set(mutations()) - set(TAKES)))
async def test_no_app_manages_access_people_roles_apps_or_sessions(api: Api, still_life: Scenery, field: str) -> None:
    client = await client_with(api, still_life, set(GIVABLE))

    refused = await client.refused(field, **input_of(field, still_life))

    if mutations()[field].least_role is Role.SUPER_ADMIN:
        assert refused["code"] == "NOT_PERMITTED"


def test_every_permission_that_an_app_can_have_is_tried() -> None:
    # Properties are defined by no operation of the API yet; tests/domain/apps/test_authentication.py tries that.
    assert {*chain.from_iterable(TAKES.values()), *VIEWS, Permission.PROPERTY_EDIT} == set(GIVABLE)


@pytest.mark.parametrize(
    ("lacking", "left"),
    [
        (Permission.PIPELINE_VIEW, {"pipelines": [], "board": None, "stageCards": None, "ticket": None, "node": None}),
        (Permission.TICKET_VIEW, {"ticket": None}),
    ],
)
async def test_without_a_view_there_is_nothing_to_see(
    api: Api, still_life: Scenery, lacking: Permission, left: Json
) -> None:
    client = await client_with(api, still_life, set(GIVABLE) - {lacking})

    seen = await client.run(
        """query ($pipeline: ID!, $stage: ID!, $ticket: ID!, $key: String!) {
          pipelines { id } board(pipeline: {id: $pipeline}) { stages { totalCount cards { nodes { id } } } }
          stageCards(stageId: $stage) { nodes { id } } ticket(key: $key, pipeline: {id: $pipeline}) { id }
          node(id: $ticket) { id } }""",
        pipeline=still_life.pipeline,
        stage=still_life.stage,
        ticket=still_life.ticket,
        key=still_life.key,
    )

    assert seen.items() >= left.items()
    assert still_life.ticket not in str(seen)


@pytest.fixture(scope="module")
async def modes(api: Api) -> dict[str, Scenery]:
    """Furnished pipelines of one account by who may come near, all made by its super admin."""
    world = await make_world(api.database.sessions)
    found = {"support": await furnish(world)}
    for mode in (AccessMode.PRIVATE, AccessMode.RESTRICTED, AccessMode.EVERYONE):
        label = mode.value.title()
        made = await actions.create_pipeline(world, label, who=Role.SUPER_ADMIN)
        pipeline = await world.pipeline(Ref(id=made))
        found[label] = await furnish(world, pipeline, label)
        await actions.set_access(world, pipeline, mode)
    return found


REACHES = [
    (AppReach.ALL, [], {"support", "Private", "Restricted", "Everyone"}),
    (AppReach.EVERYONE, [], {"support", "Everyone"}),
    (AppReach.LISTED, ["Private", "Restricted"], {"Private", "Restricted"}),
    (AppReach.LISTED, [], set()),
]


@pytest.mark.parametrize(("reach", "listed", "seen"), REACHES, ids=["ALL", "EVERYONE", "LISTED", "LISTED none"])
async def test_an_app_sees_exactly_what_it_reaches_on_every_way_there(
    api: Api, modes: dict[str, Scenery], reach: AppReach, listed: list[str], seen: set[str]
) -> None:
    ids = [read_id(modes[each].pipeline)[1] for each in listed] if reach is AppReach.LISTED else None
    robot = await make_robot(modes["support"].world, reach=reach, listed=ids)
    client = api.bearing(robot.token)

    every = {each["id"] for each in (await client.run("{ pipelines { id } }"))["pipelines"]}
    own = (await client.run("{ viewer { app { pipelines { id } } } }"))["viewer"]["app"]["pipelines"]

    named = {has.pipeline for has in modes.values()}
    assert every & named == {modes[each].pipeline for each in seen}
    assert {each["id"] for each in own} == {modes[each].pipeline for each in listed}
    for name, has in modes.items():
        assert await reached(client, has) == ([name in seen] * 8), name


async def reached(client: Client, has: Scenery) -> list[bool]:
    """Whether a client comes to a pipeline, on each of the ways that there are."""
    found = await client.run(
        """query ($pipeline: ID!, $stage: ID!, $ticket: ID!, $key: String!, $ids: [ID!]!) {
          a: pipeline(id: $pipeline) { id } b: node(id: $pipeline) { id } c: node(id: $stage) { id }
          d: node(id: $ticket) { id } e: board(pipeline: {id: $pipeline}) { stages { totalCount } }
          f: stageCards(stageId: $stage) { nodes { id } } g: ticket(key: $key, pipeline: {id: $pipeline}) { id }
          nodes(ids: $ids) { id } }""",
        pipeline=has.pipeline,
        stage=has.stage,
        ticket=has.ticket,
        key=has.key,
        ids=[has.pipeline, has.stage, has.ticket],
    )
    nodes = {each is not None for each in found.pop("nodes")}
    assert len(nodes) == 1
    return [each is not None for each in found.values()] + [*nodes]


async def test_what_an_app_creates_it_reaches_and_what_it_does_shows_no_user(api: Api, world: World) -> None:
    robot = await make_robot(world, reach=AppReach.LISTED, listed=[])
    client = api.bearing(robot.token)

    made = (await client.do("createPipeline", "pipeline { id stages { id } }", label="Its own"))["pipeline"]
    ticket = await client.do(
        "createTicket",
        "ticket { id visits { enteredBy { id } enteredByApp } }",
        subject="Robotic",
        pipeline={"id": made["id"]},
    )

    assert ticket["userErrors"] == []
    assert ticket["ticket"]["visits"] == [{"enteredBy": None, "enteredByApp": "Robot"}]
    assert await client.run("{ pipelines { id } }") == {"pipelines": [{"id": made["id"]}]}


async def test_signing_out_ends_no_secret_of_an_app(api: Api, world: World) -> None:
    robot = await make_robot(world)
    client = api.bearing(robot.token)

    for _ in range(2):
        assert await client.run("mutation { signOut { userErrors { code } } }") == {"signOut": {"userErrors": []}}


async def test_the_keys_of_an_app_are_its_own(api: Api, world: World) -> None:
    robots = [await make_robot(world), await make_robot(world, name="Another")]
    clients = [*(api.bearing(robot.token) for robot in robots), await api.client(world)]
    given: Json = {"pipeline": {"internalName": "support"}, "label": "More", "state": "OPEN", "idempotencyKey": "once"}

    done = [await client.do("addStage", "stage { id }", **given) for client in (*clients, *clients)]

    ids = [each["stage"]["id"] for each in done]
    assert ids[:3] == ids[3:]
    assert len(set(ids)) == 3


async def test_a_swapped_account_or_prefix_opens_nothing(api: Api, world: World) -> None:
    robot, other = await make_robot(world), await make_world(api.database.sessions)

    for token in (
        robot.token.replace(world.account_id.hex, other.account_id.hex),
        robot.token.replace("sgapp_", "sg_"),
        robot.token.replace("sgapp_", "sginvite_"),
        robot.token[:-1],
    ):
        assert await api.bearing(token).code(ME) == "UNAUTHENTICATED"
