"""reorderStages: the complete order of a pipeline's stages, taken as a whole or not at all (S22)."""

from domain.reference import Ref
from policies import Permission, Role
from schema.ids import Kind
from tests.support import actions, db_state
from tests.support.client import Api
from tests.support.ids import gid, stages, unknown
from tests.support.operations import Mutation
from tests.support.selections import PIPELINE
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {
        "pipeline": {"id": has.pipeline},
        "order": [{"id": each} for each in reversed(has.stages)],
    },
    budget=7,
    selects=f"pipeline {{ {PIPELINE} }}",
    least_role=Role.SETTINGS_EDITOR,
    edits=lambda has: has.pipeline,
    app_permissions={Permission.PIPELINE_EDIT},
)


SUPPORT = {"pipeline": {"internalName": "support"}}
SHOWN = "pipeline { revision stages { internalName position } }"


async def test_the_whole_order_is_taken(api: Api, world: World) -> None:
    await actions.open_tickets(world, "a", "b")
    ids = await stages(world)
    order = [{"id": ids["closed"]}, {"internalName": "new"}, {"id": ids["waiting_on_us"]}]
    order.append({"internalName": "waiting_on_contact"})
    client = await api.client(world, Role.SETTINGS_EDITOR)

    async with db_state.recorded(world) as happened:
        done = await client.do("reorderStages", SHOWN, **SUPPORT, order=order)

    names = ["closed", "new", "waiting_on_us", "waiting_on_contact"]
    assert done["userErrors"] == []
    assert done["pipeline"]["revision"] == 2
    assert done["pipeline"]["stages"] == [
        {"internalName": name, "position": place} for place, name in enumerate(names, start=1)
    ]
    (event,) = happened
    assert (event.kind, event.after) == ("STAGES_REORDERED", {"order": names})
    await db_state.assert_sound(world)


async def test_incomplete_repeated_foreign_and_unknown_are_declined_and_nothing_moves(api: Api, world: World) -> None:
    another = await world.pipeline(Ref(id=await actions.create_pipeline(world, "Another")))
    one, two, three, four = before = [{"id": stage} for stage in (await stages(world)).values()]
    client = await api.client(world)
    wrong = [
        [],
        [four, three, two],
        [four, three, two, two],
        [four, three, two, one, one],
        [four, three, two, {"id": gid(another.stages[0])}],
        [four, three, two, {"id": unknown(Kind.STAGE)}],
        [four, three, two, one, {"internalName": "never_was"}],
    ]

    for order in wrong:
        declined = await client.refused("reorderStages", **SUPPORT, order=order)

        assert (declined["__typename"], declined["code"]) == ("PlainError", "STALE_ORDER")
        assert declined["field"] == ["input", "order"]
    assert [{"id": stage} for stage in (await stages(world)).values()] == before


async def test_the_same_order_changes_nothing(api: Api, world: World) -> None:
    client, order = await api.client(world), [{"id": stage} for stage in (await stages(world)).values()]

    async with db_state.recorded(world) as happened:
        done = await client.do("reorderStages", SHOWN, **SUPPORT, order=order)

    assert (done["userErrors"], done["pipeline"]["revision"], happened) == ([], 1, [])


async def test_a_pipeline_that_there_is_not_is_not_found(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("reorderStages", pipeline={"internalName": "none"}, order=[])

    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "pipeline"])
