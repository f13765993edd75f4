"""The words of the law: roles, tiers, add-ons, levels and permissions.

Every other folder takes these words from here, and `rules.csv` may use no others (a test compares the two).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """What a user is in an account; several may be held, and each includes viewer (spec, section C).

    OPERATOR is whoever holds the machine and its command line; no user can be given it.
    """

    SUPER_ADMIN = "SUPER_ADMIN"
    SETTINGS_EDITOR = "SETTINGS_EDITOR"
    WORKFLOW_EDITOR = "WORKFLOW_EDITOR"
    AGENT = "AGENT"
    VIEWER = "VIEWER"
    OPERATOR = "OPERATOR"


class Tier(StrEnum):
    """A step of the service or marketing axis of a plan, in ascending order."""

    FREE = "FREE"
    STARTER = "STARTER"
    PROFESSIONAL = "PROFESSIONAL"
    ENTERPRISE = "ENTERPRISE"


class AddOn(StrEnum):
    """What an account may hold beside its two tiers."""

    NONE = "NONE"
    TRANSACTIONAL_EMAIL = "TRANSACTIONAL_EMAIL"


class Plan(NamedTuple):
    """The three independent axes of what an account has bought."""

    service: Tier
    marketing: Tier
    add_ons: frozenset[AddOn] = frozenset()


class Level(StrEnum):
    """How near an actor may come to one pipeline; ACCOUNT is what a permission needs that concerns no pipeline."""

    ACCOUNT = "ACCOUNT"
    VIEW = "VIEW"
    EDIT = "EDIT"


class Holder(StrEnum):
    """Who can be given a permission: ANYONE, so also custom roles and API apps, or the built-in ROLE alone (spec,
    section C).
    """

    ANYONE = "ANYONE"
    ROLE = "ROLE"


class Permission(StrEnum):
    """One thing that a role may allow; each is in a rule and in a `require` of a verb or finder."""

    PIPELINE_VIEW = "pipeline:view"
    PIPELINE_CREATE = "pipeline:create"
    PIPELINE_REORDER = "pipeline:reorder"
    PIPELINE_EDIT = "pipeline:edit"
    PIPELINE_DELETE = "pipeline:delete"
    STAGE_ADD = "stage:add"
    PROPERTY_EDIT = "property:edit"
    TICKET_VIEW = "ticket:view"
    TICKET_WRITE = "ticket:write"
    TICKET_DELETE = "ticket:delete"
    ACCESS_MANAGE = "access:manage"
    ACCESS_REDUCE = "access:reduce"
    ACCESS_REVIEW = "access:review"
    PEOPLE_MANAGE = "people:manage"
    ROLE_DEFINE = "role:define"
    APP_MANAGE = "app:manage"
    AUDIT_VIEW = "audit:view"
    PLAN_CHANGE = "plan:change"
    DATA_TRANSFER = "data:transfer"


ROLE_MEANINGS: Mapping[Role, str] = {
    Role.SUPER_ADMIN: "Everything in the account.",
    Role.SETTINGS_EDITOR: "Pipelines, stages, properties and cards; includes viewer.",
    Role.WORKFLOW_EDITOR: "Automation, once there is some; includes viewer.",
    Role.AGENT: "Work on tickets; includes viewer.",
    Role.VIEWER: "Reading.",
    Role.OPERATOR: "The command line of the machine; no user can have it.",
}

PERMISSION_MEANINGS: Mapping[Permission, str] = {
    Permission.PIPELINE_VIEW: "See a pipeline and its stages.",
    Permission.PIPELINE_CREATE: "Create pipelines, up to the plan's limit.",
    Permission.PIPELINE_REORDER: "Reorder the pipelines of the account.",
    Permission.PIPELINE_EDIT: "Rename a pipeline, choose its card, and update, reorder, restore or delete its stages.",
    Permission.PIPELINE_DELETE: "Delete a pipeline.",
    Permission.STAGE_ADD: "Add stages to a pipeline beyond the default ones.",
    Permission.PROPERTY_EDIT: "Define the account's own ticket properties.",
    Permission.TICKET_VIEW: "See tickets, within the user's view scope.",
    Permission.TICKET_WRITE: "Create, update, assign, move, close and reopen tickets, within the user's edit scope.",
    Permission.TICKET_DELETE: "Delete tickets, within the user's edit scope.",
    Permission.ACCESS_MANAGE: "Set a pipeline's access mode and grant access to it.",
    Permission.ACCESS_REDUCE: "Narrow a pipeline's access and revoke grants.",
    Permission.ACCESS_REVIEW: "Read the access review, and explain the access of other users.",
    Permission.PEOPLE_MANAGE: "Invite, rename and deactivate users; set roles, ticket scopes, teams and sessions.",
    Permission.ROLE_DEFINE: "Create custom roles, add permissions to them, and give them to users.",
    Permission.APP_MANAGE: "Create, update, adopt and delete API apps and their secrets.",
    Permission.AUDIT_VIEW: "Read and export the audit log.",
    Permission.PLAN_CHANGE: "Change the account's plan.",
    Permission.DATA_TRANSFER: "Import tickets with their history.",
}
