"""setPipelineAccess: who may view and edit a pipeline, as a whole and for who manages it alone (S11, S12); what follows
from it is in test_access_follows_at_once.py.
"""

from datetime import UTC, datetime, timedelta

import pytest

from policies import Role
from schema.ids import Kind
from tests.support import db_state
from tests.support.client import Api, Json
from tests.support.ids import gid, unknown
from tests.support.operations import Mutation
from tests.support.selections import PIPELINE
from tests.support.world import World

OPERATION = Mutation(
    example=lambda has: {
        "pipeline": {"id": has.pipeline},
        "mode": "RESTRICTED",
        "grants": [{"to": {"userId": has.user}, "level": "EDIT"}, {"to": {"teamId": has.team}, "level": "EDIT"}],
    },
    budget=10,
    selects=f"pipeline {{ {PIPELINE} }}",
    least_role=Role.SUPER_ADMIN,
    edits=lambda has: has.pipeline,
    revision="access { revision }",
)


SUPPORT = {"pipeline": {"internalName": "support"}}
SHOWN = "pipeline { access { mode revision grants { level until user { id } team { id } } } }"


def soon(**later: int) -> str:
    """A time from now, as clients write it."""
    return (datetime.now(UTC) + timedelta(**later)).isoformat()


async def test_mode_and_grants_are_set_as_a_whole(api: Api, world: World) -> None:
    client = await api.client(world)
    agent, blue, until = gid(world.users[Role.AGENT]), gid(world.teams["blue"]), soon(days=1)
    grants = [
        {"to": {"userId": agent}, "level": "VIEW", "until": until},
        {"to": {"teamId": blue}, "level": "EDIT", "until": None},
    ]

    done = await client.do("setPipelineAccess", SHOWN, **SUPPORT, mode="RESTRICTED", grants=grants)
    fewer = await client.do("setPipelineAccess", SHOWN, **SUPPORT, mode="EVERYONE", grants=grants[1:])
    none = await client.do("setPipelineAccess", SHOWN, **SUPPORT, mode="PRIVATE")

    assert done["userErrors"] == []
    to_agent = {"level": "VIEW", "until": until, "user": {"id": agent}, "team": None}
    to_blue = {"level": "EDIT", "until": None, "user": None, "team": {"id": blue}}
    assert done["pipeline"]["access"] == {"mode": "RESTRICTED", "revision": 2, "grants": [to_agent, to_blue]}
    assert fewer["pipeline"]["access"] == {"mode": "EVERYONE", "revision": 3, "grants": [to_blue]}
    assert none["pipeline"]["access"] == {"mode": "PRIVATE", "revision": 4, "grants": []}


async def test_it_is_recorded_with_before_and_after(api: Api, world: World) -> None:
    client, agent = await api.client(world), world.users[Role.AGENT]
    grant = {"to": {"userId": gid(agent)}, "level": "VIEW"}

    async with db_state.recorded(world) as happened:
        await client.do("setPipelineAccess", **SUPPORT, mode="RESTRICTED", grants=[grant])

    (event,) = happened
    pipeline = await world.pipeline()
    assert (event.kind, event.object_id) == ("PIPELINE_ACCESS_UPDATED", pipeline.id)
    assert (event.actor_id, event.address) == (world.users[Role.SUPER_ADMIN].id, "192.0.2.1")
    assert event.before == {"mode": "EVERYONE", "grants": []}
    assert event.after == {
        "mode": "RESTRICTED",
        "grants": [{"user": str(agent.id), "team": None, "level": "VIEW", "until": None}],
    }


@pytest.mark.parametrize(
    ("to", "field"), [({"userId": unknown(Kind.USER)}, "userId"), ({"teamId": unknown(Kind.TEAM)}, "teamId")]
)
async def test_who_is_not_of_the_account_is_not_found(api: Api, world: World, to: Json, field: str) -> None:
    first = {"to": {"userId": gid(world.users[Role.AGENT])}, "level": "VIEW"}
    grants = [first, {"to": to, "level": "EDIT"}]

    declined = await (await api.client(world)).refused("setPipelineAccess", **SUPPORT, mode="PRIVATE", grants=grants)

    assert (declined["__typename"], declined["code"]) == ("PlainError", "NOT_FOUND")
    assert declined["field"] == ["input", "grants", "1", "to", field]


async def test_each_is_granted_once(api: Api, world: World) -> None:
    twice = [{"to": {"userId": gid(world.users[Role.AGENT])}, "level": level} for level in ("VIEW", "EDIT")]

    declined = await (await api.client(world)).refused("setPipelineAccess", **SUPPORT, mode="PRIVATE", grants=twice)

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "grants"])


async def test_there_are_at_most_500_grants(api: Api, world: World) -> None:
    many = [{"to": {"userId": gid(world.users[Role.AGENT])}, "level": "VIEW"}] * 501

    declined = await (await api.client(world)).refused("setPipelineAccess", **SUPPORT, mode="PRIVATE", grants=many)

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "grants"])
    assert "at most 500" in declined["message"]


@pytest.mark.parametrize("until", ["2001-01-01T00:00:00Z", "0001-01-01T00:00:01Z"])
async def test_a_grant_ends_in_the_future(api: Api, world: World, until: str) -> None:
    grant = {"to": {"userId": gid(world.users[Role.AGENT])}, "level": "VIEW", "until": until}

    declined = await (await api.client(world)).refused("setPipelineAccess", **SUPPORT, mode="PRIVATE", grants=[grant])

    assert (declined["code"], declined["field"]) == ("INVALID", ["input", "grants", "0", "until"])


@pytest.mark.parametrize("until", ["2099-12-31T23:30:00+02:00", "9999-12-31T23:59:59Z"])
async def test_any_offset_is_taken_and_utc_is_given(api: Api, world: World, until: str) -> None:
    grant = {"to": {"userId": gid(world.users[Role.AGENT])}, "level": "VIEW", "until": until}

    done = await (await api.client(world)).do("setPipelineAccess", SHOWN, **SUPPORT, mode="RESTRICTED", grants=[grant])

    (granted,) = done["pipeline"]["access"]["grants"]
    assert granted["until"] == datetime.fromisoformat(until).astimezone(UTC).isoformat()


@pytest.mark.parametrize(
    "until",
    [
        "2099-12-31T12:00:00",
        "2099-12-31",
        "tomorrow",
        "",
        4102444800,
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-01:00",
        "9999-12-31T23:59:59.999999Z",
    ],
)
async def test_an_end_is_a_time_with_an_offset(api: Api, world: World, until: object) -> None:
    grant = {"to": {"userId": gid(world.users[Role.AGENT])}, "level": "VIEW", "until": until}
    document = "mutation ($input: SetPipelineAccessInput!) { setPipelineAccess(input: $input) { pipeline { id } } }"
    client = await api.client(world)

    (error,) = await client.errors(document, input={**SUPPORT, "mode": "PRIVATE", "grants": [grant]})

    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "with an offset, such as" in error["message"]
