"""An account's own ticket properties: made once for each internal name, and the only names that values may have (S15,
S23, B11).
"""

import pytest

from domain import properties
from domain.errors import Invalid, NotPermitted
from domain.properties import BUILT_IN_LABELS, BuiltIn
from policies import Role
from server.database.engine import Database
from tests.support import db_state
from tests.support.world import World, make_world


async def define(world: World, *labels: str, who: Role = Role.SETTINGS_EDITOR) -> dict[str, str]:
    """Define properties; their internal names by label."""
    async with world.acting(who) as work:
        made = await properties.define_properties(work, labels)
        return {label: each.internal_name for label, each in made.items()}


async def test_a_property_is_defined_for_each_label(world: World) -> None:
    async with db_state.recorded(world) as happened:
        made = await define(world, "Order number", "Shop")

    assert made == {"Order number": "order_number", "Shop": "shop"}
    assert db_state.kinds(happened) == ["PROPERTY_CREATED", "PROPERTY_CREATED"]
    assert [event.after for event in happened] == [{"internalName": "order_number"}, {"internalName": "shop"}]
    async with world.looking(Role.VIEWER) as work:
        listed = await properties.list_properties(work)
    assert [(each.internal_name, each.label) for each in listed] == [("order_number", "Order number"), ("shop", "Shop")]


async def test_a_property_that_is_there_already_is_used_again(world: World) -> None:
    await define(world, "Order number")

    async with db_state.recorded(world) as happened:
        made = await define(world, "order NUMBER", "Shop")

    assert made == {"order NUMBER": "order_number", "Shop": "shop"}
    assert len(happened) == 1


async def test_no_property_takes_the_name_of_a_built_in_one(world: World) -> None:
    assert await define(world, "Subject", "Owner") == {"Subject": "subject_2", "Owner": "owner_2"}


def test_every_built_in_property_is_called_something() -> None:
    assert set(BUILT_IN_LABELS) == set(BuiltIn)


async def test_properties_are_of_one_account(world: World, database: Database) -> None:
    other = await make_world(database.sessions)

    await define(world, "Shop")

    async with other.looking(Role.SUPER_ADMIN) as work:
        assert await properties.list_properties(work) == []
        with pytest.raises(Invalid):
            await properties.check_values(work, {"shop": "Delft"})


@pytest.mark.parametrize("role", [Role.AGENT, Role.VIEWER, Role.WORKFLOW_EDITOR])
async def test_who_may_not_edit_properties_defines_none(world: World, role: Role) -> None:
    with pytest.raises(NotPermitted) as refused:
        await define(world, "Mine", who=role)

    assert refused.value.details == {"permission": "property:edit"}


async def test_names_may_be_built_in_or_defined_and_each_is_named_once(world: World) -> None:
    await define(world, "Shop")

    async with world.looking(Role.VIEWER) as work:
        await properties.check_names(work, ["subject", "shop"], field=("properties",))
        for names in (["subject", "nothing"], ["shop", "shop"]):
            with pytest.raises(Invalid) as refused:
                await properties.check_names(work, names, field=("properties",))
            assert refused.value.field == ("properties",)
