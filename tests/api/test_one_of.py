"""Inputs of which exactly one member is given: none, two and null are declined before anything is looked up."""

from typing import NamedTuple

import pytest
from graphql import GraphQLInputObjectType

from tests.support.client import Api, Json
from tests.support.contract import schema
from tests.support.fixtures import Scenery
from tests.support.operations import arguments
from tests.support.schema_walk import Slot, all_slots, ask, is_one_of
from tests.support.statements import counting


class Choice(NamedTuple):
    """A place for an input that is @oneOf, and two slots in it."""

    first: Slot
    second: Slot

    def put(self, given: Json, value: Json) -> Json:
        """The arguments with the whole input replaced."""
        return self.first._replace(path=self.first.path[:-1]).put(given, value)


def choices() -> list[Choice]:
    """Every place for an input that is @oneOf."""
    members: dict[tuple[str, ...], list[Slot]] = {}
    for slot in all_slots("ID", "String", "Boolean"):
        if len(slot.path) - 1 in slot.alone:
            members.setdefault((slot.field, *slot.path[:-1]), []).append(slot)
    return [Choice(*slots[-2:]) for slots in members.values()]


EVERY_CHOICE = pytest.mark.parametrize("choice", choices(), ids=lambda choice: choice.first.name)


@EVERY_CHOICE
async def test_exactly_one_member_is_given(api: Api, still_life: Scenery, choice: Choice) -> None:
    client = await api.client(still_life.world)
    given = arguments(choice.first.field, still_life)
    one, two = choice.first.path[-1], choice.second.path[-1]

    for wrong in ({}, {one: "a", two: "b"}, {one: None}, {one: None, two: "b"}, {one: "a", "other": "b"}):
        with counting(api.engine) as counted:
            answer = await ask(client, choice.first.field, choice.put(given, wrong))

        assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_USER_INPUT"}, wrong
        assert counted.total == 0


@pytest.mark.parametrize("place", ["top", "bottom"])
@pytest.mark.parametrize("field", ["addStage", "createTicket", "moveTicket"])
async def test_top_and_bottom_are_given_as_true(api: Api, still_life: Scenery, field: str, place: str) -> None:
    client = await api.client(still_life.world)

    answer = await ask(
        client, field, Slot(field, ("input", "place"), "").put(arguments(field, still_life), {place: False})
    )

    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


def test_every_reference_and_every_place_is_one_of() -> None:
    inputs = [kind for kind in schema().type_map.values() if isinstance(kind, GraphQLInputObjectType)]

    chosen = {kind.name for kind in inputs if is_one_of(kind)}

    assert chosen == {kind.name for kind in inputs if kind.name.endswith(("Ref", "Place"))}
