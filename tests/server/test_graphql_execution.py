"""Running operations: deadlines, clients that leave, too many at once, and what is left behind, which is nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.routing import Route

from server.graphql.endpoint import GraphQLEndpoint
from server.graphql.limits import Limits
from tests.server.graphql_schema import Context
from tests.server.graphql_toy import Toy, codes, message, serving, until

POST = "POST /graphql HTTP/1.1\r\nHost: toy\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"


@asynccontextmanager
async def connection(toy: Toy) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    async with serving(toy.application) as (host, port):
        reader, writer = await asyncio.open_connection(host, port)
        try:
            yield reader, writer
        finally:
            writer.close()


async def first_context(toy: Toy) -> Context:
    await until(lambda: bool(toy.contexts))
    await toy.contexts[0].started.wait()
    return toy.contexts[0]


@pytest.mark.parametrize("query", ["{ hello }", "{ lingers }", "{ broken }", "{ allBroken }", "mutation { touch }"])
async def test_the_context_is_closed_once_however_the_operation_ends(query: str) -> None:
    toy = Toy()

    await toy.ask(query)

    assert toy.context.closed == 1


@pytest.mark.parametrize("query", ["{ nothing }", "{", "subscription { count }"])
async def test_no_context_is_opened_for_what_cannot_run(query: str) -> None:
    toy = Toy()

    await toy.ask(query)

    assert toy.contexts == []


async def test_variables_that_cannot_be_read_run_no_resolver_and_close_the_context() -> None:
    toy = Toy()

    response = await toy.ask("query Q($by: Int!) { waits grow(by: $by) }", variables={"by": "x"})

    assert response.status_code == 400
    assert (toy.context.closed, toy.context.started.is_set()) == (1, False)


@pytest.mark.parametrize("accept", ["application/graphql-response+json", "application/json"])
async def test_an_operation_over_its_deadline_is_cancelled_and_its_context_closed(accept: str) -> None:
    toy = Toy(Limits(operation_seconds=0.05))

    response = await toy.ask("{ hello waits }", accept=accept)

    assert (response.status_code, codes(response)) == (504, ["TIMEOUT"])
    assert message(response) == "The operation took longer than 0.05 seconds and was stopped."
    assert "data" not in response.json()
    assert (toy.context.cancelled, toy.context.closed) == (True, 1)


async def test_a_client_that_hangs_up_cancels_its_operation() -> None:
    toy = Toy()
    body = '{"query":"{ waits }"}'
    async with connection(toy) as (_, writer):
        writer.write(POST.format(length=len(body), body=body).encode())
        context = await first_context(toy)

        writer.close()

        async with asyncio.timeout(5):
            await context.over.wait()
    assert (context.cancelled, context.closed) == (True, 1)


async def test_a_client_that_leaves_while_it_waits_in_line_gives_up_its_place() -> None:
    toy = Toy(Limits(running=1, waiting=1))
    body = '{"query":"{ waits }"}'
    async with connection(toy) as (_, first), serving(toy.application) as address:
        first.write(POST.format(length=len(body), body=body).encode())
        context = await first_context(toy)
        _, second = await asyncio.open_connection(*address)
        second.write(POST.format(length=len(body), body=body).encode())
        await until(lambda: len(toy.contexts) == 2)

        second.close()

        async with asyncio.timeout(5):
            await toy.contexts[1].over.wait()
        context.gate.set()
        assert (await toy.ask("{ hello }")).status_code == 200


async def test_over_the_limit_operations_wait_in_line_and_then_are_turned_away() -> None:
    toy = Toy(Limits(running=1, waiting=1))
    running = asyncio.create_task(toy.ask("{ waits }"))
    context = await first_context(toy)
    waiting = asyncio.create_task(toy.ask("{ hello }"))
    await until(lambda: len(toy.contexts) == 2)

    refused = await toy.ask("{ hello }")
    context.gate.set()

    assert (refused.status_code, codes(refused), refused.headers["retry-after"]) == (503, ["OVERLOADED"], "1")
    assert [(await one).status_code for one in (running, waiting)] == [200, 200]
    assert [one.closed for one in toy.contexts] == [1, 1, 1]
    assert (await toy.ask("{ hello }")).status_code == 200


async def test_who_waits_in_line_until_the_deadline_may_come_back() -> None:
    toy = Toy(Limits(running=1, waiting=5, operation_seconds=0.05))
    (endpoint,) = (
        route.endpoint for route in toy.application.routes if isinstance(route, Route) and route.path == "/graphql"
    )
    assert isinstance(endpoint, GraphQLEndpoint)

    async with endpoint._runner._admission:
        response = await toy.ask("{ waits }")

    assert (response.status_code, codes(response)) == (503, ["OVERLOADED"])
    assert toy.context.started.is_set() is False


async def test_a_mutation_over_its_deadline_reports_that_committed_changes_are_kept() -> None:
    response = await Toy(Limits(operation_seconds=0.05)).ask("mutation { touch hesitate }")

    assert codes(response) == ["TIMEOUT"]
    assert message(response).endswith("and was stopped. Changes committed before then are kept.")


async def test_siblings_of_a_field_that_failed_are_done_before_the_context_closes() -> None:
    toy = Toy()

    response = await toy.ask("{ lingers allBroken }")

    assert response.json()["data"] is None
    assert toy.context.finished == ["lingers"]


async def test_a_server_that_stops_closes_the_context_too() -> None:
    toy = Toy()
    request = asyncio.create_task(toy.ask("{ waits }"))
    context = await first_context(toy)

    request.cancel()

    with pytest.raises(asyncio.CancelledError):
        await request
    assert (context.cancelled, context.closed) == (True, 1)
