"""revokePipelineAccess: a grant is gone from the next request on, on any plan (S11, B19, B20)."""

from policies import Role, Tier
from schema.ids import Kind
from tests.support import db_state
from tests.support.client import Api
from tests.support.ids import gid, unknown
from tests.support.operations import Mutation
from tests.support.selections import PIPELINE
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {"pipeline": {"id": has.pipeline}, "from": {"userId": has.user}},
    budget=5,
    selects=f"pipeline {{ {PIPELINE} }}",
    least_role=Role.SUPER_ADMIN,
    edits=lambda has: has.pipeline,
    revision="access { revision }",
)


SUPPORT = {"pipeline": {"internalName": "support"}}
SHOWN = "pipeline { access { revision grants { user { id } team { id } } } }"
SEEN = '{ pipeline(internalName: "support") { id } }'


async def test_a_grant_is_taken_away_and_holds_from_the_next_request_on(api: Api, world: World) -> None:
    admin, agent = await api.client(world), await api.client(world, Role.AGENT)
    user, team = {"userId": gid(world.users[Role.AGENT])}, {"teamId": gid(world.teams["red"])}
    grants = [{"to": user, "level": "EDIT"}, {"to": team, "level": "EDIT"}]
    await admin.do("setPipelineAccess", **SUPPORT, mode="RESTRICTED", grants=grants)
    before = await agent.run(SEEN)

    done = await admin.do("revokePipelineAccess", SHOWN, **SUPPORT, **{"from": user})

    assert before["pipeline"] is not None
    assert await agent.run(SEEN) == {"pipeline": None}
    access = {"revision": 3, "grants": [{"user": None, "team": {"id": team["teamId"]}}]}
    assert done == {"pipeline": {"access": access}, "userErrors": []}


async def test_what_is_not_there_is_revoked_already(api: Api, world: World) -> None:
    client = await api.client(world)

    async with db_state.recorded(world) as happened:
        unknown_user = await client.do("revokePipelineAccess", **SUPPORT, **{"from": {"userId": unknown(Kind.USER)}})
        known = {"teamId": gid(world.teams["blue"])}
        never_granted = await client.do("revokePipelineAccess", **SUPPORT, **{"from": known})

    assert (unknown_user["userErrors"], never_granted["userErrors"], happened) == ([], [], [])


async def test_it_works_on_every_plan_and_for_super_admins_alone(api: Api, world: World) -> None:
    admin, agent = await api.client(world), await api.client(world, Role.AGENT)
    to = {"userId": gid(world.users[Role.VIEWER])}
    await admin.do("grantPipelineAccess", **SUPPORT, to=to, level="VIEW")
    await world.on(Tier.FREE)

    refused = await agent.refused("revokePipelineAccess", **SUPPORT, **{"from": to})
    done = await admin.do("revokePipelineAccess", SHOWN, **SUPPORT, **{"from": to})

    assert refused["code"] == "NOT_PERMITTED"
    assert done["pipeline"]["access"]["grants"] == []
