"""Words that the domain and clients share: its enumerations, each described here once."""

import strawberry

from domain.access import AccessMode
from domain.pipelines import StageState
from domain.tickets import Priority
from policies import Tier

__all__ = ["AccessMode", "Priority", "StageState", "Tier"]

strawberry.enum(Tier, description="A step of the service or marketing axis of a plan, in ascending order.")
strawberry.enum(StageState, description="Whether tickets in a stage are being worked on or are done.")
strawberry.enum(
    AccessMode,
    description="Who may come near a pipeline: EVERYONE in the account; PRIVATE, its creator and super admins; "
    "RESTRICTED, those with a grant and super admins.",
)
strawberry.enum(Priority, name="TicketPriority", description="How urgent a ticket is.")
