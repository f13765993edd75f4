"""Adding a stage to a pipeline (S4, S19)."""

from uuid import UUID

from domain.authorization import require
from domain.labels import clean_label, internal_name
from domain.pipelines.finders import find_stage
from domain.pipelines.new_stage import insert_stage, new_stage
from domain.pipelines.pipeline import Pipeline, StageState
from domain.reference import BOTTOM, Place, Ref
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def add_stage(
    work: UnitOfWork, pipeline: Pipeline, *, label: str, state: StageState, place: Place = BOTTOM
) -> UUID:
    """Add a stage after the existing ones, or at a place among them, and return its id (S19).

    Declines NOT_PERMITTED, PLAN_TOO_LOW below STARTER (S4), and INVALID for more than 100 stages.
    """
    require(work.actor, Permission.STAGE_ADD, level=pipeline.level)
    label = clean_label(label)
    taken = {stage.internal_name for stage in pipeline.stages}
    order = list(pipeline.stages)
    pipeline.revision += 1
    return await insert_stage(
        work, order, _index(pipeline, place), new_stage(pipeline, label, internal_name(label, taken), state)
    )


def _index(pipeline: Pipeline, place: Place) -> int:
    if place.top:
        return 0
    if place.before is not None:
        return pipeline.stages.index(find_stage(pipeline, Ref(id=place.before), field=("place", "before")))
    if place.after is not None:
        return pipeline.stages.index(find_stage(pipeline, Ref(id=place.after), field=("place", "after"))) + 1
    return len(pipeline.stages)
