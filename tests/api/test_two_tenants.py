"""Two accounts that can never meet: whatever of the other one is put into whichever place of whichever operation,
nothing of it comes back and nothing in it changes (law 8).

The cases are walked from the schema: a new operation, or a new text in an input, fails here until it is placed.
"""

from dataclasses import dataclass

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.database.model import Base
from domain.reference import Ref
from server.database.engine import Database
from tests.support import actions
from tests.support.client import Api, Json, token_of
from tests.support.contract import root_fields
from tests.support.dump import Rows, dump
from tests.support.fixtures import Lead, Scenery, furnish
from tests.support.operations import apart, arguments, input_of, mutations, queries
from tests.support.probes import Trier
from tests.support.schema_walk import Slot, all_slots, ask, slots, told
from tests.support.world import make_world

# Texts that are no ids, by the last name in their path: those that lead to something, and those that only say it.
LEADING = {"internalName", "key", "after", "account", "name", "properties"}
SAYING = {
    "label",
    "subject",
    "content",
    "value",
    "email",
    "password",
    "currentPassword",
    "newPassword",
    "token",
    "permission",
    "permissions",
    "redirectUri",
    "handle",
    "code",
    "state",
}
KEY = "idempotencyKey"
OWN_NAME = ("input", "name")  # what something is to be called, where `name` elsewhere names a property

EVERY_OPERATION = pytest.mark.parametrize("field", [*queries(), *mutations()])


@dataclass
class Other:
    """The other account: its things, and all its rows."""

    has: Scenery
    rows: Rows

    def leads(self, slot: Slot) -> list[Lead]:
        """What of it could be put into a place."""
        if slot.scalar == "ID":
            return self.has.ids
        return self.has.names if slot.last_name in LEADING and slot.path != OWN_NAME else []

    def assert_tells_nothing(self, answer: Json, sent: str) -> None:
        """Nothing that leads to it, or is said only there, is in an answer."""
        text = told(answer, sent)
        people = [user.email or "" for user in self.has.world.users.values()]
        for secret in ("Zebra", *people, *(lead.text for lead in (*self.has.ids, *self.has.names))):
            assert secret not in text


@pytest.fixture(scope="module")
async def other(api: Api, database: Database, owner_engine: AsyncEngine) -> Other:
    """An account whose things have names of their own; it has used the same idempotency key for everything."""
    world = await make_world(database.sessions)
    client, used = await api.client(world), await furnish(world, label="Used")
    for field in mutations():
        await ask(client, field, {"input": {**input_of(field, used), KEY: KEY}})
    made = await actions.create_pipeline(world, "Zebra returns")
    has = await furnish(world, await world.pipeline(Ref(id=made)), "Zebra")
    return Other(has, await dump(owner_engine, world.account_id))


@EVERY_OPERATION
async def test_nothing_of_another_account_comes_back_or_changes(
    api: Api, scenery: Scenery, other: Other, owner_engine: AsyncEngine, field: str
) -> None:
    client = await api.client(scenery.world)
    trier = Trier(api, client, arguments(field, scenery))

    for slot in slots(field):
        for lead in other.leads(slot):
            other.assert_tells_nothing(await trier.answer_of(slot, lead), lead.text)
    other.assert_tells_nothing(await ask(client, field, arguments(field, other.has)), "")

    assert await dump(owner_engine, other.has.world.account_id) == other.rows


@pytest.mark.parametrize("field", mutations())
async def test_an_idempotency_key_of_another_account_is_free_here(
    api: Api, scenery: Scenery, other: Other, owner_engine: AsyncEngine, field: str
) -> None:
    client = await api.client(scenery.world)

    answer = await ask(client, field, {"input": {**input_of(field, scenery), KEY: KEY}})

    # That it is done shows as well that only the foreign text made the same arguments fail above.
    assert answer["data"][field]["userErrors"] == []
    other.assert_tells_nothing(answer, KEY)
    assert await dump(owner_engine, other.has.world.account_id) == other.rows


def test_an_answer_that_told_of_another_account_would_be_noticed(other: Other) -> None:
    for lead in (*other.has.ids, *other.has.names):
        for sent in ("", lead.twin):
            with pytest.raises(AssertionError):
                other.assert_tells_nothing({"data": {"any": lead.text}}, sent)


async def test_a_token_opens_its_own_account_and_no_other(api: Api, scenery: Scenery, other: Other) -> None:
    ours, theirs = await token_of(scenery.world), await token_of(other.has.world)
    swapped = ours.replace(scenery.world.account_id.hex, other.has.world.account_id.hex)
    back = theirs.replace(other.has.world.account_id.hex, scenery.world.account_id.hex)

    for token in (swapped, back):
        for field in [*queries(), *mutations()]:
            answer = await ask(api.bearing(token), field, arguments(field, other.has))

            assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
            other.assert_tells_nothing(answer, "")


def test_every_operation_is_walked() -> None:
    assert set(root_fields()) == {*queries(), *mutations(), *apart()}


def test_every_text_that_an_operation_takes_is_known_to_lead_somewhere_or_not() -> None:
    names = {slot.last_name for slot in all_slots("String")}

    assert names == LEADING | SAYING | {KEY}


def test_the_rows_that_are_compared_are_all_there_are(other: Other) -> None:
    never_written_here = {"identity_link", "journal_entry", "imported_ticket", "audit_seal", "audit_head"}

    empty = {name for name, rows in other.rows.items() if not rows}

    assert set(other.rows) == set(Base.metadata.tables) - {"throttle", "failed_sign_in"}
    assert empty == never_written_here
