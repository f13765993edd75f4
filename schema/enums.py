"""Words that the domain and clients share: its enumerations, each described here once."""

import strawberry

from domain.access import AccessMode
from domain.accounts import UserState
from domain.actor import ActorKind, AppReach, Reach
from domain.events.event import EventKind
from domain.pipelines import StageState
from domain.tickets import Priority
from policies import Level as PermissionLevel
from policies import Tier

__all__ = [
    "AccessMode",
    "ActorKind",
    "AppReach",
    "EventKind",
    "PermissionLevel",
    "Priority",
    "Reach",
    "StageState",
    "Tier",
    "UserState",
]

strawberry.enum(Tier, description="A step of the service or marketing axis of a plan, in ascending order.")
strawberry.enum(StageState, description="Whether tickets in a stage are being worked on or are done.")
strawberry.enum(
    AccessMode,
    description="Who may come near a pipeline: EVERYONE in the account; PRIVATE, its creator and super admins; "
    "RESTRICTED, those with a grant and super admins.",
)
strawberry.enum(
    UserState,
    description="Whether a user works here: INVITED until they join, ACTIVE while they can sign in, INACTIVE once they "
    "left or their invitation was cancelled, as placeholders of imports are.",
)
strawberry.enum(
    Reach,
    name="TicketReach",
    description="How far a ticket scope reaches: ALL tickets; those of a user's TEAM, which are those of a team that "
    "they are in or of a member of it, and their own; their OWN; or NONE.",
)
strawberry.enum(
    PermissionLevel,
    name="PermissionLevel",
    description="The access to a pipeline that a permission takes: VIEW or EDIT of it, or ACCOUNT when it is about no "
    "single pipeline.",
)
strawberry.enum(Priority, name="TicketPriority", description="How urgent a ticket is.")
strawberry.enum(
    AppReach,
    description="Which pipelines an API app reaches: ALL of the account, those that are open to EVERYONE, or those "
    "LISTED for it.",
)
strawberry.enum(
    ActorKind,
    description="Through what somebody acts: a PERSON who signed in, an API APP, the OPERATOR of the machine, whoever "
    "an import says (IMPORTED), or NOBODY, who was not let in.",
)
strawberry.enum(EventKind, description="What can happen, in the past tense. Further kinds may be added.")
