"""Changes of a stage: what it is called, its state, its place among the others, and its end."""

from uuid import UUID

from domain import pipelines, tickets
from domain.errors import Invalid
from domain.idempotency import IdempotentRequest
from domain.reference import Ref
from domain.unit_of_work import UnitOfWork
from resolvers.context import Context, reread
from resolvers.pipelines import PipelineView, find_pipeline, find_stage
from resolvers.related import Includes


async def _lock(work: UnitOfWork, pipeline: Ref | None, stage: Ref) -> tuple[pipelines.Pipeline, pipelines.Stage]:
    """The pipeline, locked, and the stage: named by its id alone, or by its internal name within a named pipeline."""
    if pipeline is None:
        if stage.id is None:
            raise Invalid("Name the pipeline as well: internal names of stages repeat.", field=("pipeline",))
        pipeline = Ref(id=(await pipelines.find_pipeline_of_stage(work, stage.id)).id)
    found = await pipelines.lock_pipeline(work, pipeline)
    return found, pipelines.find_stage(found, stage)


async def update_stage(
    context: Context,
    once: IdempotentRequest,
    includes: Includes,
    *,
    pipeline: Ref | None,
    stage: Ref,
    label: str | None,
    state: pipelines.StageState | None,
    expected_revision: int | None,
) -> PipelineView | None:
    """Rename a stage, flip it between OPEN and CLOSED, or both."""

    async def verb(work: UnitOfWork) -> UUID:
        found, changed = await _lock(work, pipeline, stage)
        await tickets.update_stage(work, found, changed, label=label, state=state, expected_revision=expected_revision)
        return changed.id

    return await reread(find_stage(context, await context.perform(once, verb), includes))


async def reorder_stages(
    context: Context,
    once: IdempotentRequest,
    includes: Includes,
    *,
    pipeline: Ref,
    order: list[Ref],
    expected_revision: int | None,
) -> PipelineView | None:
    """Put the stages of a pipeline in a new order."""

    async def verb(work: UnitOfWork) -> UUID:
        found = await pipelines.lock_pipeline(work, pipeline)
        await pipelines.reorder_stages(work, found, order, expected_revision=expected_revision)
        return found.id

    return await reread(find_pipeline(context, Ref(id=await context.perform(once, verb)), includes))


async def delete_stage(
    context: Context,
    once: IdempotentRequest,
    includes: Includes,
    *,
    pipeline: Ref | None,
    stage: Ref,
    tickets_to: Ref | None,
) -> PipelineView | None:
    """Delete a stage, its tickets going to another one where that is named."""

    async def verb(work: UnitOfWork) -> UUID:
        found, gone = await _lock(work, pipeline, stage)
        heir = pipelines.find_stage(found, tickets_to, field=("moveTicketsTo",)) if tickets_to else None
        await tickets.delete_stage(work, found, gone, tickets_to=heir)
        return found.id

    return await reread(find_pipeline(context, Ref(id=await context.perform(once, verb)), includes))
