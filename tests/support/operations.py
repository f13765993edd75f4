"""Every operation of the API with arguments that work on a furnished world, naming all it can name.

Tests that walk the schema start from here; an operation that is missing fails them.
"""

from collections.abc import Callable

from policies import Role
from tests.support.client import Json
from tests.support.scenery import Scenery

Arguments = Callable[[Scenery], Json]

QUERIES: dict[str, Arguments] = {
    "viewer": lambda _: {},
    "account": lambda _: {},
    "users": lambda _: {},
    "teams": lambda _: {},
    "properties": lambda _: {},
    "pipelines": lambda _: {},
    "pipeline": lambda has: {"id": has.pipeline},
    "board": lambda has: {"pipeline": {"id": has.pipeline}, "first": 2},
    "stageCards": lambda has: {"stageId": has.stage, "first": 2, "after": has.cursor},
    "ticket": lambda has: {"key": has.key, "pipeline": {"id": has.pipeline}},
    "node": lambda has: {"id": has.ticket},
    "nodes": lambda has: {"ids": [has.ticket, has.pipeline, has.stage, has.user, has.team]},
}

INPUTS: dict[str, Arguments] = {
    "createPipeline": lambda _: {
        "label": "Refunds",
        "stages": [{"label": "In", "state": "OPEN"}, {"label": "Out", "state": "CLOSED"}],
    },
    "renamePipeline": lambda has: {"pipeline": {"id": has.pipeline}, "label": "Renamed"},
    "setPipelineCard": lambda has: {"pipeline": {"id": has.pipeline}, "properties": [has.own_property, "owner"]},
    "reorderPipelines": lambda has: {
        "order": [{"id": each} for each in reversed(has.pipelines)],
        "expectedOrder": [{"id": each} for each in has.pipelines],
    },
    "deletePipeline": lambda has: {"pipeline": {"id": has.spare}, "newDefault": {"id": has.pipeline}},
    "setPipelineAccess": lambda has: {
        "pipeline": {"id": has.pipeline},
        "mode": "RESTRICTED",
        "grants": [{"to": {"userId": has.user}, "level": "EDIT"}, {"to": {"teamId": has.team}, "level": "EDIT"}],
    },
    "addStage": lambda has: {
        "pipeline": {"id": has.pipeline},
        "label": "Added",
        "state": "OPEN",
        "place": {"after": has.stage},
    },
    "restoreDefaultStages": lambda has: {"pipeline": {"id": has.spare}},
    "updateStage": lambda has: {
        "pipeline": {"id": has.pipeline},
        "stage": {"id": has.stage},
        "label": "Changed",
    },
    "reorderStages": lambda has: {
        "pipeline": {"id": has.pipeline},
        "order": [{"id": each} for each in reversed(has.stages)],
    },
    "deleteStage": lambda has: {
        "pipeline": {"id": has.pipeline},
        "stage": {"id": has.empty},
        "moveTicketsTo": {"id": has.stage},
    },
    "createTicket": lambda has: {
        "subject": "New here",
        "content": "Described",
        "priority": "HIGH",
        "pipeline": {"id": has.pipeline},
        "stage": {"id": has.stage},
        "ownerId": has.user,
        "teamId": has.team,
        "properties": [{"name": has.own_property, "value": "4711"}],
        "place": {"after": has.ticket},
    },
    "updateTicket": lambda has: {
        "ticketId": has.ticket,
        "subject": "Said anew",
        "properties": [{"name": has.own_property, "value": "4711"}],
    },
    "moveTicket": lambda has: {
        "ticketId": has.ticket,
        "pipeline": {"id": has.pipeline},
        "stage": {"id": has.stage},
        "place": {"after": has.neighbour},
    },
    "closeTicket": lambda has: {"ticketId": has.ticket, "stage": {"id": has.closing}},
    "reopenTicket": lambda has: {"ticketId": has.closed},
    "assignTicket": lambda has: {"ticketId": has.ticket, "ownerId": has.user, "teamId": has.team},
    "deleteTicket": lambda has: {"ticketId": has.ticket},
}

# What cannot be walked like the others: it takes no token, or no input.
APART = {"signIn", "signOut"}

# The least role that may do each; the others need no more than to look.
NEEDED: dict[str, Role] = {
    "setPipelineAccess": Role.SUPER_ADMIN,
    # It moves tickets as well, which settings editors may not.
    "deleteStage": Role.SUPER_ADMIN,
    **{field: Role.AGENT for field in INPUTS if field.endswith("Ticket")},
}


def arguments(field: str, has: Scenery) -> Json:
    """The arguments of an operation about this scenery."""
    return {"input": INPUTS[field](has)} if field in INPUTS else QUERIES[field](has)
