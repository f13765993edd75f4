"""permissions: all permissions, and what each requires."""

from policies import Permission, Role
from tests.support.client import Api
from tests.support.operations import Query
from tests.support.world import World

OPERATION = Query(example=lambda _: {}, budget=0, selects="name needed")


async def test_every_permission_is_listed_once_with_what_it_requires(api: Api, world: World) -> None:
    listed = (await (await api.client(world, Role.VIEWER)).run("{ permissions { name needed } }"))["permissions"]

    assert sorted(rule["name"] for rule in listed) == sorted(each.value for each in Permission)
    needed = {rule["name"]: rule["needed"] for rule in listed}
    assert (needed["pipeline:view"], needed["access:manage"]) == ("FREE", "PROFESSIONAL")
