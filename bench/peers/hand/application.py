"""The application: one path for each operation, the actor read from the token, one transaction a request.

Run by `python -m bench.peers.hand.application texts|rows PORT ADDRESS_OF_THE_DATABASE`.
"""

import base64
import hashlib
import sys
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import uvicorn
from asyncpg.pool import PoolConnectionProxy

from bench.peers.hand import rows, texts
from bench.peers.hand.fragments import ADMIT, ENTER, READING, WRITING
from bench.peers.hand.move_ticket import move

Answer = Callable[[asyncpg.Connection, Any, tuple[Any, ...], bool], Awaitable[bytes | None]]
_CONNECTIONS = 20
_TYPE = (b"content-type", b"application/json; charset=utf-8")
_BUILT = {
    "board": (texts.board, rows.board, rows.board_answer),
    "list": (texts.cards, rows.cards, rows.cards_answer),
    "ticket": (texts.ticket, rows.ticket, None),
}
_STATEMENTS = {
    (name, way, scoped): build(scoped=scoped)
    for name, builders in _BUILT.items()
    for way, build in zip(("texts", "rows"), builders[:2], strict=True)
    for scoped in (False, True)
}
_SUBJECT = {"board": "pipeline", "list": "stage", "ticket": "ticket"}


class Limit:
    """An ASGI application; `way` is whether SQL makes texts or rows."""

    def __init__(self, way: str, address: str) -> None:
        self._way, self._address = way, address
        self._pool: asyncpg.Pool | None = None

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer a request, or open and close the pool."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        body = b""
        while True:
            message = await receive()
            body += message["body"]
            if not message.get("more_body"):
                break
        status, answer = await self._answer(scope, orjson.loads(body)["variables"])
        head = [_TYPE, (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": answer})

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        self._pool = await asyncpg.create_pool(
            self._address,
            min_size=_CONNECTIONS,
            max_size=_CONNECTIONS,
            max_inactive_connection_lifetime=0,
            reset=_keep,
            server_settings={"timezone": "UTC"},
        )
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._pool.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: dict[str, Any], variables: dict[str, str]) -> tuple[int, bytes]:
        operation = scope["path"][1:]
        token = (
            next(value for name, value in scope["headers"] if name == b"authorization").decode().removeprefix("Bearer ")
        )
        _, digits, secret = token.split("_", 2)
        account = UUID(hex=digits)
        ids = {name: _uuid(value) for name, value in variables.items()}
        assert self._pool is not None
        async with self._pool.acquire() as connection:
            level = WRITING if operation == "move" else READING
            await connection.execute(ENTER.format(level=level, account=account))
            try:
                actor = await connection.fetchrow(ADMIT, account, hashlib.sha256(secret.encode()).digest())
                if actor is None or not actor["may_view"]:
                    return 401, b'{"errors":[{"message":"UNAUTHENTICATED"}]}'
                if operation == "move":
                    return 200, await move(connection, account, actor, ids["ticket"], ids["stage"])
                return 200, await self._read(connection, operation, account, actor, ids[_SUBJECT[operation]])
            finally:
                await connection.execute("COMMIT")

    async def _read(
        self, connection: PoolConnectionProxy, operation: str, account: UUID, actor: Any, id: UUID
    ) -> bytes:
        scoped = not (actor["is_super"] or actor["sees_all"])
        statement = _STATEMENTS[operation, self._way, scoped]
        arguments = (account, id, actor["id"], actor["teams"], actor["unassigned"]) if scoped else (account, id)
        if self._way == "texts":
            found: str | None = await connection.fetchval(statement, *arguments)
            return found.encode() if found else b'{"data":{"%b":null}}' % operation.encode()
        answer = _BUILT[operation][2]
        if answer is None:
            return rows.ticket_answer(await connection.fetchrow(statement, *arguments))
        read = await connection.fetch(statement, *arguments)
        owners = {row["owner_id"] for row in read}
        named = await connection.fetch(rows.OWNERS, account, [owner for owner in owners if owner])
        return answer(read, {row[0]: row[1] for row in named})


async def _keep(_: asyncpg.Connection) -> None:
    """Nothing was set beyond a transaction."""


def _uuid(text: str) -> UUID:
    return UUID(hex=base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).partition(b":")[2].decode())


def main(way: str, port: str, address: str) -> None:
    """Serve as the product does: the same server, parser and event loop."""
    uvicorn.run(
        Limit(way, address), port=int(port), http="httptools", loop="uvloop", ws="none", access_log=False,
        log_level="warning", server_header=False, date_header=True,
    )  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
