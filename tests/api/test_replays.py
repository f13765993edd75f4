"""Idempotency keys: sent again, an operation answers the same and is done once (B29)."""

from typing import Any

import pytest

from domain import access, pipelines
from domain.access import AccessMode
from policies import Role
from schema.ids import Kind
from tests.support import db_state
from tests.support.client import Api, Json
from tests.support.fixtures import Scenery
from tests.support.ids import unknown
from tests.support.operations import input_of, mutations
from tests.support.schema_walk import Slot, all_slots, ask, told
from tests.support.world import World

SHOWN_ONCE = {"secret", "token", "expiresAt"}
EVERY_MUTATION = pytest.mark.parametrize("field", mutations())


def keyed(field: str, has: Scenery, key: str = "once") -> Json:
    """The arguments of a mutation with an idempotency key."""
    return {"input": {**input_of(field, has), "idempotencyKey": key}}


def refusals(answer: Json, field: str) -> list[tuple[str, Any]]:
    """Code and path of what was declined."""
    return [(error["code"], error["field"]) for error in answer["data"][field]["userErrors"]]


def without_secret(answer: Json, field: str) -> Json:
    """An answer but for a secret in it and until when it holds, which are shown once and never again."""
    return {name: each for name, each in answer["data"][field].items() if name not in SHOWN_ONCE}


@EVERY_MUTATION
async def test_the_same_key_answers_the_same_is_done_once_and_takes_no_other_input(
    api: Api, scenery: Scenery, field: str
) -> None:
    client = await api.client(scenery.world)
    slot = next(slot for slot in all_slots("ID", "String") if slot.field == field)

    first = await ask(client, field, keyed(field, scenery))
    done = await db_state.events(scenery.world)
    second = await ask(client, field, keyed(field, scenery))
    other = await ask(client, field, slot.put(keyed(field, scenery), unknown(Kind.TICKET)))

    assert refusals(first, field) == []
    assert without_secret(first, field) == without_secret(second, field)
    assert refusals(other, field) == [("IDEMPOTENCY_KEY_REUSED", ["input", "idempotencyKey"])]
    assert len(await db_state.events(scenery.world)) == len(done)
    await db_state.assert_sound(scenery.world)


async def test_a_refused_operation_is_judged_anew_under_the_same_key(api: Api, scenery: Scenery) -> None:
    client = await api.client(scenery.world, Role.VIEWER)
    first = {field: await ask(client, field, keyed(field, scenery)) for field in mutations()}

    await db_state.execute(scenery.world, "UPDATE account_user SET roles = '{SUPER_ADMIN}' WHERE name = 'Viewer'")
    second = {field: await ask(client, field, keyed(field, scenery)) for field in mutations()}

    assert {code for field in mutations() for code, _ in refusals(first[field], field)} == {"NOT_PERMITTED"}
    assert "NOT_PERMITTED" not in {code for field in mutations() for code, _ in refusals(second[field], field)}


@EVERY_MUTATION
async def test_a_replay_shows_nothing_that_is_hidden_by_now(api: Api, scenery: Scenery, field: str) -> None:
    role = mutations()[field].least_role
    client = await api.client(scenery.world, role)
    first = await ask(client, field, keyed(field, scenery))
    assert refusals(first, field) == []

    await _lose(scenery.world, role)
    second = await ask(client, field, keyed(field, scenery))

    assert second["data"][field]["userErrors"] == []
    shown = {name: each for name, each in second["data"][field].items() if name not in {"userErrors", "__typename"}}
    if team := shown.pop("team", None):
        assert team["members"] is None  # that there is such a team is everybody's to know
    assert all(not each or name.startswith("deleted") for name, each in shown.items()), shown


@pytest.mark.parametrize("key", ["", "x" * 256, "x" * 100_000])
async def test_a_key_has_1_to_255_characters(api: Api, scenery: Scenery, key: str) -> None:
    client = await api.client(scenery.world)

    answers = [await ask(client, "addStage", keyed("addStage", scenery, key)) for _ in range(2)]

    for answer in answers:
        assert refusals(answer, "addStage") == [("INVALID", ["input", "idempotencyKey"])]
    assert len((await scenery.world.pipeline()).stages) == 4


async def test_keys_of_other_people_and_of_other_operations_are_other_keys(api: Api, scenery: Scenery) -> None:
    ada, sam = await api.client(scenery.world), await api.client(scenery.world, Role.SETTINGS_EDITOR)
    await ask(ada, "addStage", keyed("addStage", scenery))

    by_another = await ask(sam, "addStage", keyed("addStage", scenery))
    of_another = await ask(ada, "renamePipeline", keyed("renamePipeline", scenery))

    assert refusals(by_another, "addStage") == []
    assert refusals(of_another, "renamePipeline") == []
    assert len((await scenery.world.pipeline()).stages) == 6


async def test_a_conflict_is_not_kept_so_that_the_same_key_may_be_tried_again(api: Api, scenery: Scenery) -> None:
    client = await api.client(scenery.world)
    given = Slot("renamePipeline", ("input", "expectedRevision"), "Int").put(keyed("renamePipeline", scenery), 2)
    first = await ask(client, "renamePipeline", given)

    await client.do("setPipelineCard", pipeline={"id": scenery.pipeline}, properties=[])
    second = await ask(client, "renamePipeline", given)

    assert refusals(first, "renamePipeline") == [("CONFLICT", ["input", "expectedRevision"])]
    assert refusals(second, "renamePipeline") == []
    assert "Renamed" in told(second)


async def _lose(world: World, role: Role) -> None:
    """Take everything out of sight of somebody with this role."""
    if role is Role.SUPER_ADMIN:
        await db_state.execute(world, "UPDATE account_user SET roles = '{VIEWER}' WHERE 'SUPER_ADMIN' = ANY (roles)")
    async with world.looking(Role.OPERATOR) as work:
        every = await pipelines.list_pipelines(work)
    for pipeline in every:
        async with world.acting(Role.OPERATOR) as work:
            await access.set_pipeline_access(work, pipeline.id, AccessMode.RESTRICTED, [])
