"""Deleting a stage, and moving its tickets to another one first (S24)."""

from sqlalchemy import delete

from domain.authorization import require
from domain.errors import Invalid
from domain.events.event import EventKind
from domain.pipelines import Pipeline, Stage, number_stages, record_stage, require_both_states
from domain.tickets.emptiness import lock_for_removal, refuse_tickets
from domain.tickets.move_all_tickets import move_all_tickets
from domain.unit_of_work import UnitOfWork
from policies import Permission


async def delete_stage(work: UnitOfWork, pipeline: Pipeline, stage: Stage, *, tickets_to: Stage | None = None) -> None:
    """Delete a stage of a locked pipeline; its tickets move to another stage of it if one is named (S24).

    Declines NOT_PERMITTED; STATE_MISSING for the last stage of its state (S21); NOT_EMPTY with the number of tickets
    that the actor sees in it.
    """
    require(work.actor, Permission.PIPELINE_EDIT, level=pipeline.level)
    left = [each for each in pipeline.stages if each.id != stage.id]
    require_both_states([each.state for each in left])
    if tickets_to is not None and tickets_to.id == stage.id:
        raise Invalid("Name another stage: tickets cannot move to the stage to delete.", field=("moveTicketsTo",))
    await lock_for_removal(work, [stage], left if tickets_to is not None else ())
    if tickets_to is not None:
        await move_all_tickets(work, pipeline, stage, tickets_to)
    await refuse_tickets(work, "stage", [stage], field=("stage",))
    record_stage(work, EventKind.STAGE_DELETED, stage, before={"label": stage.label, "state": stage.state})
    await work.session.execute(delete(Stage).where(Stage.account_id == work.account_id, Stage.id == stage.id))
    number_stages(left)
    pipeline.revision += 1
