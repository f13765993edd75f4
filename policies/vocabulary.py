"""The words of the law: roles, tiers, add-ons, levels and permissions.

Every other folder takes these words from here, and `rules.csv` may use no others (a test compares the two).
"""

from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """What a user is in an account; several may be held, and each includes viewer (spec, section C).

    OPERATOR is whoever holds the machine and its command line; no user can be given it.
    """

    SUPER_ADMIN = "super_admin"
    SETTINGS_EDITOR = "settings_editor"
    WORKFLOW_EDITOR = "workflow_editor"
    AGENT = "agent"
    VIEWER = "viewer"
    OPERATOR = "operator"


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
