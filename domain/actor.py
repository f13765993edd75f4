"""Who acts: the person or operator behind a unit of work, with the facts that decisions rest on.

Facts are read in the unit's own snapshot, so that a revocation holds from the next request on (B19).
"""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from policies import Permission, Plan, Role, permissions_of


class ActorKind(StrEnum):
    """Through what somebody acts; NOBODY is who tried to and was not let in."""

    PERSON = "PERSON"
    APP = "APP"
    OPERATOR = "OPERATOR"
    IMPORTED = "IMPORTED"
    NOBODY = "NOBODY"


class Reach(StrEnum):
    """How far a ticket scope reaches (B21)."""

    ALL = "ALL"
    TEAM = "TEAM"
    OWN = "OWN"
    NONE = "NONE"


class TicketScope(NamedTuple):
    """Which tickets of the visible pipelines an actor may view or edit; `unassigned` adds those without an owner."""

    reach: Reach = Reach.ALL
    unassigned: bool = True


class AppReach(StrEnum):
    """Which pipelines an API app reaches: ALL, those that are open to EVERYONE, or those LISTED for it (B32)."""

    ALL = "ALL"
    EVERYONE = "EVERYONE"
    LISTED = "LISTED"


@dataclass(frozen=True)
class Actor:
    """One actor in one account. `id` is the user's or the app's; the operator of the command line has none.

    `given` is what custom roles, or the scopes of an app, allow beyond the roles; `listed` are the pipelines that an
    app with that reach was given. `token_id` is that of the session or app secret it came with, and `use_is_stale` says
    that its last use was written down so long ago that this one should be.
    """

    account_id: UUID
    kind: ActorKind
    id: UUID | None
    roles: frozenset[Role]
    plan: Plan
    teams: frozenset[UUID] = frozenset()
    view: TicketScope = field(default=TicketScope())
    edit: TicketScope = field(default=TicketScope())
    token_id: UUID | None = None
    given: frozenset[Permission] = frozenset()
    reach: AppReach | None = None
    listed: frozenset[UUID] = frozenset()
    use_is_stale: bool = False

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """Everything that the actor's roles allow, and what was given beside them."""
        return permissions_of(self.roles) | self.given

    @property
    def user_id(self) -> UUID | None:
        """The actor where it is a user, for columns that refer to one."""
        return self.id if self.kind is ActorKind.PERSON else None

    @property
    def is_super_admin(self) -> bool:
        """Super admins reach every pipeline and have no ticket scope (spec, section C)."""
        return bool(self.roles & {Role.SUPER_ADMIN, Role.OPERATOR})

    @property
    def edits_tickets(self) -> bool:
        """Whether any ticket at all lies in the actor's edit scope (B21)."""
        return self.is_super_admin or self.edit.reach is not Reach.NONE or self.edit.unassigned
