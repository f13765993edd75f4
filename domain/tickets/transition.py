"""The write of a move: the ticket, its visits, its closure and its key, in one statement."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import CTE, Select, Text, Uuid, bindparam, func, insert, null, select, update
from sqlalchemy.types import DateTime

from domain.actor import Actor
from domain.database.bulk_insert import table_of
from domain.database.model import new_id
from domain.database.prepared import account_of, actor_params, prepared
from domain.tickets.ticket import Closure, Ticket, TicketKey
from domain.tickets.visit import Visit
from domain.unit_of_work import UnitOfWork

_TICKET, _VISIT, _CLOSURE, _KEY = (table_of(model) for model in (Ticket, Visit, Closure, TicketKey))
_AT = bindparam("at", type_=DateTime(timezone=True))
_KIND, _BY = bindparam("kind", type_=Text()), bindparam("by", type_=Uuid())
_PIPELINE, _STAGE = bindparam("pipeline", type_=Uuid()), bindparam("stage", type_=Uuid())


class Move(NamedTuple):
    """Where a locked ticket moves. `closes` is True if that closes it, False if it reopens it, else None; `number` is
    the number of a new key, in another pipeline.
    """

    ticket_id: UUID
    pipeline_id: UUID
    stage_id: UUID
    rank: str
    key: str
    at: datetime
    to_another_stage: bool
    closes: bool | None
    number: int | None


async def write_move(work: UnitOfWork, move: Move) -> None:
    """Update the ticket; in another stage, a visit ends, one begins, and closures follow (B10, S19)."""
    statement = _rows(work.actor, another=move.to_another_stage, closes=move.closes, keyed=move.number is not None)
    await statement.rows(
        work.session,
        **actor_params(work.actor),
        ticket=move.ticket_id,
        pipeline=move.pipeline_id,
        stage=move.stage_id,
        rank=move.rank,
        key=move.key,
        number=move.number,
        at=move.at,
        kind=work.actor.kind.value,
        by=work.actor.id,
        new_visit=new_id(),
        new_closure=new_id(),
    )


@prepared
def _rows(actor: Actor, *, another: bool, closes: bool | None, keyed: bool) -> Select[UUID]:
    changed = _changed(actor, another=another, closes=closes)
    parts = [*(_visits(actor) if another else ()), *_closures(actor, closes)]
    if keyed:
        columns = ["account_id", "pipeline_id", "number", "key", "ticket_id"]
        number = bindparam("number", type_=_KEY.c.number.type)
        given = select(account_of(actor), _PIPELINE, number, bindparam("key", type_=Text()), changed.c.id)
        parts.append(insert(_KEY).from_select(columns, given).cte("keyed"))
    return select(changed.c.id).add_cte(*parts)


def _changed(actor: Actor, *, another: bool, closes: bool | None) -> CTE:
    values: dict[str, object] = {
        "rank": bindparam("rank", type_=Text()),
        "key": bindparam("key", type_=Text()),
        "revision": _TICKET.c.revision + 1,
    }
    if another:
        values |= {"pipeline_id": _PIPELINE, "stage_id": _STAGE, "entered_at": _AT}
    if closes is not None:
        values["closed_at"] = _AT if closes else null()
    mine = (_TICKET.c.account_id == actor.account_id, _TICKET.c.id == bindparam("ticket"))
    return update(_TICKET).where(*mine).values(values).returning(_TICKET.c.id).cte("changed")


def _visits(actor: Actor) -> Iterator[CTE]:
    open_visit = (_VISIT.c.account_id == actor.account_id, _VISIT.c.ticket_id == bindparam("ticket"))
    left = {"left_at": func.greatest(_AT, _VISIT.c.entered_at), "left_by_kind": _KIND, "left_by": _BY}
    ending = update(_VISIT).where(*open_visit, _VISIT.c.left_at.is_(None)).values(left)
    ended = ending.returning(_VISIT.c.ticket_id).cte("ended")
    own = ["pipeline_id", "stage_id", "entered_at", "entered_by_kind", "entered_by"]
    # Selected from the ended visit, so that it ends before the next one begins: one open visit is allowed.
    new = bindparam("new_visit", type_=Uuid())
    given = select(account_of(actor), new, ended.c.ticket_id, _PIPELINE, _STAGE, _AT, _KIND, _BY)
    yield ended
    yield insert(_VISIT).from_select(["account_id", "id", "ticket_id", *own], given).cte("begun")


def _closures(actor: Actor, closes: bool | None) -> Iterator[CTE]:
    if closes:
        columns = ["account_id", "id", "ticket_id", "closed_at", "closed_by"]
        new, ticket = bindparam("new_closure", type_=Uuid()), bindparam("ticket", type_=Uuid())
        given = select(account_of(actor), new, ticket, _AT, _BY)
        yield insert(_CLOSURE).from_select(columns, given).cte("closed")
    elif closes is False:
        mine = (_CLOSURE.c.account_id == actor.account_id, _CLOSURE.c.ticket_id == bindparam("ticket"))
        reopened = {"reopened_at": func.greatest(_AT, _CLOSURE.c.closed_at), "reopened_by": _BY}
        yield update(_CLOSURE).where(*mine, _CLOSURE.c.reopened_at.is_(None)).values(reopened).cte("reopened")
