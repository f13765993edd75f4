"""However an operation ends, its transaction is rolled back and its connection is in the pool again."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest
import strawberry
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.applications import Starlette

from server.application import make_application
from server.database.engine import Database
from server.graphql.limits import Limits
from tests.server.graphql_toy import GRAPHQL_RESPONSE, codes, serving, until


class Context:
    """Holds one session for the whole operation, as the unit that the root fields of a query share does."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.variables: Mapping[str, Any] = {}
        self.asked = asyncio.Event()

    async def close(self) -> None:
        """Give the session back."""
        await self.session.close()


Info = strawberry.Info[Context, None]


@strawberry.type
class Query:
    @strawberry.field
    async def sleeps(self, info: Info, seconds: float = 60) -> str | None:
        session = info.context.session
        await session.execute(text("CREATE TEMPORARY TABLE left_behind (id int)"))
        info.context.asked.set()
        await session.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": seconds})
        return "slept"


class Served:
    """An application on the database of the tests, and what it opened."""

    def __init__(self, database: Database, **limits: float) -> None:
        self.database = database
        self.contexts: list[Context] = []
        self.application: Starlette = make_application(
            strawberry.Schema(query=Query),
            self.open_context,
            limits=Limits(**limits),  # type: ignore[arg-type]
        )

    def open_context(self, token: str | None, address: str | None) -> Context:
        """Make and remember a context."""
        self.contexts.append(Context(self.database.sessions()))
        return self.contexts[-1]

    def held(self) -> int:
        """The connections that are not in the pool."""
        count: int = self.database.engine.pool.checkedout()  # type: ignore[attr-defined]
        return count

    async def left_behind(self) -> bool:
        """Whether a transaction was kept that should not have been, or PostgreSQL still works for it."""
        async with self.database.sessions() as session:
            table = (await session.execute(text("SELECT to_regclass('pg_temp.left_behind')"))).scalar_one()
            asleep = text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' "
                "AND query LIKE 'SELECT pg_sleep%'"
            )
            return table is not None or (await session.execute(asleep)).scalar_one() > 0


@pytest.fixture
async def nothing_held(database: Database) -> AsyncIterator[None]:
    """Nothing is held before and after."""
    assert Served(database).held() == 0
    yield
    await until(lambda: Served(database).held() == 0)


@pytest.mark.usefixtures("nothing_held")
@pytest.mark.parametrize(("seconds", "expected"), [(0.0, []), (60.0, ["TIMEOUT"])])
async def test_a_deadline_gives_the_connection_back(database: Database, seconds: float, expected: list[str]) -> None:
    served = Served(database, operation_seconds=0.5)
    transport = httpx.ASGITransport(served.application)

    async with httpx.AsyncClient(transport=transport, base_url="http://toy") as client:
        body = {"query": "query Q($s: Float!) { sleeps(seconds: $s) }", "variables": {"s": seconds}}
        response = await client.post("/graphql", json=body, headers={"accept": GRAPHQL_RESPONSE})

    assert (codes(response) if expected else []) == expected
    assert served.held() == 0
    assert not await served.left_behind()


@pytest.mark.usefixtures("nothing_held")
async def test_a_client_that_hangs_up_gives_the_connection_back(database: Database) -> None:
    served = Served(database)
    async with serving(served.application) as (host, port):
        _, writer = await asyncio.open_connection(host, port)
        body = b'{"query":"{ sleeps }"}'
        head = "POST /graphql HTTP/1.1\r\nHost: toy\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await until(lambda: bool(served.contexts))
        await served.contexts[0].asked.wait()
        assert served.held() == 1

        writer.close()

        await until(lambda: served.held() == 0)
        assert not await served.left_behind()
