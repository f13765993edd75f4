"""Inserting a stage among those of a pipeline (S4, S19)."""

from uuid import UUID

from domain.database.model import new_id
from domain.errors import Invalid
from domain.events.event import EventKind
from domain.pipelines.default_stages import MOST_STAGES
from domain.pipelines.pipeline import Pipeline, Stage, StageState
from domain.pipelines.pipeline_events import record_stage
from domain.pipelines.positions import number_stages
from domain.unit_of_work import UnitOfWork


def new_stage(pipeline: Pipeline, label: str, name: str, state: StageState) -> Stage:
    """A stage of a pipeline that is not inserted yet."""
    return Stage(
        account_id=pipeline.account_id,
        id=new_id(),
        pipeline_id=pipeline.id,
        internal_name=name,
        label=label,
        state=state.value,
    )


async def insert_stage(work: UnitOfWork, order: list[Stage], index: int, stage: Stage) -> UUID:
    """Insert a stage at a position and return its id. Declines INVALID for more than 100 stages."""
    if len(order) >= MOST_STAGES:
        raise Invalid(f"A pipeline has at most {MOST_STAGES} stages.", field=("pipeline",))
    order.insert(index, stage)
    work.session.add(stage)
    number_stages(order)
    await work.session.flush()
    record_stage(work, EventKind.STAGE_CREATED, stage, after={"label": stage.label, "state": stage.state})
    return stage.id
