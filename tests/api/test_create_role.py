"""createRole: a custom role of the account."""

import pytest

from policies import Role, Tier
from tests.support.client import Api
from tests.support.operations import Mutation
from tests.support.selections import ROLE
from tests.support.world import World

OPERATION = Mutation(
    example=lambda _: {"name": "Closing", "permissions": ["ticket:view", "ticket:write"]},
    budget=7,
    selects=f"role {{ {ROLE} }}",
    least_role=Role.SUPER_ADMIN,
    edits=None,
)


async def test_a_role_has_its_name_and_permissions(api: Api, world: World) -> None:
    done = await (await api.client(world)).do(
        "createRole", "role { name permissions revision }", name="Closing", permissions=["ticket:write", "ticket:view"]
    )

    assert done["userErrors"] == []
    assert done["role"] == {"name": "Closing", "permissions": ["ticket:view", "ticket:write"], "revision": 1}


@pytest.mark.parametrize("permissions", [[], ["people:manage"], ["never:was"]])
async def test_permissions_that_cannot_be_granted_are_declined(api: Api, world: World, permissions: list[str]) -> None:
    declined = await (await api.client(world)).refused("createRole", name="Closing", permissions=permissions)

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "permissions"])


async def test_a_role_takes_enterprise(api: Api, world: World) -> None:
    client = await api.client(world)
    await world.on(Tier.PROFESSIONAL)

    declined = await client.refused("createRole", name="Closing", permissions=["ticket:view"])

    assert (declined["code"], declined["needed"]) == ("PLAN_TOO_LOW", "ENTERPRISE")
