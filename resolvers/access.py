"""The access to a pipeline: its mutations, and explanations of what a user may do."""

from dataclasses import dataclass
from uuid import UUID

from domain import access, accounts, pipelines, tickets
from domain.reference import Ref
from domain.unit_of_work import UnitOfWork
from policies import Permission
from resolvers.context import Context
from resolvers.mutation import mutation
from resolvers.pipelines import reread_pipeline
from resolvers.related import Includes, Related, load_related


@dataclass(frozen=True)
class ExplanationView:
    """An explanation, its pipeline, and the names of the users and teams in it."""

    explanation: access.Explanation
    pipeline: pipelines.Pipeline
    related: Related


@mutation(reread=reread_pipeline)
async def set_pipeline_access(
    work: UnitOfWork,
    *,
    ref: Ref,
    mode: access.AccessMode,
    grants: list[access.Grantee],
    expected_revision: int | None,
) -> UUID:
    """Set the access mode and all grants of a pipeline."""
    found = await pipelines.find_pipeline(work, ref)
    await access.set_pipeline_access(work, found.id, mode, grants, expected_revision=expected_revision)
    return found.id


@mutation(reread=reread_pipeline)
async def grant_pipeline_access(
    work: UnitOfWork, *, ref: Ref, grant: access.Grantee, expected_revision: int | None
) -> UUID:
    """Grant one user or team a level on a pipeline."""
    found = await pipelines.find_pipeline(work, ref)
    await access.grant_pipeline_access(work, found.id, grant, expected_revision=expected_revision)
    return found.id


@mutation(reread=reread_pipeline)
async def revoke_pipeline_access(
    work: UnitOfWork, *, ref: Ref, user_id: UUID | None, team_id: UUID | None, expected_revision: int | None
) -> UUID:
    """Revoke the grant of one user or team on a pipeline."""
    found = await pipelines.find_pipeline(work, ref)
    await access.revoke_pipeline_access(
        work, found.id, user_id=user_id, team_id=team_id, expected_revision=expected_revision
    )
    return found.id


async def explain_pipeline(
    context: Context, includes: Includes, *, user_id: UUID, pipeline_id: UUID, permission: Permission
) -> ExplanationView:
    """Whether a user may do something with a pipeline that the viewer sees, and why."""
    async with context.reading() as work:
        found = await pipelines.find_pipeline(work, Ref(id=pipeline_id))
        facts = await access.find_facts(work, user_id, found.id)
        return await _explained(work, includes, access.explain(facts, permission), found)


async def explain_ticket(
    context: Context, includes: Includes, *, user_id: UUID, ticket_id: UUID, permission: Permission
) -> ExplanationView:
    """Whether a user may do something with a ticket that the viewer sees, and why."""
    async with context.reading() as work:
        ticket = await tickets.find_ticket(work, ticket_id)
        found = await pipelines.find_pipeline(work, Ref(id=ticket.pipeline_id))
        facts = await access.find_facts(work, user_id, found.id)
        sight = await tickets.find_sight(work, ticket, facts.actor)
        return await _explained(work, includes, access.explain(facts, permission, sight), found)


async def _explained(
    work: UnitOfWork, includes: Includes, explanation: access.Explanation, found: pipelines.Pipeline
) -> ExplanationView:
    related = await load_related(work, includes, found=[found])
    facts = explanation.facts
    users, teams = {grant.by for grant in facts.grants}, {grant.team_id for grant in facts.grants}
    names = await accounts.find_names(work, {facts.actor.id, *users}, teams)
    related.names = {**related.names, **names}
    return ExplanationView(explanation, found, related)
