"""Sixteen clients move the same fifty cards at once: only what is declared is declined, and no card is lost."""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Callable

from tests.journeys.movers import Mover
from tests.journeys.people import ADA, AMY, BEN, Hall
from tests.support.client import Client
from tests.support.invariants import assert_sound

SECONDS = float(os.environ.get("SLUICEGATE_TEST_SECONDS", "30"))
CLIENTS, CARDS = 16, 50

ORDER = """
SELECT s.id AS stage, array_agg(t.subject ORDER BY t.rank, t.id) FILTER (WHERE t.id IS NOT NULL) AS subjects
  FROM pipeline p JOIN stage s ON (s.account_id, s.pipeline_id) = (p.account_id, p.id)
  LEFT JOIN ticket t ON (t.account_id, t.stage_id) = (s.account_id, s.id) AND t.archived_at IS NULL
 WHERE p.internal_name = $1 GROUP BY s.id, s.position ORDER BY s.position"""
MOVES = """
SELECT t.subject, count(*) FROM event e JOIN ticket t ON (t.account_id, t.id) = (e.account_id, e.object_id)
 WHERE e.kind = 'TICKET_MOVED' AND t.subject LIKE 'Card %' GROUP BY t.subject"""
FACTS = """
SELECT (SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()) AS deadlocks,
       (SELECT max(length(rank)) FROM ticket) AS longest, (SELECT sum(rank_epoch - 1)::int FROM stage) AS rebalanced"""


async def make_cards(ada: Client) -> tuple[str, dict[str, str]]:
    """A pipeline of its own with the cards: its internal name, and the subjects of the cards by id."""
    made = await ada.do("createPipeline", "pipeline { internalName }", label="Shared")
    name = made["pipeline"]["internalName"]
    cards: dict[str, str] = {}
    for number in range(CARDS):
        done = await ada.do(
            "createTicket", "ticket { id subject }", subject=f"Card {number}", pipeline={"internalName": name}
        )
        cards[done["ticket"]["id"]] = done["ticket"]["subject"]
    return name, cards


async def test_sixteen_clients_share_fifty_cards(hall: Hall, record_property: Callable[[str, object], None]) -> None:
    people = [await hall.sign_in(email) for email in (ADA, AMY, BEN)]
    name, cards = await make_cards(people[0])
    clients = [Client((await hall.nobody()).http, people[each % 3].token) for each in range(CLIENTS)]
    movers = [Mover(client, name, list(cards), each, arranges=each % 3 == 0) for each, client in enumerate(clients)]

    begun = time.monotonic()
    await asyncio.gather(*[mover.go_on(begun + SECONDS) for mover in movers])
    took = time.monotonic() - begun

    acknowledged = sum((mover.acknowledged for mover in movers), Counter[str]())
    refused = sum((mover.refused for mover in movers), Counter[str]())
    seen = await asyncio.gather(*[mover.look() for mover in movers])
    connection = await hall.site.connect()
    stored = [(row["stage"], row["subjects"] or []) for row in await connection.fetch(ORDER, name)]
    recorded = {row["subject"]: row["count"] for row in await connection.fetch(MOVES)}
    await assert_sound(connection)
    (facts,) = await connection.fetch(FACTS)
    await connection.close()
    record_property("moves", f"{acknowledged.total()} acknowledged, {acknowledged.total() / took:.0f} a second")
    record_property("refusals", dict(refused))
    record_property("facts", {**dict(facts), "arranged": sum(mover.arranged for mover in movers)})
    assert all(order == seen[0] for order in seen)
    assert [[cards[card] for card in order] for _, order in seen[0]] == [subjects for _, subjects in stored]
    assert recorded == {cards[card]: count for card, count in acknowledged.items()}
    assert hall.site.server.complaints == []
    assert hall.site.alarms == []
