"""Scoping: which tickets of the visible pipelines a user may view, and which of these they may edit (B21)."""

from typing import NamedTuple
from uuid import UUID

from domain.accounts import User
from domain.actor import Reach, TicketScope
from domain.authorization import require
from domain.database.model import Json
from domain.errors import Invalid
from domain.events.event import EventKind
from domain.people.user_locks import lock_user
from domain.unit_of_work import UnitOfWork
from policies import Permission

_WIDTH = {Reach.NONE: 0, Reach.OWN: 1, Reach.TEAM: 2, Reach.ALL: 3}


class Scopes(NamedTuple):
    """The view scope and the edit scope of a user; both reach everything by default."""

    view: TicketScope = TicketScope()
    edit: TicketScope = TicketScope()


async def set_ticket_scopes(
    work: UnitOfWork, user_id: UUID, scopes: Scopes, *, expected_revision: int | None = None
) -> None:
    """Set both ticket scopes of a user; they hold from the user's next request on, and bind no super admin (B21).

    Declines NOT_PERMITTED, NOT_FOUND, CONFLICT, and INVALID for an edit scope that is wider than the view scope.
    """
    require(work.actor, Permission.PEOPLE_MANAGE)
    scopes = check_scopes(scopes)
    user = await lock_user(work, user_id, expected_revision=expected_revision)
    held = Scopes(user.view_scope, user.edit_scope)
    if scopes == held:
        return
    apply_scopes(user, scopes)
    user.revision += 1
    work.record(EventKind.USER_SCOPES_UPDATED, "user", user.id, before=told_scopes(held), after=told_scopes(scopes))


def check_scopes(scopes: Scopes) -> Scopes:
    """The same scopes, ALL with unassigned tickets. Declines INVALID unless all that could be edited can be viewed."""
    view, edit = scopes
    if _WIDTH[edit.reach] > _WIDTH[view.reach]:
        raise Invalid(
            f"Only what can be viewed can be edited: with a view reach of {view.reach.value}, the edit reach cannot be "
            f"{edit.reach.value}.",
            field=("edit", "reach"),
        )
    if edit.unassigned and not view.unassigned and view.reach is not Reach.ALL:
        raise Invalid(
            "Only what can be viewed can be edited: let the user view unassigned tickets too, or edit none of them.",
            field=("edit", "unassigned"),
        )
    return Scopes(*[TicketScope() if scope.reach is Reach.ALL else scope for scope in scopes])


def apply_scopes(user: User, scopes: Scopes) -> None:
    """Write both scopes into a user."""
    user.view_reach, user.view_unassigned = scopes.view.reach.value, scopes.view.unassigned
    user.edit_reach, user.edit_unassigned = scopes.edit.reach.value, scopes.edit.unassigned


def told_scopes(scopes: Scopes) -> Json:
    """Scopes as events have them."""
    return {
        name: {"reach": scope.reach.value, "unassigned": scope.unassigned}
        for name, scope in (("view", scopes.view), ("edit", scopes.edit))
    }
