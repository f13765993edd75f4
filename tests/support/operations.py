"""Every operation of the API with arguments that work on a furnished world, naming all it can name.

Tests that walk the schema start from here; an operation that is missing fails them.
"""

from collections.abc import Callable

from policies import Role
from tests.support.client import Json
from tests.support.fixtures import Scenery

Arguments = Callable[[Scenery], Json]

QUERIES: dict[str, Arguments] = {
    "viewer": lambda _: {},
    "account": lambda _: {},
    "users": lambda _: {},
    "teams": lambda _: {},
    "sessions": lambda _: {},
    "properties": lambda _: {},
    "pipelines": lambda _: {},
    "pipeline": lambda has: {"id": has.pipeline},
    "board": lambda has: {"pipeline": {"id": has.pipeline}, "first": 2},
    "stageCards": lambda has: {"stageId": has.stage, "first": 2, "after": has.cursor},
    "ticket": lambda has: {"key": has.key, "pipeline": {"id": has.pipeline}},
    "apps": lambda _: {},
    "app": lambda has: {"id": has.app},
    "auditEvents": lambda has: {
        "filter": {
            "kinds": ["PIPELINE_CREATED", "TEAM_CREATED"],
            "actorId": has.user,
            "objectId": has.team,
            "pipelineId": has.pipeline,
        },
        "first": 2,
    },
    "auditSeal": lambda _: {},
    "members": lambda has: {"states": ["ACTIVE", "INVITED", "INACTIVE"], "first": 2, "after": has.member_cursor},
    "member": lambda has: {"userId": has.user},
    "customRoles": lambda _: {},
    "permissions": lambda _: {},
    "explainAccess": lambda has: {"userId": has.user, "ticketId": has.ticket, "permission": "ticket:write"},
    "accessReview": lambda has: {"filter": {"pipelineId": has.pipeline}, "first": 2},
    "node": lambda has: {"id": has.ticket},
    "nodes": lambda has: {"ids": [has.ticket, has.pipeline, has.stage, has.user, has.team]},
}

INPUTS: dict[str, Arguments] = {
    "endUserSessions": lambda has: {"userId": has.user},
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
    "grantPipelineAccess": lambda has: {
        "pipeline": {"id": has.pipeline},
        "to": {"userId": has.user},
        "level": "VIEW",
    },
    "revokePipelineAccess": lambda has: {"pipeline": {"id": has.pipeline}, "from": {"userId": has.user}},
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
    "inviteUser": lambda has: {
        "email": "newcomer@example.test",
        "name": "Newcomer",
        "roles": ["AGENT"],
        "customRoleIds": [has.role],
        "viewScope": {"reach": "TEAM", "unassigned": True},
        "editScope": {"reach": "OWN"},
        "teamIds": [has.team],
    },
    "renewInvitation": lambda has: {"userId": has.invited},
    "cancelInvitation": lambda has: {"userId": has.invited},
    "setUserRoles": lambda has: {"userId": has.user, "roles": ["AGENT", "VIEWER"], "customRoleIds": [has.role]},
    "setTicketScopes": lambda has: {
        "userId": has.user,
        "view": {"reach": "TEAM", "unassigned": True},
        "edit": {"reach": "OWN"},
    },
    "renameUser": lambda has: {"userId": has.user, "name": "Renamed"},
    "deactivateUser": lambda has: {"userId": has.user},
    "reactivateUser": lambda has: {"userId": has.left},
    "createTeam": lambda has: {"name": "Green", "members": [has.user]},
    "updateTeam": lambda has: {"teamId": has.team, "name": "Navy", "members": [has.user, has.left]},
    "deactivateTeam": lambda has: {"teamId": has.team},
    "reactivateTeam": lambda has: {"teamId": has.idle_team},
    "createRole": lambda _: {"name": "Closing", "permissions": ["ticket:view", "ticket:write"]},
    "updateRole": lambda has: {"roleId": has.role, "name": "Sorting", "permissions": ["ticket:view"]},
    "deleteRole": lambda has: {"roleId": has.role},
    "createApp": lambda has: {
        "name": "Robot",
        "permissions": ["pipeline:view", "ticket:view"],
        "reach": "LISTED",
        "pipelineIds": [has.pipeline],
    },
    "updateApp": lambda has: {
        "appId": has.app,
        "name": "Renamed",
        "permissions": ["ticket:view"],
        "reach": "LISTED",
        "pipelineIds": [has.pipeline],
    },
    "rotateAppSecret": lambda has: {"appId": has.app},
    "revokeAppSecret": lambda has: {"secretId": has.app_secret},
    "adoptApp": lambda has: {"appId": has.app},
    "deleteApp": lambda has: {"appId": has.app},
}

# What cannot be walked like the others: it takes no token, or no input, or is about the token that it comes with.
APART = {
    "signIn",
    "signOut",
    "changePassword",
    "revokeSession",
    "revokeOtherSessions",
    "acceptInvitation",
    "invitation",
    "beginOidcSignIn",
    "completeOidcSignIn",
}

# The least role that may do each; the others need no more than to look.
NEEDED: dict[str, Role] = {
    "setPipelineAccess": Role.SUPER_ADMIN,
    "grantPipelineAccess": Role.SUPER_ADMIN,
    "revokePipelineAccess": Role.SUPER_ADMIN,
    "endUserSessions": Role.SUPER_ADMIN,
    # It moves tickets as well, which settings editors may not.
    "deleteStage": Role.SUPER_ADMIN,
    **{field: Role.AGENT for field in INPUTS if field.endswith("Ticket")},
    **{field: Role.SUPER_ADMIN for field in INPUTS if field.endswith(("App", "AppSecret"))},
}


PEOPLE_MANAGED = {
    *("inviteUser", "renewInvitation", "cancelInvitation"),
    *("setUserRoles", "setTicketScopes", "renameUser", "deactivateUser", "reactivateUser"),
    *("createTeam", "updateTeam", "deactivateTeam", "reactivateTeam", "createRole", "updateRole", "deleteRole"),
}
NEEDED |= dict.fromkeys(PEOPLE_MANAGED, Role.SUPER_ADMIN)


def arguments(field: str, has: Scenery) -> Json:
    """The arguments of an operation about this scenery."""
    return {"input": INPUTS[field](has)} if field in INPUTS else QUERIES[field](has)
