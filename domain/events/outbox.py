"""Writing down events: all that a unit of work recorded, in one round trip, however many there are (law 3)."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Insert, Text, Uuid, bindparam, cast, column, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import TypeEngine

from domain.database.bulk_insert import table_of
from domain.database.model import Json
from domain.database.prepared import prepared_once
from domain.database.transaction import Session
from domain.events.event import Event, Outbox

# What is an event's own; account, address and the time of the unit are the same for all that it recorded.
_OWN = (
    *("id", "at", "kind", "actor_kind", "actor_id", "object_kind", "object_id"),
    *("pipeline_from", "pipeline_to", "before", "after"),
)
_TEXTS = ("before", "after")  # JSON travels as text


async def write_events(
    session: Session, account_id: UUID, address: str | None, now: datetime, happened: Sequence[Json]
) -> None:
    """Insert events, and beside each the row that asks for its journal number. One without a time happened `now`."""
    told = {name: [event[name] for event in happened] for name in _OWN}
    told["at"] = [at or now for at in told["at"]]
    for name in _TEXTS:
        told[name] = [None if value is None else json.dumps(value, ensure_ascii=False) for value in told[name]]
    await _events().rows(session, account=account_id, now=now, address=address, **told)


@prepared_once
def _events() -> Insert:
    types: dict[str, TypeEngine[Any]] = {
        name: Text() if name in _TEXTS else table_of(Event).c[name].type for name in _OWN
    }
    arrays = [bindparam(name, type_=ARRAY(type_)) for name, type_ in types.items()]
    given = func.unnest(*arrays).table_valued(*[column(name, type_) for name, type_ in types.items()], name="given")
    rows = given.render_derived()
    own: list[ColumnElement[Any]] = [cast(rows.c[name], JSONB) if name in _TEXTS else rows.c[name] for name in _OWN]
    account, address = bindparam("account", type_=Uuid()), bindparam("address", type_=Text())
    told = insert(table_of(Event)).from_select(["account_id", "address", *_OWN], select(account, address, *own))
    happened = told.returning(table_of(Event).c.id).cte("happened")
    now = bindparam("now", type_=table_of(Outbox).c["at"].type)
    waiting = select(account, now, happened.c.id)
    return insert(table_of(Outbox)).from_select(["account_id", "at", "event_id"], waiting)
