"""`expectedRevision`: an edit that rests on an older revision than the one that stands is declined (B29)."""

import pytest

from policies import Role
from schema.ids import Kind, read_id
from tests.support import db_state
from tests.support.client import Api, Client, Json
from tests.support.fixtures import Scenery
from tests.support.operations import input_of, mutations
from tests.support.schema_walk import all_slots

FIELDS = [slot.field for slot in all_slots("Int") if slot.path[-1] == "expectedRevision"]
EVERY_EDIT = pytest.mark.parametrize("field", FIELDS)
OF_MEMBER = "query ($id: ID!) { subject: member(userId: $id) { revision } }"


async def revision_before(client: Client, has: Scenery, field: str) -> int:
    """The revision of what an operation changes, as it declares it."""
    declared = mutations()[field]
    assert declared.edits is not None, f"{field} takes expectedRevision: declare what it edits"
    edited = declared.edits(has)
    kind, _ = read_id(edited)
    of_node = f"query ($id: ID!) {{ subject: node(id: $id) {{ ... on {kind} {{ {declared.revision} }} }} }}"
    found: Json | int = (await client.run(OF_MEMBER if kind is Kind.USER else of_node, id=edited))["subject"]
    while isinstance(found, dict):
        [found] = found.values()
    return int(found)


@EVERY_EDIT
async def test_an_edit_rests_on_the_revision_that_stands(api: Api, scenery: Scenery, field: str) -> None:
    client = await api.client(scenery.world)
    given = input_of(field, scenery)
    stands = await revision_before(client, scenery, field)

    done = await db_state.events(scenery.world)
    declined = await client.refused(field, **given, expectedRevision=stands + 1)
    untouched = await db_state.events(scenery.world)
    payload = await client.do(field, **given, expectedRevision=stands)

    assert declined["__typename"] == "ConflictError"
    assert declined["code"] == "CONFLICT"
    assert declined["field"] == ["input", "expectedRevision"]
    assert declined["revision"] == stands
    assert len(untouched) == len(done)
    assert payload["userErrors"] == []


@EVERY_EDIT
async def test_who_may_not_edit_hears_that_before_anything_of_revisions(
    api: Api, still_life: Scenery, field: str
) -> None:
    client = await api.client(still_life.world, Role.VIEWER)

    declined = await client.refused(field, **input_of(field, still_life), expectedRevision=4711)

    assert declined["code"] == "NOT_PERMITTED"


def test_every_operation_that_edits_something_takes_a_revision_and_no_other() -> None:
    # Of closed tickets, secrets and sessions nothing is compared: these can be ended twice.
    assert {field for field, each in mutations().items() if each.edits} == set(FIELDS)
