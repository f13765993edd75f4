"""Ids in every place of every operation: what never was an id is the developer's mistake, what is nobody's is not found
(settled choice 17).
"""

import pytest

from schema.ids import Kind
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.ids import gid, unknown
from tests.support.operations import apart, arguments
from tests.support.schema_walk import Slot, all_slots, ask, told

TEXT_INDEX = [slot for slot in all_slots("ID") if slot.field not in apart()]
EVERY_PLACE = pytest.mark.parametrize("slot", TEXT_INDEX, ids=lambda slot: slot.name)
GARBAGE = [
    "",
    "17",
    "¤¤¤",
    "VGlja2V0Og",
    "Q2F0OjAxOTlhYjM0NTY3ODcwMDA4MDAwMDAwMDAwMDAwMDAx",
    "VGlja2V0OjE3",
    "A" * 5000,
]


@EVERY_PLACE
async def test_what_never_was_an_id_is_bad_user_input(api: Api, still_life: Scenery, slot: Slot) -> None:
    client = await api.client(still_life.world)

    for garbage in GARBAGE:
        answer = await ask(client, slot.field, slot.put(arguments(slot.field, still_life), garbage))

        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"], garbage
        assert "is not an id of this API" in answer["errors"][0]["message"]


@EVERY_PLACE
async def test_the_id_of_another_kind_of_thing_is_an_id_that_nothing_has(
    api: Api, still_life: Scenery, slot: Slot
) -> None:
    client = await api.client(still_life.world)
    given = arguments(slot.field, still_life)
    there_is = {
        Kind.ACCOUNT: (await client.run("{ account { id } }"))["account"]["id"],
        Kind.PIPELINE: still_life.spare,
        Kind.STAGE: still_life.empty,
        Kind.TICKET: unknown(Kind.TICKET),
        Kind.USER: gid(still_life.world.second_agent),
        Kind.TEAM: gid(still_life.world.teams["red"]),
    }
    right = kind_of(slot)

    nothing = unknown(right or Kind.TICKET)
    expected = await ask(client, slot.field, slot.put(given, nothing))

    assert "INTERNAL" not in told(expected)
    for kind, real in there_is.items():
        if right and kind is not right:
            answer = await ask(client, slot.field, slot.put(given, real))
            assert told(answer, real, nothing) == told(expected, real, nothing)


# Ids whose names do not say of what they are.
_NAMED = {
    "ownerId": Kind.USER,
    "actorId": Kind.USER,
    "objectId": Kind.PIPELINE,
    "secretId": Kind.APP_SECRET,
    "roleId": Kind.ROLE,
    "customRoleId": Kind.ROLE,
    "members": Kind.USER,
}


def kind_of(slot: Slot) -> Kind | None:
    """The kind of thing that a place takes the id of; None where it takes any."""
    last = slot.last_name
    if slot.field in {"node", "nodes"}:
        return None
    last = last.removesuffix("s") if last.endswith("Ids") else last
    if last.endswith("Id") or last in _NAMED:
        return _NAMED.get(last) or Kind(last.removesuffix("Id").title())
    if last == "id" and len(slot.path) == 1:
        return Kind(slot.field.title())
    if last in {"before", "after"}:
        return Kind.STAGE if slot.field == "addStage" else Kind.TICKET
    of_stages = "stage" in slot.path or "moveTicketsTo" in slot.path or slot.field == "reorderStages"
    return Kind.STAGE if of_stages and "pipeline" not in slot.path else Kind.PIPELINE
