"""Pipelines and stages: finding them for a client, and the changes of their design and order."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain import pipelines, tickets
from domain.idempotency import IdempotentRequest
from domain.reference import BOTTOM, Place, Ref
from domain.unit_of_work import UnitOfWork
from resolvers.context import Context, reread
from resolvers.related import Includes, Related, load_related


@dataclass(frozen=True)
class PipelineView:
    """One pipeline and what is shown around it; `stage` is the one that a change was about."""

    pipeline: pipelines.AnyPipeline
    related: Related
    stage: pipelines.AnyStage | None = None


@dataclass(frozen=True)
class PipelinesView:
    """All visible pipelines in order, and what is shown around them."""

    pipelines: Sequence[pipelines.AnyPipeline]
    related: Related


async def list_pipelines(context: Context, includes: Includes) -> PipelinesView:
    """Every pipeline that the viewer sees, in order."""
    async with context.reading() as work:
        found = await pipelines.read_all_pipelines(work)
        return PipelinesView(found, await load_related(work, includes, found=found))


async def find_pipeline(context: Context, ref: Ref, includes: Includes) -> PipelineView:
    """One pipeline by id or internal name."""
    async with context.reading() as work:
        found = await pipelines.read_pipeline(work, ref)
        return PipelineView(found, await load_related(work, includes, found=[found]))


async def reread_pipeline(context: Context, pipeline_id: UUID, includes: Includes) -> PipelineView:
    """A pipeline by id, as mutations return it."""
    return await find_pipeline(context, Ref(id=pipeline_id), includes)


async def find_stage(context: Context, stage_id: UUID, includes: Includes) -> PipelineView:
    """One stage by id, with its pipeline."""
    async with context.reading() as work:
        found = await pipelines.read_pipeline_of_stage(work, stage_id)
        related = await load_related(work, includes, found=[found])
        return PipelineView(found, related, pipelines.find_stage(found, Ref(id=stage_id)))


async def create_pipeline(
    context: Context,
    once: IdempotentRequest,
    includes: Includes,
    *,
    label: str,
    stages: list[pipelines.StageDraft] | None,
) -> PipelineView | None:
    """Create a pipeline."""

    async def verb(work: UnitOfWork) -> UUID:
        limits = context.services.plan_limits
        return await pipelines.create_pipeline(work, label=label, stages=stages, limits=limits)

    return await reread(find_pipeline(context, Ref(id=await context.perform(once, verb)), includes))


async def rename_pipeline(
    context: Context,
    once: IdempotentRequest,
    includes: Includes,
    *,
    ref: Ref,
    label: str,
    expected_revision: int | None,
) -> PipelineView | None:
    """Change a pipeline's label."""

    async def verb(work: UnitOfWork) -> UUID:
        found = await pipelines.lock_pipeline(work, ref)
        await pipelines.rename_pipeline(work, found, label, expected_revision=expected_revision)
        return found.id

    return await reread(find_pipeline(context, Ref(id=await context.perform(once, verb)), includes))


async def set_pipeline_card(
    context: Context,
    once: IdempotentRequest,
    includes: Includes,
    *,
    ref: Ref,
    names: list[str],
    expected_revision: int | None,
) -> PipelineView | None:
    """Choose what a pipeline's cards show."""

    async def verb(work: UnitOfWork) -> UUID:
        found = await pipelines.lock_pipeline(work, ref)
        await pipelines.set_pipeline_card(work, found, names, expected_revision=expected_revision)
        return found.id

    return await reread(find_pipeline(context, Ref(id=await context.perform(once, verb)), includes))


async def reorder_pipelines(
    context: Context, once: IdempotentRequest, includes: Includes, *, order: list[Ref], expected_order: list[Ref] | None
) -> PipelinesView:
    """Put the visible pipelines in a new order."""

    async def verb(work: UnitOfWork) -> UUID:
        await pipelines.reorder_pipelines(work, order, expected_order=expected_order)
        return work.account_id

    await context.perform(once, verb)
    return await list_pipelines(context, includes)


async def delete_pipeline(context: Context, once: IdempotentRequest, *, ref: Ref, new_default: Ref | None) -> UUID:
    """Delete a pipeline that holds no tickets."""

    async def verb(work: UnitOfWork) -> UUID:
        found = await pipelines.find_pipeline(work, ref)
        heir = None
        if new_default is not None:
            heir = await pipelines.find_pipeline(work, new_default, field=("newDefault",))
        await tickets.delete_pipeline(work, found, new_default=heir)
        return found.id

    return await context.perform(once, verb)


async def add_stage(
    context: Context,
    once: IdempotentRequest,
    includes: Includes,
    *,
    ref: Ref,
    label: str,
    state: pipelines.StageState,
    place: Place = BOTTOM,
) -> PipelineView | None:
    """Add a stage to a pipeline."""

    async def verb(work: UnitOfWork) -> UUID:
        found = await pipelines.lock_pipeline(work, ref)
        return await pipelines.add_stage(work, found, label=label, state=state, place=place)

    return await reread(find_stage(context, await context.perform(once, verb), includes))


async def restore_default_stages(
    context: Context, once: IdempotentRequest, includes: Includes, *, ref: Ref
) -> PipelineView | None:
    """Bring back the default stages that were deleted."""

    async def verb(work: UnitOfWork) -> UUID:
        found = await pipelines.lock_pipeline(work, ref)
        await pipelines.restore_default_stages(work, found)
        return found.id

    return await reread(find_pipeline(context, Ref(id=await context.perform(once, verb)), includes))
