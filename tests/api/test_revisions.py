"""`expectedRevision`: an edit that rests on an older revision than the one that stands is declined (B29)."""

import pytest

from policies import Role
from tests.support import facts
from tests.support.client import Api, Client, Json
from tests.support.operations import INPUTS
from tests.support.scenery import Scenery
from tests.support.walking import all_slots

FIELDS = [slot.field for slot in all_slots("Int") if slot.path[-1] == "expectedRevision"]
OF_SECRETS = {"rotateAppSecret", "revokeAppSecret"}
EVERY_EDIT = pytest.mark.parametrize("field", FIELDS)
REVISION = """query ($id: ID!) { node(id: $id) {
  ... on Pipeline { revision access { revision } }
  ... on Stage { revision }
  ... on Ticket { revision }
  ... on App { revision }
  ... on Team { revision }
  ... on CustomRole { revision }
} }"""
OF_MEMBER = "query ($id: ID!) { member(userId: $id) { revision } }"


async def revision_before(client: Client, field: str, given: Json) -> int:
    """The revision of what an operation changes, which its input names."""
    if field.endswith("PipelineAccess"):
        found = (await client.run(REVISION, id=given["pipeline"]["id"]))["node"]["access"]
    elif "userId" in given:
        found = (await client.run(OF_MEMBER, id=given["userId"]))["member"]
    else:
        named = (given.get(name) for name in ("ticketId", "teamId", "roleId", "appId", "stage", "pipeline"))
        subject = next(each for each in named if each)
        found = (await client.run(REVISION, id=subject["id"] if isinstance(subject, dict) else subject))["node"]
    revision: int = found["revision"]
    return revision


@EVERY_EDIT
async def test_an_edit_rests_on_the_revision_that_stands(api: Api, scenery: Scenery, field: str) -> None:
    client = await api.client(scenery.world)
    given = INPUTS[field](scenery)
    stands = await revision_before(client, field, given)

    done = await facts.events(scenery.world)
    declined = await client.refused(field, **given, expectedRevision=stands + 1)
    untouched = await facts.events(scenery.world)
    payload = await client.do(field, **given, expectedRevision=stands)

    assert declined["__typename"] == "ConflictError"
    assert declined["code"] == "CONFLICT"
    assert declined["field"] == ["input", "expectedRevision"]
    assert declined["revision"] == stands
    assert len(untouched) == len(done)
    assert payload["userErrors"] == []


@EVERY_EDIT
async def test_who_may_not_edit_hears_that_before_anything_of_revisions(
    api: Api, still_life: Scenery, field: str
) -> None:
    client = await api.client(still_life.world, Role.VIEWER)

    declined = await client.refused(field, **INPUTS[field](still_life), expectedRevision=4711)

    assert declined["code"] == "NOT_PERMITTED"


def test_every_edit_of_what_has_a_revision_takes_one() -> None:
    made = {"createPipeline", "createTicket", "addStage", "createApp", "createTeam", "createRole", "inviteUser"}
    gone = {"deletePipeline", "deleteStage", "deleteRole"}

    without = set(INPUTS) - set(FIELDS)

    # The order of pipelines is compared as a whole; restoring default stages, and ending secrets and sessions, can be
    # done twice.
    assert without == made | gone | {"reorderPipelines", "restoreDefaultStages", "endUserSessions", *OF_SECRETS}
