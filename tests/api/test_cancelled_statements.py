"""An operation that nobody waits for any longer, or that takes too long, ends in PostgreSQL too, and its connection is
free at once.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import asyncpg
import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from server.auth.passwords import Argon2Passwords
from server.database.engine import Database
from server.settings import Databases, Settings
from tests.server.graphql_toy import serving, until
from tests.support.client import Api, Json, make_api, token_of
from tests.support.fixtures import Scenery, furnish
from tests.support.world import World

# Operations that meet a table that is locked: in their own statement, or already while their token is looked up.
OPERATIONS: dict[str, tuple[str, str, Callable[[Scenery], Json]]] = {
    "a query": (
        "ticket",
        "query ($id: ID!) { board(pipeline: {id: $id}) { stages { cards { nodes { id } } } } }",
        lambda has: {"id": has.pipeline},
    ),
    "a query of two fields": (
        "ticket",
        "query ($id: ID!, $key: ID!) { viewer { user { name } } pipeline(id: $id) { id } ticket(id: $key) { id } }",
        lambda has: {"id": has.pipeline, "key": has.ticket},
    ),
    "a mutation": (
        "ticket",
        "mutation ($input: MoveTicketInput!) { moveTicket(input: $input) { ticket { id } userErrors { code } } }",
        lambda has: {"input": {"ticketId": has.ticket, "place": {"bottom": True}}},
    ),
    "an admission": ("token", "{ account { id } }", lambda has: {}),
}


class Blocked:
    """A table that nothing can be read from, and what PostgreSQL does meanwhile."""

    def __init__(self, owner: AsyncEngine, serving: str) -> None:
        self._owner = owner
        # Of the processes of another role nothing is shown.
        self._serving = serving

    @asynccontextmanager
    async def table(self, name: str) -> AsyncIterator[None]:
        """Locked for the length of the block."""
        async with self._owner.begin() as connection:
            await connection.execute(text(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE"))
            yield

    async def waiting(self, wanted: int) -> None:
        """Wait until so many statements wait for the lock."""
        asked = (
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND state = 'active' AND wait_event_type = 'Lock'"
        )
        connection = await asyncpg.connect(self._serving)
        try:
            async with asyncio.timeout(10):
                while await connection.fetchval(asked) != wanted:  # noqa: ASYNC110 (nobody announces it)
                    await asyncio.sleep(0.01)
        finally:
            await connection.close()


@pytest.fixture
def blocked(owner_engine: AsyncEngine, databases: Databases) -> Blocked:
    """Tables of the database of the tests."""
    return Blocked(owner_engine, databases.serving)


def held(api: Api) -> int:
    """The connections that are not in the pool."""
    count: int = api.engine.pool.checkedout()  # type: ignore[attr-defined]
    return count


def posted(token: str, document: str, variables: Json) -> bytes:
    """An operation on the wire."""
    body = json.dumps({"query": document, "variables": variables}).encode()
    head = f"POST /graphql HTTP/1.1\r\nHost: api\r\nContent-Type: application/json\r\nAuthorization: Bearer {token}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_a_client_that_hangs_up_ends_its_statement_and_frees_the_connection(
    api: Api, world: World, blocked: Blocked, operation: str
) -> None:
    table, document, variables = OPERATIONS[operation]
    has, token = await furnish(world), await token_of(world)
    with structlog.testing.capture_logs() as logged:
        async with blocked.table(table), serving(api.application) as address:
            _, writer = await asyncio.open_connection(*address)
            writer.write(posted(token, document, variables(has)))
            await blocked.waiting(1)
            assert held(api) == 1

            writer.close()
            await writer.wait_closed()

            await blocked.waiting(0)
            await until(lambda: held(api) == 0)
    assert logged == []


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_the_deadline_ends_the_statement_and_frees_the_connection(
    database: Database,
    settings: Settings,
    passwords: Argon2Passwords,
    world: World,
    blocked: Blocked,
    operation: str,
) -> None:
    hasty = make_api(database, settings.model_copy(update={"operation_seconds": 0.5}), passwords)
    table, document, variables = OPERATIONS[operation]
    has, client = await furnish(world), await hasty.client(world)
    with structlog.testing.capture_logs() as logged:
        async with blocked.table(table):
            code = await client.code(document, **variables(has))

            await blocked.waiting(0)
            assert held(hasty) == 0
    await hasty.http.aclose()
    assert code == "TIMEOUT"
    assert logged == []
