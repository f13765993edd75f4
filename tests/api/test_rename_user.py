"""renameUser: the name of a user in this account."""

import pytest

from policies import Role
from schema.ids import Kind
from tests.support.client import Api
from tests.support.ids import gid, unknown
from tests.support.operations import Mutation
from tests.support.selections import MEMBER
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"userId": has.user, "name": "Renamed"},
    budget=9,
    selects=f"member {{ {MEMBER} }}",
    least_role=Role.SUPER_ADMIN,
    edits=lambda has: has.user,
)


async def test_the_name_changes_for_everybody_in_the_account(api: Api, world: World) -> None:
    done = await (await api.client(world)).do(
        "renameUser", "member { user { name } revision }", userId=gid(world.users[Role.AGENT]), name=" Amy "
    )

    assert (done["userErrors"], done["member"]) == ([], {"user": {"name": "Amy"}, "revision": 2})
    listed = await (await api.client(world, Role.VIEWER)).run("{ users { name } }")
    assert "Amy" in {user["name"] for user in listed["users"]}


@pytest.mark.parametrize("name", ["", " ", "x" * 201])
async def test_an_invalid_name_is_declined(api: Api, world: World, name: str) -> None:
    declined = await (await api.client(world)).refused("renameUser", userId=gid(world.users[Role.AGENT]), name=name)

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "name"])


async def test_an_unknown_user_is_not_found(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("renameUser", userId=unknown(Kind.USER), name="Amy")

    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "userId"])
