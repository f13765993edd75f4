"""Which pipelines an actor sees, at which level, and which tickets lie in their scopes: the authors of those WHERE
clauses.

Everything that can reach a pipeline or a ticket goes through here (law 1, B16). The facts are compared in SQL, in the
unit's own snapshot, end dates of grants included (B19, B22).
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from domain.access.pipeline_access import AccessMode, PipelineAccess, PipelineGrant
from domain.accounts import TeamMember
from domain.actor import Actor, ActorKind, AppReach, Reach, TicketScope
from policies import Level, Permission

Column = InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None]


def level_of(actor: Actor) -> ColumnElement[str | None]:
    """The actor's level on the pipeline of a PipelineAccess row: EDIT, VIEW, or null where they do not see it.

    EVERYONE gives EDIT; PRIVATE gives it to the creator; RESTRICTED gives what the actor or a team of theirs was
    granted; a super admin has EDIT everywhere (spec, section C), and an app what it reaches (B32). A level never adds a
    permission.
    """
    if Permission.PIPELINE_VIEW not in actor.permissions:
        return cast(null(), Text)
    if actor.is_super_admin or actor.reach is AppReach.ALL:
        return literal(Level.EDIT.value)
    if actor.kind is ActorKind.APP:
        return case((_reached(actor), Level.EDIT.value))
    return case(
        (PipelineAccess.mode == AccessMode.EVERYONE.value, Level.EDIT.value),
        (
            and_(PipelineAccess.mode == AccessMode.PRIVATE.value, PipelineAccess.created_by == actor.id),
            Level.EDIT.value,
        ),
        (PipelineAccess.mode == AccessMode.RESTRICTED.value, _highest_grant(actor)),
    )


def _reached(actor: Actor) -> ColumnElement[bool]:
    if actor.reach is AppReach.EVERYONE:
        return PipelineAccess.mode == AccessMode.EVERYONE.value
    return PipelineAccess.pipeline_id == any_(_array(actor.listed))


def _highest_grant(actor: Actor) -> ColumnElement[str | None]:
    """EDIT sorts before VIEW, so the least of an actor's levels in force is the highest."""
    grantee = PipelineGrant.user_id == actor.id
    if actor.teams:
        grantee = or_(grantee, PipelineGrant.team_id == any_(_array(actor.teams)))
    return (
        select(func.min(PipelineGrant.level))
        .where(
            PipelineGrant.account_id == PipelineAccess.account_id,
            PipelineGrant.pipeline_id == PipelineAccess.pipeline_id,
            or_(PipelineGrant.until.is_(None), PipelineGrant.until > func.now()),
            grantee,
        )
        .correlate(PipelineAccess)
        .scalar_subquery()
    )


def visible_pipelines(actor: Actor) -> Select[UUID]:
    """The ids of the pipelines that the actor sees, as a statement to select from or to compare with."""
    # It stands by itself, also within a statement that reads the same table.
    seen = select(PipelineAccess.pipeline_id).where(PipelineAccess.account_id == actor.account_id).correlate(None)
    return seen if actor.is_super_admin else seen.where(level_of(actor).is_not(None))


def in_scope(actor: Actor, scope: TicketScope, owner: Column, team: Column) -> ColumnElement[bool]:
    """Whether a ticket with that owner and that team lies in a ticket scope of the actor (B21).

    TEAM is the ticket's team or a team of its owner's; super admins have no scope, so everything lies in it.
    """
    if actor.is_super_admin or scope.reach is Reach.ALL:
        return true()
    access_paths: list[ColumnElement[bool]] = [owner.is_(None)] if scope.unassigned else []
    if scope.reach in {Reach.OWN, Reach.TEAM}:
        access_paths.append(owner == actor.id)
    if scope.reach is Reach.TEAM and actor.teams:
        colleague = exists().where(
            TeamMember.account_id == actor.account_id,
            TeamMember.team_id == any_(_array(actor.teams)),
            TeamMember.user_id == owner,
        )
        access_paths += [team == any_(_array(actor.teams)), colleague]
    return or_(false(), *access_paths)


def _array(ids: frozenset[UUID] | ColumnElement[Sequence[UUID]]) -> ColumnElement[Sequence[UUID]]:
    """Ids as one value, however many there are; what stands for ids already is left as it is."""
    return ids if isinstance(ids, ColumnElement) else literal(sorted(ids), ARRAY(Uuid()))


def editable(actor: Actor, owner: Column, team: Column) -> ColumnElement[bool]:
    """Whether a ticket lies in the actor's edit scope, as a column: false, not null, where nobody owns it."""
    return func.coalesce(in_scope(actor, actor.edit, owner, team), false())
