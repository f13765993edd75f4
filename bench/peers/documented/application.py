"""The application: Strawberry's own ASGI view. Run by `python -m bench.peers.documented.application PORT ADDRESS`."""

import sys
from typing import Any

import uvicorn
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from strawberry.asgi import GraphQL

from bench.peers.documented.loaders import Request, admit
from bench.peers.documented.schema import SCHEMA

_CONNECTIONS = 20


class Application(GraphQL[Request, None]):
    """With a context for each request."""

    def __init__(self, address: str) -> None:
        super().__init__(SCHEMA)
        url = address.replace("postgresql://", "postgresql+asyncpg://", 1)
        engine = create_async_engine(url, pool_size=_CONNECTIONS, max_overflow=0)
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)

    async def get_context(self, request: Any, response: Any) -> Request:
        """Who asks, by the bearer token."""
        return await admit(self._sessions, request.headers["authorization"].removeprefix("Bearer "))


def main(port: str, address: str) -> None:
    """Serve, on the same server, parser and event loop as the product."""
    uvicorn.run(
        Application(address), port=int(port), http="httptools", loop="uvloop", ws="none", access_log=False,
        log_level="warning", server_header=False,
    )  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
