"""Many rows in one statement are the same rows as one by one: order, nulls and constants included."""

import pytest
from sqlalchemy import select, text

from domain.database.bulk_insert import load
from domain.database.model import new_id
from domain.events.event import EventKind, Outbox
from policies import Role
from tests.support import db_state
from tests.support.world import World

WRITTEN = text("""
    SELECT after ->> 'number', before IS NULL, actor_id IS NULL, pipeline_to = object_id
      FROM event WHERE kind = 'TICKET_UPDATED' ORDER BY id""")


@pytest.mark.parametrize("count", [1, 3, 49, 50, 500])
async def test_events_are_written_alike_however_many_they_are(world: World, count: int) -> None:
    ticket = new_id()

    async with world.acting(Role.OPERATOR) as work:
        for number in range(count):
            after = {"number": str(number)}
            work.record(EventKind.TICKET_UPDATED, "ticket", ticket, after=after, pipelines=(None, ticket))

    async with world.looking(Role.OPERATOR) as work:
        rows = [tuple(row) for row in await work.session.execute(WRITTEN)]
    assert rows == [(str(number), True, True, True) for number in range(count)]
    waiting = await db_state.rows(world, select(Outbox).where(Outbox.account_id == world.account_id))
    assert {event.id for event in await db_state.events(world, ticket)} <= {each.event_id for each in waiting}


async def test_no_rows_are_no_statement(world: World) -> None:
    async with world.acting(Role.OPERATOR) as work:
        await load(work.session, Outbox, [])


async def test_columns_that_are_the_same_in_all_rows_are_so_in_the_table(world: World) -> None:
    async with world.acting(Role.OPERATOR) as work:
        at = await work.clock()
        one = {"account_id": world.account_id, "at": at, "event_id": new_id()}
        await load(work.session, Outbox, [one])
        others = [{**one, "event_id": new_id()} for _ in range(3)]
        await load(work.session, Outbox, others)

    waiting = await db_state.rows(world, select(Outbox).where(Outbox.account_id == world.account_id, Outbox.at == at))
    assert {each.event_id for each in waiting} == {row["event_id"] for row in (one, *others)}
