"""Mutations of stages; adding one is in `pipelines.py`."""

from uuid import UUID

from domain import pipelines, tickets
from domain.errors import Invalid
from domain.reference import Ref
from domain.unit_of_work import UnitOfWork
from resolvers.mutation import mutation
from resolvers.pipelines import find_stage, reread_pipeline


async def _lock(work: UnitOfWork, pipeline: Ref | None, stage: Ref) -> tuple[pipelines.Pipeline, pipelines.Stage]:
    """Lock the pipeline and find the stage: by its id, or by its internal name within a named pipeline."""
    if pipeline is None:
        if stage.id is None:
            raise Invalid("Name the pipeline as well: internal names of stages repeat.", field=("pipeline",))
        pipeline = Ref(id=(await pipelines.find_pipeline_of_stage(work, stage.id)).id)
    found = await pipelines.lock_pipeline(work, pipeline)
    return found, pipelines.find_stage(found, stage)


@mutation(reread=find_stage)
async def update_stage(
    work: UnitOfWork,
    *,
    pipeline: Ref | None,
    stage: Ref,
    label: str | None,
    state: pipelines.StageState | None,
    expected_revision: int | None,
) -> UUID:
    """Change the label of a stage, its state, or both."""
    home, found = await _lock(work, pipeline, stage)
    await tickets.update_stage(work, home, found, label=label, state=state, expected_revision=expected_revision)
    return found.id


@mutation(reread=reread_pipeline)
async def reorder_stages(work: UnitOfWork, *, pipeline: Ref, order: list[Ref], expected_revision: int | None) -> UUID:
    """Put the stages of a pipeline in a new order."""
    found = await pipelines.lock_pipeline(work, pipeline)
    await pipelines.reorder_stages(work, found, order, expected_revision=expected_revision)
    return found.id


@mutation(reread=reread_pipeline)
async def delete_stage(work: UnitOfWork, *, pipeline: Ref | None, stage: Ref, tickets_to: Ref | None) -> UUID:
    """Delete a stage; its tickets move to another one if that is named."""
    home, found = await _lock(work, pipeline, stage)
    target = pipelines.find_stage(home, tickets_to, field=("moveTicketsTo",)) if tickets_to else None
    await tickets.delete_stage(work, home, found, tickets_to=target)
    return home.id
