"""Every peer's answer is what ours is, before anybody is timed."""

import json
import urllib.request
from typing import Any

from bench.contenders import Contender
from bench.failing import CannotMeasure
from bench.load.generator import Request
from bench.operations import Operation, same_form

_PATIENCE = 60


def answer_of(port: int, request: Request) -> Any:
    """The parsed answer to one request."""
    headers = {"content-type": "application/json", "authorization": f"Bearer {request.token}"}
    url = f"http://127.0.0.1:{port}{request.path}"
    sent = urllib.request.Request(url, data=request.body, headers=headers, method="POST")
    with urllib.request.urlopen(sent, timeout=_PATIENCE) as response:  # noqa: S310
        return json.loads(response.read())


def check(operation: Operation, token: str, servers: list[tuple[Contender, int]]) -> tuple[int, dict[str, str]]:
    """How many bytes our first answer has, and what is different in the answers of those whose are not ours.

    Two requests of each operation are compared. A move is made by each in turn, so revisions differ.
    """
    size, different = 0, dict[str, str]()
    for ask in operation.asks[:2]:
        seen: dict[str, Any] = {}
        for contender, port in servers:
            answer = answer_of(port, contender.requests(operation._replace(asks=[ask]), token)[0])
            size = size or len(json.dumps(answer, separators=(",", ":"), ensure_ascii=False).encode())
            formed = same_form(contender.form(ask.document, answer).get("data"))
            seen[contender.name] = _bare(formed, writes=operation.writes)
        ours = seen[servers[0][0].name]
        if not ours:
            raise CannotMeasure(f"{operation.name}: our own answer is empty.")
        different |= {name: _first_difference(ours, answer) for name, answer in seen.items() if answer != ours}
    return size, different


def _first_difference(ours: Any, theirs: Any) -> str:
    mine, other = str(ours), str(theirs)
    place = next((at for at, (a, b) in enumerate(zip(mine, other, strict=False)) if a != b), min(len(mine), len(other)))
    return f"…{mine[max(0, place - 40) : place + 40]}… is …{other[max(0, place - 40) : place + 40]}…"


def _bare(answer: Any, *, writes: bool) -> Any:
    if writes and isinstance(answer, dict):
        return {name: _bare(value, writes=True) for name, value in answer.items() if name != "revision"}
    return answer
