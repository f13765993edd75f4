"""Managing who may view and edit a pipeline."""

from dataclasses import dataclass
from uuid import UUID

from domain import access, accounts, pipelines, tickets
from domain.idempotency import IdempotentRequest
from domain.reference import Ref
from domain.unit_of_work import UnitOfWork
from policies import Permission
from resolvers.context import Context, reread
from resolvers.pipelines import PipelineView, find_pipeline
from resolvers.related import Includes, Related, load_related


@dataclass(frozen=True)
class ExplanationView:
    """An explanation, the pipeline that it is about, and the names of whom it mentions."""

    explanation: access.Explanation
    pipeline: pipelines.Pipeline
    related: Related


async def set_pipeline_access(
    context: Context,
    once: IdempotentRequest,
    includes: Includes,
    *,
    ref: Ref,
    mode: access.AccessMode,
    grants: list[access.Grantee],
    expected_revision: int | None,
) -> PipelineView | None:
    """Set a pipeline's access mode and all its grants."""

    async def verb(work: UnitOfWork) -> UUID:
        found = await pipelines.find_pipeline(work, ref)
        await access.set_pipeline_access(work, found.id, mode, grants, expected_revision=expected_revision)
        return found.id

    return await reread(find_pipeline(context, Ref(id=await context.perform(once, verb)), includes))


async def grant_pipeline_access(
    context: Context,
    once: IdempotentRequest,
    includes: Includes,
    *,
    ref: Ref,
    grant: access.Grantee,
    expected_revision: int | None,
) -> PipelineView | None:
    """Give one user or team a level on a pipeline."""

    async def verb(work: UnitOfWork) -> UUID:
        found = await pipelines.find_pipeline(work, ref)
        await access.grant_pipeline_access(work, found.id, grant, expected_revision=expected_revision)
        return found.id

    return await reread(find_pipeline(context, Ref(id=await context.perform(once, verb)), includes))


async def revoke_pipeline_access(
    context: Context,
    once: IdempotentRequest,
    includes: Includes,
    *,
    ref: Ref,
    user_id: UUID | None,
    team_id: UUID | None,
    expected_revision: int | None,
) -> PipelineView | None:
    """Take away what one user or team was granted on a pipeline."""

    async def verb(work: UnitOfWork) -> UUID:
        found = await pipelines.find_pipeline(work, ref)
        await access.revoke_pipeline_access(
            work, found.id, user_id=user_id, team_id=team_id, expected_revision=expected_revision
        )
        return found.id

    return await reread(find_pipeline(context, Ref(id=await context.perform(once, verb)), includes))


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
