"""properties: the built-in properties of tickets, then the own ones of the account (S15)."""

from policies import Role
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.operations import Query

OPERATION = Query(example=lambda _: {}, budget=1, selects="internalName")


async def test_built_in_properties_come_first_then_own_ones_by_name(api: Api, scenery: Scenery) -> None:
    listed = (await (await api.client(scenery.world, Role.VIEWER)).run("{ properties { internalName builtIn } }"))[
        "properties"
    ]

    built_in = [each["internalName"] for each in listed if each["builtIn"]]
    own = [each["internalName"] for each in listed if not each["builtIn"]]
    assert listed == [*({"internalName": name, "builtIn": True} for name in built_in), *listed[len(built_in) :]]
    assert {"key", "subject", "owner", "priority"} <= set(built_in)
    assert own == sorted(own)
    assert scenery.own_property in own
