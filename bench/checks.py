"""Every peer's answer is what ours is, before anybody is timed."""

import json
import urllib.error
import urllib.request
from typing import Any

import asyncpg

from bench.contenders import Contender
from bench.errors import CannotMeasure
from bench.load.generator import Request
from bench.operations import Ask, Operation, same_form

_PATIENCE = 60


def answer_of(port: int, request: Request) -> Any:
    """The parsed answer to one request."""
    headers = {"content-type": "application/json", "authorization": f"Bearer {request.token}"}
    url = f"http://127.0.0.1:{port}{request.path}"
    sent = urllib.request.Request(url, data=request.body, headers=headers, method="POST")
    with urllib.request.urlopen(sent, timeout=_PATIENCE) as response:  # noqa: S310 (of servers that were started here)
        return json.loads(response.read())


async def check(
    operation: Operation, token: str, servers: list[tuple[Contender, int]], look: asyncpg.Connection
) -> tuple[int, dict[str, str]]:
    """How many bytes our first answer has, and what is different in what those do whose answers, or whose rows that were
    written, are not like ours.

    Two requests of each operation are compared. A move is made by each in turn, and taken back by us, so revisions differ.
    """
    size, different = 0, dict[str, str]()
    for place, ask in enumerate(operation.asks[:2]):
        seen: dict[str, Any] = {}
        for contender, port in servers:
            before = await _written(look, ask)
            try:
                answer = answer_of(port, contender.requests(operation._replace(asks=[ask]), token)[0])
            except urllib.error.HTTPError as refused:
                different[contender.name] = f"it answered {refused.code}"
                continue
            size = size or len(json.dumps(answer, separators=(",", ":"), ensure_ascii=False).encode())
            formed = same_form(contender.form(ask.document, answer).get("data"))
            after = await _written(look, ask)
            written = {
                what: count - before.get(what, 0) for what, count in after.items() if count != before.get(what, 0)
            }
            seen[contender.name] = _bare(formed, writes=operation.writes), written
            if operation.writes:
                back = operation._replace(asks=[operation.asks[len(operation.asks) // 2 + place]])
                answer_of(servers[0][1], servers[0][0].requests(back, token)[0])
        ours = seen.get(servers[0][0].name, ({}, {}))
        if not ours[0] or (operation.writes and not ours[1]):
            raise CannotMeasure(f"{operation.name}: our own answer is empty, or nothing was written.")
        different |= {name: _first_difference(ours, answer) for name, answer in seen.items() if answer != ours}
    return size, different


# What a move leaves behind, so that nobody is quick by leaving it out.
_LEFT = """
SELECT 'event ' || kind AS what, count(*) AS many FROM event WHERE object_id = $1 GROUP BY kind
UNION ALL SELECT 'visits', count(*) FROM visit WHERE ticket_id = $1
UNION ALL SELECT 'open visits', count(*) FROM visit WHERE ticket_id = $1 AND left_at IS NULL
UNION ALL SELECT 'revisions', revision FROM ticket WHERE id = $1
UNION ALL SELECT 'asked for a number', count(*) FROM event
           WHERE object_id = $1 AND (EXISTS (SELECT FROM outbox WHERE event_id = event.id)
                                     OR EXISTS (SELECT FROM journal_entry AS j
                                                 WHERE (j.account_id, j.event_id) = (event.account_id, event.id)))"""


async def _written(look: asyncpg.Connection, ask: Ask) -> dict[str, int]:
    if ask.document != "move":
        return {}
    _, ticket = ask.variables["ticket"]
    return {row["what"]: row["many"] for row in await look.fetch(_LEFT, ticket)}


def _first_difference(ours: Any, theirs: Any) -> str:
    mine, other = str(ours), str(theirs)
    place = next((at for at, (a, b) in enumerate(zip(mine, other, strict=False)) if a != b), min(len(mine), len(other)))
    return f"…{mine[max(0, place - 40) : place + 40]}… is …{other[max(0, place - 40) : place + 40]}…"


def _bare(answer: Any, *, writes: bool) -> Any:
    if writes and isinstance(answer, dict):
        return {name: _bare(value, writes=True) for name, value in answer.items() if name != "revision"}
    return answer
