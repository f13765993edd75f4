"""Retiring things that hold tickets: deleting a ticket, a stage, a pipeline (S3, S13, S14, S24).

A deleted ticket is archived; stages and pipelines go only when nothing stands in them.
"""

from collections.abc import Sequence

from sqlalchemy import delete, func, select

from domain import accounts
from domain.authorization import require
from domain.database.model import new_id
from domain.errors import Invalid, Path, Refusal, expect_revision
from domain.events.event import EventKind
from domain.pipelines import (
    Pipeline,
    Stage,
    change_pipeline,
    find_pipeline,
    lock_pipeline,
    number_stages,
    record_stage,
    require_both_states,
)
from domain.reference import Ref
from domain.tickets.finders import lock_ticket, visible
from domain.tickets.move_all_tickets import move_all_tickets
from domain.tickets.ticket import Archival, Ticket
from domain.tickets.visits import end_visits
from domain.unit_of_work import UnitOfWork
from policies import Permission


class NotEmpty(Refusal):
    """What is to be deleted still holds tickets; carries how many of them the actor sees (S13, S14)."""

    code = "NOT_EMPTY"

    def __init__(self, what: str, tickets: int, *, field: Path) -> None:
        counted = f"{tickets} ticket{'s' if tickets != 1 else ''}" if tickets else "tickets"
        super().__init__(
            f"The {what} still holds {counted}; move or delete them first.", field=field, tickets=tickets or None
        )


class LastPipeline(Refusal):
    """An account keeps at least one pipeline (S14)."""

    code = "LAST_PIPELINE"

    def __init__(self) -> None:
        super().__init__("An account keeps at least one pipeline; this is the last one.", field=("pipeline",))


async def delete_ticket(
    work: UnitOfWork, ticket: Ticket, *, pipeline: Pipeline, expected_revision: int | None = None
) -> None:
    """Archive a ticket: it leaves boards, counts and finders, and its open visit ends (settled choice 7)."""
    require(work.actor, Permission.TICKET_DELETE, level=pipeline.level, in_scope=ticket.in_edit_scope)
    ticket = await lock_ticket(work, ticket)
    require(work.actor, Permission.TICKET_DELETE, level=pipeline.level, in_scope=ticket.in_edit_scope)
    expect_revision(ticket.revision, expected_revision)
    at = await work.clock(not_before=ticket.entered_at)
    ticket.archived_at = at
    ticket.revision += 1
    await end_visits(work, [ticket.id], at)
    work.session.add(
        Archival(
            account_id=work.account_id, id=new_id(), ticket_id=ticket.id, archived_at=at, archived_by=work.actor.id
        )
    )
    pipelines = (ticket.pipeline_id, ticket.pipeline_id)
    before = {"stage": str(ticket.stage_id), "key": ticket.key}
    work.record(EventKind.TICKET_DELETED, "ticket", ticket.id, before=before, pipelines=pipelines)


async def delete_stage(work: UnitOfWork, pipeline: Pipeline, stage: Stage, *, tickets_to: Stage | None = None) -> None:
    """Delete a stage of a locked pipeline; its tickets go to another stage of it where one is named (S24).

    Declines NOT_PERMITTED, STATE_MISSING where it is the last of its state (S21), and NOT_EMPTY with the count of the
    tickets that the actor sees in it.
    """
    require(work.actor, Permission.PIPELINE_EDIT, level=pipeline.level)
    left = [each for each in pipeline.stages if each.id != stage.id]
    require_both_states([each.state for each in left])
    if tickets_to is not None and tickets_to.id == stage.id:
        raise Invalid("Tickets cannot go to the stage that is deleted.", field=("moveTicketsTo",))
    await _close_to_newcomers(work, [stage], left if tickets_to is not None else ())
    if tickets_to is not None:
        await move_all_tickets(work, pipeline, stage, tickets_to)
    await _refuse_tickets(work, "stage", [stage], field=("stage",))
    record_stage(work, EventKind.STAGE_DELETED, stage, before={"label": stage.label, "state": stage.state})
    await work.session.execute(delete(Stage).where(Stage.account_id == work.account_id, Stage.id == stage.id))
    number_stages(left)
    pipeline.revision += 1


async def delete_pipeline(work: UnitOfWork, pipeline: Pipeline, *, new_default: Pipeline | None = None) -> None:
    """Delete a pipeline that holds no tickets (S13, S14); with the default one, the new default is named (S3).

    Declines NOT_PERMITTED, LAST_PIPELINE, NOT_EMPTY with the count of the tickets that the actor sees.
    """
    require(work.actor, Permission.PIPELINE_DELETE, level=pipeline.level)
    await accounts.lock_account(work)
    pipeline = await lock_pipeline(work, Ref(id=pipeline.id))
    others = select(func.count()).where(Pipeline.account_id == work.account_id, Pipeline.id != pipeline.id)
    if not (await work.session.execute(others)).scalar_one():
        raise LastPipeline
    await _close_to_newcomers(work, pipeline.stages)
    await _refuse_tickets(work, "pipeline", pipeline.stages, field=("pipeline",))
    if pipeline.is_default:
        await _hand_over_default(work, pipeline, new_default)
    change_pipeline(work, EventKind.PIPELINE_DELETED, pipeline, {"label": pipeline.label}, None)
    await work.session.flush()
    gone = delete(Pipeline).where(Pipeline.account_id == work.account_id, Pipeline.id == pipeline.id)
    await work.session.execute(gone)


async def _hand_over_default(work: UnitOfWork, pipeline: Pipeline, new_default: Pipeline | None) -> None:
    if new_default is None or new_default.id == pipeline.id:
        raise Invalid("This is the default pipeline: name another one as `newDefault`.", field=("newDefault",))
    heir = await find_pipeline(work, Ref(id=new_default.id), field=("newDefault",))
    require(work.actor, Permission.PIPELINE_EDIT, level=heir.level)
    pipeline.is_default = False
    await work.session.flush()
    heir.is_default = True
    change_pipeline(work, EventKind.PIPELINE_MADE_DEFAULT, heir, None, {"insteadOf": pipeline.internal_name})


async def _close_to_newcomers(work: UnitOfWork, going: list[Stage], staying: Sequence[Stage] = ()) -> None:
    """Lock stages that are to go against every ticket that would enter them, and those that stay as for a move.

    Before any ticket (settled choice 9): those that stay are renumbered, and a move waits for its ticket with its stage
    in hand.
    """
    held = select(Stage.id).where(Stage.account_id == work.account_id).order_by(Stage.id)
    await work.session.execute(held.where(Stage.id.in_([stage.id for stage in going])).with_for_update())
    if staying:
        others = held.where(Stage.id.in_([stage.id for stage in staying]))
        await work.session.execute(others.with_for_update(key_share=True))


async def _refuse_tickets(work: UnitOfWork, what: str, stages: list[Stage], *, field: Path) -> None:
    """Refuse when tickets stand in the stages: with the count of those the actor sees, else only that there are
    some.
    """
    inside = Ticket.stage_id.in_([stage.id for stage in stages])
    standing = select(Ticket.id).where(Ticket.account_id == work.account_id, Ticket.archived_at.is_(None), inside)
    if (await work.session.execute(standing.limit(1))).first() is None:
        return
    counted = visible(work).where(inside).with_only_columns(func.count())
    raise NotEmpty(what, (await work.session.execute(counted)).scalar_one(), field=field)
