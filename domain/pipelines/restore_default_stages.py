"""Restoring the default stages that were deleted (S4)."""

from domain.authorization import require
from domain.labels import internal_name
from domain.pipelines.default_stages import DEFAULT_STAGES, SUPPORT
from domain.pipelines.new_stage import insert_stage, new_stage
from domain.pipelines.pipeline import Pipeline
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def restore_default_stages(work: UnitOfWork, pipeline: Pipeline) -> None:
    """Restore, at the end, those of the four default stages that were deleted; also on FREE (S4).

    Other pipelines than the first one of an account may never have had them: there it counts as adding stages. Declines
    NOT_PERMITTED, PLAN_TOO_LOW.
    """
    is_first = pipeline.internal_name == SUPPORT
    require(work.actor, Permission.PIPELINE_EDIT if is_first else Permission.STAGE_ADD, level=pipeline.level)
    taken = {stage.internal_name for stage in pipeline.stages}
    missing = [(name, draft) for draft in DEFAULT_STAGES if (name := internal_name(draft.label)) not in taken]
    if not missing:
        return
    pipeline.revision += 1
    order = list(pipeline.stages)
    for name, draft in missing:
        await insert_stage(work, order, len(order), new_stage(pipeline, draft.label, name, draft.state))
