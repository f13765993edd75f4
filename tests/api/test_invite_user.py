"""inviteUser: a user who joins by accepting an invitation."""

import pytest

from policies import Role
from tests.support import member_actions
from tests.support.client import Api
from tests.support.operations import Mutation
from tests.support.selections import MEMBER
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {
        "email": "newcomer@example.test",
        "name": "Newcomer",
        "roles": ["AGENT"],
        "customRoleIds": [has.role],
        "viewScope": {"reach": "TEAM", "unassigned": True},
        "editScope": {"reach": "OWN"},
        "teamIds": [has.team],
    },
    budget=17,
    selects=f"member {{ {MEMBER} }}",
    least_role=Role.SUPER_ADMIN,
    edits=None,
)


async def test_the_token_lets_the_person_join_with_the_roles_of_the_invitation(api: Api, world: World) -> None:
    email = f"kim@{world.slug}.test"

    done = await (await api.client(world)).do(
        "inviteUser",
        "member { state roles user { name email } } token expiresAt",
        email=email,
        name="Kim",
        roles=["AGENT"],
    )

    assert done["userErrors"] == []
    assert done["member"] == {"state": "INVITED", "roles": ["AGENT"], "user": {"name": "Kim", "email": email}}
    assert done["expiresAt"]
    assert (await member_actions.accept(world, done["token"])).active


async def test_the_scopes_are_everything_unless_given_and_the_edit_scope_is_the_view_scope(
    api: Api, world: World
) -> None:
    client, shown = await api.client(world), "member { viewScope { reach unassigned } editScope { reach unassigned } }"

    free = await client.do("inviteUser", shown, email=f"a@{world.slug}.test", name="A", roles=["AGENT"])
    own = await client.do(
        "inviteUser", shown, email=f"b@{world.slug}.test", name="B", roles=["AGENT"], viewScope={"reach": "OWN"}
    )

    everything, mine = {"reach": "ALL", "unassigned": True}, {"reach": "OWN", "unassigned": False}
    assert free["member"] == {"viewScope": everything, "editScope": everything}
    assert own["member"] == {"viewScope": mine, "editScope": mine}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"email": "nowhere"}, ["input", "email"]),
        ({"name": " "}, ["input", "name"]),
        ({"roles": []}, ["input", "roles"]),
    ],
)
async def test_invalid_input_is_declined_with_its_path(
    api: Api, world: World, given: dict[str, object], field: list[str]
) -> None:
    valid = {"email": f"kim@{world.slug}.test", "name": "Kim", "roles": ["AGENT"]}

    declined = await (await api.client(world)).refused("inviteUser", **valid | given)

    assert (declined["code"], declined["field"]) == ("INVALID", field)


async def test_a_present_user_is_not_invited_again(api: Api, world: World) -> None:
    email = world.users[Role.AGENT].email

    declined = await (await api.client(world)).refused("inviteUser", email=email, name="Agent", roles=["AGENT"])

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "email"])
