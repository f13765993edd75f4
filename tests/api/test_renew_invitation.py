"""renewInvitation: a new token for a user who has not joined."""

from policies import Role
from schema.ids import Kind, global_id
from tests.support import member_actions
from tests.support.client import Api
from tests.support.ids import gid, unknown
from tests.support.operations import Mutation
from tests.support.selections import MEMBER
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"userId": has.invited},
    budget=13,
    selects=f"member {{ {MEMBER} }}",
    least_role=Role.SUPER_ADMIN,
    edits=lambda has: has.invited,
)


async def test_the_new_token_lets_the_person_join_and_the_old_one_does_not(api: Api, world: World) -> None:
    first = await member_actions.invite(world)

    done = await (await api.client(world)).do(
        "renewInvitation", "member { state } token", userId=global_id(Kind.USER, first.user_id)
    )

    assert (done["userErrors"], done["member"]) == ([], {"state": "INVITED"})
    assert done["token"] != first.token
    assert (await member_actions.accept(world, done["token"])).active


async def test_who_has_joined_is_not_invited_again(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("renewInvitation", userId=gid(world.users[Role.AGENT]))

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "userId"])


async def test_an_unknown_user_is_not_found(api: Api, world: World) -> None:
    declined = await (await api.client(world)).refused("renewInvitation", userId=unknown(Kind.USER))

    assert (declined["code"], declined["field"]) == ("NOT_FOUND", ["input", "userId"])
