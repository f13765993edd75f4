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
    sent = urllib.request.Request(url, data=request.body, headers=headers, method="POST")  # noqa: S310 (our own)
    with urllib.request.urlopen(sent, timeout=_PATIENCE) as response:  # noqa: S310
        return json.loads(response.read())


def check(operation: Operation, token: str, servers: list[tuple[Contender, int]]) -> int:
    """How many bytes our answer has; CannotMeasure where somebody's is another one.

    A move is made by each in turn, so its revision is another one each time.
    """
    seen: dict[str, Any] = {}
    size = 0
    for contender, port in servers:
        request = contender.requests(operation._replace(asks=operation.asks[:1]), token)[0]
        answer = answer_of(port, request)
        size = size or len(json.dumps(answer, separators=(",", ":"), ensure_ascii=False).encode())
        document = operation.asks[0].document
        seen[contender.name] = _bare(same_form(contender.form(document, answer).get("data")), writes=operation.writes)
    ours = seen[servers[0][0].name]
    different = [name for name, answer in seen.items() if answer != ours or not ours]
    if different:
        said = {name: str(seen[name])[:600] for name in (servers[0][0].name, *different)}
        raise CannotMeasure(f"{operation.name}: the answers of {', '.join(different)} are not ours: {said}")
    return size


def _bare(answer: Any, *, writes: bool) -> Any:
    if writes and isinstance(answer, dict):
        return {name: _bare(value, writes=True) for name, value in answer.items() if name != "revision"}
    return answer
