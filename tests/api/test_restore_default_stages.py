"""restoreDefaultStages: those of the four default stages that were deleted come back, on FREE too (S4)."""

from domain.pipelines import StageState
from policies import Permission, Role, Tier
from tests.support import actions, db_state
from tests.support.client import Api
from tests.support.operations import Mutation
from tests.support.selections import PIPELINE
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"pipeline": {"id": has.spare}},
    budget=10,
    selects=f"pipeline {{ {PIPELINE} }}",
    least_role=Role.SETTINGS_EDITOR,
    edits=None,
    app_permissions={Permission.STAGE_ADD},
)


SUPPORT = {"pipeline": {"internalName": "support"}}
SHOWN = "pipeline { revision stages { internalName label state } }"


async def test_what_was_deleted_comes_back_at_the_end(api: Api, world: World) -> None:
    await actions.rename_stage(world, "new", "Fresh")
    for stage in ("waiting_on_us", "waiting_on_contact"):
        await actions.delete_stage(world, stage)
    await world.on(Tier.FREE)
    client = await api.client(world, Role.SETTINGS_EDITOR)

    async with db_state.recorded(world) as happened:
        done = await client.do("restoreDefaultStages", SHOWN, **SUPPORT)

    assert done["userErrors"] == []
    assert [(stage["internalName"], stage["label"], stage["state"]) for stage in done["pipeline"]["stages"]] == [
        ("new", "Fresh", "OPEN"),
        ("closed", "Closed", "CLOSED"),
        ("waiting_on_contact", "Waiting on contact", "OPEN"),
        ("waiting_on_us", "Waiting on us", "OPEN"),
    ]
    assert db_state.kinds(happened) == ["STAGE_CREATED", "STAGE_CREATED"]
    await db_state.assert_sound(world)


async def test_where_nothing_is_missing_nothing_happens(api: Api, world: World) -> None:
    await actions.add_stage(world, "Parked", StageState.OPEN)
    client = await api.client(world)
    before = (await client.run("{ pipelines { revision } }"))["pipelines"][0]["revision"]

    async with db_state.recorded(world) as happened:
        done = await client.do("restoreDefaultStages", SHOWN, **SUPPORT)

    assert done["userErrors"] == []
    assert (len(done["pipeline"]["stages"]), done["pipeline"]["revision"]) == (5, before)
    assert happened == []


async def test_a_pipeline_that_there_is_not_is_not_found(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("restoreDefaultStages", pipeline={"internalName": "never_was"})

    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "pipeline"])
