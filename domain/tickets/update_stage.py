"""Updating a stage: its label, and its state, which closes or reopens its tickets without running actions (S19)."""

from domain.authorization import require
from domain.errors import expect_revision
from domain.events.event import EventKind
from domain.pipelines import Pipeline, Stage, StageState, record_stage, rename_stage, require_both_states
from domain.tickets.locks import lock_stage, lock_tickets_in
from domain.tickets.visits import close_or_reopen_all
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def update_stage(
    work: UnitOfWork,
    pipeline: Pipeline,
    stage: Stage,
    *,
    label: str | None = None,
    state: StageState | None = None,
    expected_revision: int | None = None,
) -> None:
    """Change the label of a stage of a locked pipeline, its state, or both; None leaves it as it is.

    Declines NOT_PERMITTED; CONFLICT on a stale revision; INVALID for a bad label; STATE_MISSING (S21).
    """
    require(work.actor, Permission.PIPELINE_EDIT, level=pipeline.level)
    expect_revision(stage.revision, expected_revision)
    if label is not None:
        await rename_stage(work, pipeline, stage, label)
    if state is not None:
        await set_stage_state(work, pipeline, stage, state)


async def set_stage_state(work: UnitOfWork, pipeline: Pipeline, stage: Stage, state: StageState) -> None:
    """Make a stage of a locked pipeline OPEN or CLOSED; the close dates of its tickets follow (S19).

    Declines NOT_PERMITTED, and STATE_MISSING for the last stage of its state (S21).
    """
    require(work.actor, Permission.PIPELINE_EDIT, level=pipeline.level)
    if stage.state == state.value:
        return
    after = [state.value if each.id == stage.id else each.state for each in pipeline.stages]
    require_both_states(after, field=("state",))
    await lock_stage(work, stage)
    before, stage.state = stage.state, state.value
    stage.revision += 1
    record_stage(work, EventKind.STAGE_UPDATED, stage, before={"state": before}, after={"state": state.value})
    tickets = await lock_tickets_in(work, stage)
    changed = await close_or_reopen_all(work, tickets, state, await work.clock())
    kind = EventKind.TICKET_CLOSED if state is StageState.CLOSED else EventKind.TICKET_REOPENED
    for ticket in changed:
        pipelines = (pipeline.id, pipeline.id)
        work.record(kind, "ticket", ticket, after={"stage": str(stage.id)}, pipelines=pipelines)
