"""`expectedRevision`: an edit that rests on an older revision than the one that stands is declined (B29)."""

import pytest

from policies import Role
from tests.support import db_state
from tests.support.client import Api, Client, Json
from tests.support.fixtures import Scenery
from tests.support.operations import INPUTS, PEOPLE_MANAGED
from tests.support.schema_walk import all_slots

FIELDS = [slot.field for slot in all_slots("Int") if slot.path[-1] == "expectedRevision"]
OF_SECRETS = {"rotateAppSecret", "revokeAppSecret"}
NAMING = ("userId", "teamId", "roleId")
EVERY_EDIT = pytest.mark.parametrize("field", FIELDS)
REVISIONS = """query ($pipeline: ID!, $stage: ID!, $ticket: ID!, $closed: ID!, $app: ID!) {
  pipeline(id: $pipeline) { revision access { revision } }
  stage: node(id: $stage) { ... on Stage { revision } }
  ticket(id: $ticket) { revision }
  closed: ticket(id: $closed) { revision }
  app(id: $app) { revision }
}"""
OF_PEOPLE = "query ($id: ID!) { member(userId: $id) { revision } }"
OF_NODE = "query ($id: ID!) { node(id: $id) { ... on Team { revision } ... on CustomRole { revision } } }"


async def revision_before(client: Client, has: Scenery, field: str) -> int:
    """The revision of what an operation changes."""
    given = INPUTS[field](has)
    if field in PEOPLE_MANAGED:
        by_user = "userId" in given
        found = await client.run(
            OF_PEOPLE if by_user else OF_NODE, id=next(given[each] for each in NAMING if each in given)
        )
        return int(found["member" if by_user else "node"]["revision"])
    ids = {"pipeline": has.pipeline, "stage": has.stage, "ticket": has.ticket, "closed": has.closed, "app": has.app}
    found = await client.run(REVISIONS, **ids)
    subject: Json = found["pipeline"]
    if field.endswith("PipelineAccess"):
        subject = found["pipeline"]["access"]
    elif field == "updateStage":
        subject = found["stage"]
    elif field.endswith("App"):
        subject = found["app"]
    elif field.endswith("Ticket"):
        subject = found["closed" if field == "reopenTicket" else "ticket"]
    revision: int = subject["revision"]
    return revision


@EVERY_EDIT
async def test_an_edit_rests_on_the_revision_that_stands(api: Api, scenery: Scenery, field: str) -> None:
    client = await api.client(scenery.world)
    given = INPUTS[field](scenery)
    stands = await revision_before(client, scenery, field)

    done = await db_state.events(scenery.world)
    declined = await client.refused(field, **given, expectedRevision=stands + 1)
    untouched = await db_state.events(scenery.world)
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
    made_or_gone = {"createPipeline", "createTicket", "addStage", "deletePipeline", "deleteStage", "createApp"}
    made_or_gone |= {"inviteUser", "createTeam", "createRole", "deleteRole"}

    without = set(INPUTS) - set(FIELDS)

    # The order of pipelines is compared as a whole; restoring stages or ending secrets can be done twice.
    assert without == made_or_gone | {"reorderPipelines", "restoreDefaultStages", "endUserSessions", *OF_SECRETS}
