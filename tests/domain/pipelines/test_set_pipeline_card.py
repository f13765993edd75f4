"""Setting the card of a pipeline (S15)."""

import pytest

from domain import properties
from domain.errors import Invalid
from domain.reference import Ref
from policies import Role
from tests.support import actions, db_state
from tests.support.world import World


async def test_a_pipeline_is_born_with_a_card(world: World) -> None:
    assert (await world.pipeline()).card == ["key", "priority", "created_at"]


async def test_a_card_shows_the_chosen_properties_in_the_chosen_order(world: World) -> None:
    async with world.acting(Role.SETTINGS_EDITOR) as work:
        await properties.define_properties(work, ["Order number"])

    async with db_state.recorded(world) as happened:
        await actions.set_card(world, ["subject", "order_number", "owner"])

    assert (await world.pipeline()).card == ["subject", "order_number", "owner"]
    assert (await world.pipeline()).card_labels == {"order_number": "Order number"}
    [event] = happened
    assert event.kind == "PIPELINE_UPDATED"
    assert event.before == {"card": ["key", "priority", "created_at"]}
    assert event.after == {"card": ["subject", "order_number", "owner"]}


async def test_each_pipeline_has_a_card_of_its_own(world: World) -> None:
    other = await world.add_pipeline()

    await actions.set_card(world, ["subject"], to=Ref(id=other.id))

    assert (await world.pipeline()).card == ["key", "priority", "created_at"]


async def test_a_card_may_be_empty(world: World) -> None:
    await actions.set_card(world, [])

    assert (await world.pipeline()).card == []


async def test_the_same_card_again_records_nothing(world: World) -> None:
    async with db_state.recorded(world) as happened:
        await actions.set_card(world, ["key", "priority", "created_at"])

    assert happened == []


@pytest.mark.parametrize(
    ("names", "why"),
    [(["key", "nothing"], "'nothing'"), (["key", "key"], "twice"), (["key"] * 21, "20")],
    ids=["unknown", "repeated", "too many"],
)
async def test_a_card_of_unknown_repeated_or_too_many_properties_is_refused(
    world: World, names: list[str], why: str
) -> None:
    with pytest.raises(Invalid, match=why) as refused:
        await actions.set_card(world, names)

    assert refused.value.field == ("properties",)
