"""More at once than the server can do is told with 503 and Retry-After, whatever it was short of, and passes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from server.auth.passwords import Argon2Passwords
from server.database.engine import Database
from server.graphql.negotiation import GRAPHQL_RESPONSE, JSON
from server.settings import Databases, Settings
from tests.support.client import Api, Client, make_api
from tests.support.client import Json as Body
from tests.support.fixtures import furnish
from tests.support.world import World

RUNNING, LINE = 2, 2 * 25
BOARD = "query ($id: ID!) { board(pipeline: {id: $id}) { stages { totalCount } } }"
MOVE = "mutation ($input: MoveTicketInput!) { moveTicket(input: $input) { ticket { id } userErrors { code } } }"


@pytest.fixture
async def small(databases: Databases, settings: Settings) -> AsyncIterator[Database]:
    """The database of the tests by a pool of two connections, for which nobody waits long."""
    opened = Database(databases, settings.model_copy(update={"pool_size": RUNNING, "pool_seconds": 0.05}))
    yield opened
    await opened.close()


@asynccontextmanager
async def served(database: Database, settings: Settings, passwords: Argon2Passwords) -> AsyncIterator[Api]:
    made = make_api(database, settings, passwords)
    try:
        yield made
    finally:
        await made.http.aclose()


async def ask(client: Client, document: str, variables: Body, accept: str) -> httpx.Response:
    headers = {"accept": accept, "authorization": f"Bearer {client.token}"}
    return await client.http.post("/graphql", json={"query": document, "variables": variables}, headers=headers)


def assert_told_to_come_back(answer: httpx.Response) -> None:
    """With the status, the header and the code, and nothing else."""
    (error,) = answer.json()["errors"]
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert error["extensions"] == {"code": "OVERLOADED"}
    assert "data" not in answer.json()


@pytest.mark.parametrize("accept", [GRAPHQL_RESPONSE, JSON])
async def test_beyond_those_that_run_and_wait_all_are_turned_away_and_later_served(
    small: Database,
    settings: Settings,
    passwords: Argon2Passwords,
    world: World,
    owner_engine: AsyncEngine,
    accept: str,
) -> None:
    has = await furnish(world)
    with structlog.testing.capture_logs() as logged:
        async with served(small, settings.model_copy(update={"pool_size": RUNNING}), passwords) as api:
            client = await api.client(world)
            async with owner_engine.begin() as connection:
                await connection.execute(text("LOCK TABLE ticket IN ACCESS EXCLUSIVE MODE"))
                asked = [asyncio.create_task(ask(client, BOARD, {"id": has.pipeline}, accept)) for _ in range(60)]
                turned_away = await first(asked, 60 - RUNNING - LINE)
            answers = await asyncio.gather(*asked)
            again = await asyncio.gather(*(ask(client, BOARD, {"id": has.pipeline}, accept) for _ in range(RUNNING)))

    for answer in turned_away:
        assert_told_to_come_back(answer)
    assert sorted(each.status_code for each in answers) == [200] * (RUNNING + LINE) + [503] * len(turned_away)
    assert all("errors" not in each.json() for each in [*answers, *again] if each.status_code == 200)
    assert [each.status_code for each in again] == [200] * RUNNING
    assert logged == []


@pytest.mark.parametrize("accept", [GRAPHQL_RESPONSE, JSON])
async def test_who_finds_no_connection_in_the_pool_is_told_the_same(
    small: Database, settings: Settings, passwords: Argon2Passwords, world: World, accept: str
) -> None:
    has = await furnish(world)
    move = {"input": {"ticketId": has.ticket, "place": {"bottom": True}}}
    with structlog.testing.capture_logs() as logged:
        async with served(small, settings, passwords) as api:
            client = await api.client(world)
            async with AsyncExitStack() as held:
                for _ in range(RUNNING):
                    await held.enter_async_context(small.engine.connect())
                read = await ask(client, BOARD, {"id": has.pipeline}, accept)
                two = await ask(client, "{ viewer { user { id } } account { id } }", {}, accept)
                moved = await ask(client, MOVE, move, accept)
            later = [await ask(client, BOARD, {"id": has.pipeline}, accept), await ask(client, MOVE, move, accept)]

    for answer in (read, two, moved):
        assert_told_to_come_back(answer)
    assert [(each.status_code, "errors" in each.json()) for each in later] == [(200, False)] * 2
    assert logged == []


async def first(asked: list["asyncio.Task[httpx.Response]"], count: int) -> list[httpx.Response]:
    """Those that are answered while the others cannot be."""
    done: set[asyncio.Task[httpx.Response]] = set()
    while len(done) < count:
        done, _ = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(0.01)
    return [each.result() for each in done]
