"""The server is killed ten times while eight clients write: what was acknowledged is there, and what was not is done
once when it is asked again.
"""

import asyncio
from collections.abc import Callable
from itertools import groupby
from random import Random

import asyncpg

from tests.journeys.boards import default_stages
from tests.journeys.people import AMY, Hall
from tests.journeys.writers import Writer, acknowledged, deeds_by_card, outcome, writing
from tests.support.client import Client
from tests.support.invariants import assert_sound
from tests.support.site import Site, until

KILLS, WRITERS, RECORD_SEPARATOR = 10, 8, 100
EVENTS = """
SELECT e.object_id AS card, e.kind, extract(epoch FROM e.at)::float8 AS at,
       CASE e.kind WHEN 'TICKET_MOVED' THEN s.internal_name ELSE e.after ->> 'subject' END AS says
  FROM event e LEFT JOIN stage s ON s.id = (e.after ->> 'stage')::uuid
 WHERE e.kind IN ('TICKET_CREATED', 'TICKET_UPDATED', 'TICKET_MOVED') AND e.actor_kind = 'PERSON'
 ORDER BY e.object_id, e.at, e.id"""
CARDS = """
SELECT t.subject, s.internal_name AS stage
  FROM ticket t JOIN stage s ON (s.account_id, s.id) = (t.account_id, t.stage_id)
 WHERE NOT EXISTS (SELECT FROM imported_ticket i WHERE (i.account_id, i.ticket_id) = (t.account_id, t.id))"""


async def until_acknowledged(writers: list[Writer], count: int) -> None:
    """Return when so many more writes were acknowledged."""
    enough = acknowledged(writers) + count

    async def were() -> bool:
        return acknowledged(writers) >= enough

    await until(were)


def kill_and_start(site: Site, turn: int) -> None:
    """Kill the server alone, or PostgreSQL too, and start it at once, or when nothing is left of it."""
    (site.kill_everything if turn % 2 else site.kill)()
    if turn % 3 == 0:
        site.wait_until_gone()
    site.start()


async def recorded(connection: asyncpg.Connection) -> dict[str, list[asyncpg.Record]]:
    """The events of each card in the order of their times, by the subject that it was created with."""
    by_card = [list(events) for _, events in groupby(await connection.fetch(EVENTS), key=lambda event: event["card"])]
    return {events[0]["says"]: events for events in by_card}


async def test_killing_the_server_loses_nothing_acknowledged(
    hall: Hall, record_property: Callable[[str, object], None]
) -> None:
    amy = await hall.sign_in(AMY)
    stages = await default_stages(amy)
    clients = [Client((await hall.nobody()).http, amy.token) for _ in range(WRITERS)]
    writers = [Writer(hall.site, client, f"Writer {each}", stages, Random(each)) for each, client in enumerate(clients)]

    async with writing(writers):
        for turn in range(KILLS):
            await until_acknowledged(writers, RECORD_SEPARATOR)
            await asyncio.to_thread(kill_and_start, hall.site, turn)
        await until_acknowledged(writers, RECORD_SEPARATOR)

    connection = await hall.site.connect()
    events, cards = await recorded(connection), {tuple(row) for row in await connection.fetch(CARDS)}
    await assert_sound(connection)
    await connection.close()
    done = deeds_by_card(writers)
    again = [
        (deed, event)
        for card, deeds in done.items()
        for deed, event in zip(deeds, events[card], strict=True)
        if deed.asked_again
    ]
    record_property("acknowledged", acknowledged(writers))
    record_property("asked again", len(again))
    record_property("of those done before", sum(event["at"] < deed.asked_again for deed, event in again))
    assert acknowledged(writers) >= KILLS * RECORD_SEPARATOR
    assert again
    assert {card: [(event["kind"], event["says"]) for event in each] for card, each in events.items()} == {
        card: [(deed.kind, deed.says) for deed in deeds] for card, deeds in done.items()
    }
    assert cards == {outcome(deeds) for deeds in done.values()}
    assert hall.site.server.complaints == []
    assert hall.site.alarms == []
