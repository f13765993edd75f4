"""Deleting a pipeline that holds no tickets, and naming the new default pipeline (S3, S13, S14)."""

from sqlalchemy import delete, func, select

from domain import accounts
from domain.authorization import require
from domain.errors import Invalid, Refusal
from domain.events.event import EventKind
from domain.pipelines import Pipeline, change_pipeline, find_pipeline, lock_pipeline
from domain.reference import Ref
from domain.tickets.emptiness import lock_for_removal, refuse_tickets
from domain.unit_of_work import UnitOfWork
from policies import Permission


class LastPipeline(Refusal):
    """An account keeps at least one pipeline (S14)."""

    code = "LAST_PIPELINE"

    def __init__(self) -> None:
        super().__init__("An account keeps at least one pipeline; this is the last one.", field=("pipeline",))


async def delete_pipeline(work: UnitOfWork, pipeline: Pipeline, *, new_default: Pipeline | None = None) -> None:
    """Delete a pipeline that holds no tickets (S13, S14); with the default one, the new default is named (S3).

    Declines NOT_PERMITTED, LAST_PIPELINE, and NOT_EMPTY with the number of tickets that the actor sees.
    """
    require(work.actor, Permission.PIPELINE_DELETE, level=pipeline.level)
    await accounts.lock_account(work)
    pipeline = await lock_pipeline(work, Ref(id=pipeline.id))
    others = select(func.count()).where(Pipeline.account_id == work.account_id, Pipeline.id != pipeline.id)
    if not (await work.session.execute(others)).scalar_one():
        raise LastPipeline
    await lock_for_removal(work, pipeline.stages)
    await refuse_tickets(work, "pipeline", pipeline.stages, field=("pipeline",))
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
