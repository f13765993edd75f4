"""Where the time of a request goes: the product's application in this process, under the profiler."""

import asyncio
import cProfile
import pstats
from collections.abc import Sequence
from typing import Any, NamedTuple

from bench.data.ground import Ground
from bench.operations import DOCUMENTS, Operation, body, global_ids, operations
from schema.root import build
from server.application import limits_from, make_application
from server.auth.passwords import Argon2Passwords
from server.database.embedded import APP, OWNER, Cluster
from server.database.engine import Database
from server.graphql.compiler.executor import CompilingExecutor
from server.request_context import context_of, make_services
from server.settings import Databases, Settings

_WARM_UP = 20
_TOP = 12


class Line(NamedTuple):
    """One function: its own share of the time, in hundredths, and how often it is called for a request."""

    share: float
    calls: float
    name: str


async def profile(cluster: Cluster, ground: Ground, names: Sequence[str], requests: int) -> dict[str, list[Line]]:
    """The functions that take most of the time of each of these operations."""
    settings, passwords = Settings(), Argon2Passwords()
    database = Database(Databases(cluster.url(APP), cluster.url(OWNER)), settings)
    services = make_services(settings, bytes(32), passwords)
    schema = build(execution_context_class=CompilingExecutor)
    application = make_application(schema, context_of(database, services), limits=limits_from(settings))
    try:
        found = operations(ground)
        return {name: await _profiled(application, found[name], ground.admin, requests) for name in names}
    finally:
        passwords.close()
        await database.close()


async def _profiled(application: Any, operation: Operation, token: str, requests: int) -> list[Line]:
    bodies = [body(DOCUMENTS[ask.document], global_ids(ask.variables)) for ask in operation.asks]
    for turn in range(_WARM_UP):
        await _call(application, token, bodies[turn % len(bodies)])
    profiler = cProfile.Profile()
    profiler.enable()
    for turn in range(requests):
        await _call(application, token, bodies[(_WARM_UP + turn) % len(bodies)])
    profiler.disable()
    rows: dict[Any, Any] = pstats.Stats(profiler).stats  # type: ignore[attr-defined]  # typeshed has not this
    waiting = {where: row for where, row in rows.items() if "epoll" not in where[2] and "kqueue" not in where[2]}
    total = sum(row[2] for row in waiting.values())
    lines = [Line(100 * row[2] / total, row[1] / requests, _name(where)) for where, row in waiting.items()]
    return sorted(lines, reverse=True)[:_TOP]


def _name(where: tuple[str, int, str]) -> str:
    path, _, name = where
    parts = path.replace("\\", "/").split("/")
    return name if path == "~" else f"{'/'.join(parts[-2:])}: {name}"


async def _call(application: Any, token: str, sent: bytes) -> None:
    given = [{"type": "http.request", "body": sent, "more_body": False}]

    async def receive() -> Any:
        return given.pop() if given else await asyncio.Event().wait()

    async def send(_: Any) -> None:
        """The answer is of no interest."""

    headers = [(b"content-type", b"application/json"), (b"authorization", b"Bearer " + token.encode())]
    scope = {
        "type": "http", "method": "POST", "path": "/graphql", "raw_path": b"/graphql", "root_path": "", "scheme": "http",
        "query_string": b"", "http_version": "1.1", "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1),
        "headers": headers, "asgi": {"version": "3.0"},
    }  # fmt: skip
    await application(scope, receive, send)
