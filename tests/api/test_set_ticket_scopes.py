"""setTicketScopes: which tickets a user may view and edit (B21)."""

from policies import Role
from schema.ids import Kind
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.ids import unknown
from tests.support.operations import Mutation
from tests.support.selections import MEMBER
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {
        "userId": has.user,
        "view": {"reach": "TEAM", "unassigned": True},
        "edit": {"reach": "OWN"},
    },
    budget=9,
    selects=f"member {{ {MEMBER} }}",
    least_role=Role.SUPER_ADMIN,
    edits=lambda has: has.user,
)


async def test_both_scopes_are_replaced(api: Api, scenery: Scenery) -> None:
    done = await (await api.client(scenery.world)).do(
        "setTicketScopes",
        "member { viewScope { reach unassigned } editScope { reach unassigned } }",
        userId=scenery.user,
        view={"reach": "TEAM", "unassigned": True},
        edit={"reach": "OWN"},
    )

    assert done["userErrors"] == []
    assert done["member"] == {
        "viewScope": {"reach": "TEAM", "unassigned": True},
        "editScope": {"reach": "OWN", "unassigned": False},
    }


async def test_an_unknown_user_is_not_found(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused(
        "setTicketScopes", userId=unknown(Kind.USER), view={"reach": "ALL"}, edit={"reach": "ALL"}
    )

    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "userId"])
