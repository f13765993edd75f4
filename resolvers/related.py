"""The scene: everything that a payload shows around what was asked for, fetched before anything is shown.

Below the root nothing waits for the database, so owners, teams, visits and access are read here, set by set, and only
when the selection asks for them (performance).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from domain import access, accounts, apps, boards, people, pipelines, properties, tickets
from domain.actor import Actor, ActorKind
from domain.unit_of_work import UnitOfWork

AnyTicket = tickets.Ticket | boards.AnyCard


@dataclass(frozen=True)
class Includes:
    """What the selection shows around its subjects; `wide` are the columns of tickets that may be large. `rendered` is
    whether cards may come in the texts that the answer is made of.
    """

    people: bool = True
    visits: bool = False
    access: bool = False
    card: bool = False
    own_properties: bool = False
    members: bool = False
    custom_roles: bool = False
    wide: bool = True
    rendered: bool = False


@dataclass
class Related:
    """What was found: by id, and ready to be shown to this actor."""

    actor: Actor
    includes: Includes
    pipelines: Mapping[UUID, pipelines.AnyPipeline]
    names: Mapping[UUID, accounts.Name] = field(default_factory=dict)
    app_names: Mapping[UUID, str] = field(default_factory=dict)
    visits: Mapping[UUID, Sequence[tickets.Visit]] = field(default_factory=dict)
    modes: Mapping[UUID, access.PipelineAccess] = field(default_factory=dict)
    grants: Mapping[UUID, Sequence[access.PipelineGrant]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[UUID, Sequence[accounts.Name]] | None = None


async def load_related(
    work: UnitOfWork,
    includes: Includes,
    *,
    found: Iterable[pipelines.AnyPipeline] = (),
    subjects: Sequence[AnyTicket] = (),
    names: Mapping[UUID, accounts.Name] | None = None,
) -> Related:
    """The scene around some pipelines and tickets; pipelines of tickets, and of their visits, are found as needed, and
    so are the names that are not among the given ones.
    """
    known: dict[UUID, pipelines.AnyPipeline] = {pipeline.id: pipeline for pipeline in found}
    visits = await tickets.list_visits(work, [ticket.id for ticket in subjects]) if includes.visits and subjects else []
    homes = {ticket.pipeline_id for ticket in subjects} | {visit.pipeline_id for visit in visits}
    if homes - known.keys():
        known |= await pipelines.read_pipelines(work, homes - known.keys())
    _check(known, homes)
    related = Related(work.actor, includes, known, names or {})
    related.visits = _grouped(visits)
    if includes.access and known:
        await _add_access(work, related)
    if includes.people:
        await _add_names(work, related, subjects, visits)
    if includes.own_properties and subjects:
        related.labels = {defined.internal_name: defined.label for defined in await properties.list_properties(work)}
    return related


def _check(known: Mapping[UUID, pipelines.AnyPipeline], homes: Iterable[UUID]) -> None:
    """Whatever is shown is in a pipeline that was found as this actor, at a level: else a finder of ours forgot whom it
    looks for, and the answer is an error and not what is hidden (B16, decision 24).
    """
    if any(home not in known for home in homes) or any(found.level is None for found in known.values()):
        raise LookupError("something was found in a pipeline on which the actor has no level")


def _grouped(visits: Iterable[tickets.Visit]) -> dict[UUID, list[tickets.Visit]]:
    by_ticket: dict[UUID, list[tickets.Visit]] = {}
    for visit in visits:
        by_ticket.setdefault(visit.ticket_id, []).append(visit)
    return by_ticket


async def _add_access(work: UnitOfWork, related: Related) -> None:
    """Modes and grants are shown to super admins alone (S11)."""
    if not work.actor.is_super_admin:
        return
    related.modes = await access.find_access(work, list(related.pipelines))
    grants: dict[UUID, list[access.PipelineGrant]] = {}
    for grant in await access.find_grants(work, list(related.pipelines)):
        grants.setdefault(grant.pipeline_id, []).append(grant)
    related.grants = grants


async def _add_names(
    work: UnitOfWork, related: Related, subjects: Sequence[AnyTicket], visits: Sequence[tickets.Visit]
) -> None:
    grants = [grant for given in related.grants.values() for grant in given]
    users: set[UUID | None] = {ticket.owner_id for ticket in subjects}
    users |= {visit.entered_by for visit in visits} | {visit.left_by for visit in visits}
    users |= {grant.user_id for grant in grants} | {grant.granted_by for grant in grants}
    users |= {row.created_by for row in related.modes.values()}
    teams: set[UUID | None] = {ticket.team_id for ticket in subjects} | {grant.team_id for grant in grants}
    known = related.names
    related.names = {**known, **await accounts.find_names(work, users - known.keys(), teams - known.keys())}
    related.app_names = await apps.find_names(work, _apps_of(visits))
    if related.includes.members:
        related.members = await people.find_members_of_teams(work, (team for team in teams if team is not None))


def _apps_of(visits: Sequence[tickets.Visit]) -> set[UUID]:
    acted: list[tuple[str | None, UUID | None]] = [(visit.entered_by_kind, visit.entered_by) for visit in visits]
    acted += [(visit.left_by_kind, visit.left_by) for visit in visits]
    return {by for kind, by in acted if by is not None and kind == ActorKind.APP.value}
