"""Pipelines: finding them, and their mutations; those of single stages are in `stages.py`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain import pipelines, tickets
from domain.reference import Place, Ref
from domain.unit_of_work import UnitOfWork
from policies import Tier
from resolvers.context import Context
from resolvers.mutation import mutation, plain_mutation
from resolvers.related import Includes, Related, load_related


@dataclass(frozen=True)
class PipelineView:
    """One pipeline and its related data; `stage` is the stage that a mutation changed."""

    pipeline: pipelines.AnyPipeline
    related: Related
    stage: pipelines.AnyStage | None = None


@dataclass(frozen=True)
class PipelinesView:
    """All visible pipelines in order, and their related data."""

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


async def _reread_all(context: Context, _: UUID, includes: Includes) -> PipelinesView:
    return await list_pipelines(context, includes)


@mutation(reread=reread_pipeline)
async def create_pipeline(
    work: UnitOfWork, *, label: str, stages: list[pipelines.StageDraft] | None, limits: Mapping[Tier, int]
) -> UUID:
    """Create a pipeline."""
    return await pipelines.create_pipeline(work, label=label, stages=stages, limits=limits)


@mutation(reread=reread_pipeline)
async def rename_pipeline(work: UnitOfWork, *, ref: Ref, label: str, expected_revision: int | None) -> UUID:
    """Change the label of a pipeline."""
    found = await pipelines.lock_pipeline(work, ref)
    await pipelines.rename_pipeline(work, found, label, expected_revision=expected_revision)
    return found.id


@mutation(reread=reread_pipeline)
async def set_pipeline_card(work: UnitOfWork, *, ref: Ref, names: list[str], expected_revision: int | None) -> UUID:
    """Set the properties that the cards of a pipeline show."""
    found = await pipelines.lock_pipeline(work, ref)
    await pipelines.set_pipeline_card(work, found, names, expected_revision=expected_revision)
    return found.id


@mutation(reread=_reread_all)
async def reorder_pipelines(work: UnitOfWork, *, order: list[Ref], expected_order: list[Ref] | None) -> UUID:
    """Put the visible pipelines in a new order."""
    await pipelines.reorder_pipelines(work, order, expected_order=expected_order)
    return work.account_id


@plain_mutation
async def delete_pipeline(work: UnitOfWork, *, ref: Ref, new_default: Ref | None) -> UUID:
    """Delete a pipeline that holds no tickets."""
    found = await pipelines.find_pipeline(work, ref)
    heir = None
    if new_default is not None:
        heir = await pipelines.find_pipeline(work, new_default, field=("newDefault",))
    await tickets.delete_pipeline(work, found, new_default=heir)
    return found.id


@mutation(reread=find_stage)
async def add_stage(work: UnitOfWork, *, ref: Ref, label: str, state: pipelines.StageState, place: Place) -> UUID:
    """Add a stage to a pipeline."""
    found = await pipelines.lock_pipeline(work, ref)
    return await pipelines.add_stage(work, found, label=label, state=state, place=place)


@mutation(reread=reread_pipeline)
async def restore_default_stages(work: UnitOfWork, *, ref: Ref) -> UUID:
    """Restore the default stages that were deleted."""
    found = await pipelines.lock_pipeline(work, ref)
    await pipelines.restore_default_stages(work, found)
    return found.id
