"""How the schema's executor is used: its class, nothing that would be skipped in silence, and no garbage."""

import asyncio
import gc

import httpx
import pytest
import strawberry
from starlette.routing import Route
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from server.application import make_application
from server.graphql.endpoint import GraphQLEndpoint
from tests.server.graphql_schema import Context, Query
from tests.server.graphql_toy import Toy


@pytest.mark.parametrize("query", ["{ hello }", "{ lingers }", "{ page(first: 5) { edges { node { name } } } }"])
async def test_an_operation_leaves_nothing_to_the_garbage_collector(query: str) -> None:
    toy = Toy()
    (endpoint,) = (
        route.endpoint for route in toy.application.routes if isinstance(route, Route) and route.path == "/graphql"
    )
    assert isinstance(endpoint, GraphQLEndpoint)
    operation = endpoint._documents.operation(query, None)
    gc.collect()
    gc.disable()

    try:
        await endpoint._runner.run(operation, {}, Context(), asyncio.Event().wait)  # type: ignore[arg-type]
        await asyncio.sleep(0)
        left = [one for one in gc.get_objects() if type(one) is StrawberryGraphQLCoreExecutionContext]
    finally:
        gc.enable()

    assert left == []


async def test_the_executor_class_of_the_schema_is_used() -> None:
    seen: list[str] = []

    class Counting(StrawberryGraphQLCoreExecutionContext):
        def execute_operation(self, serially: bool | None = None) -> object:  # type: ignore[override]
            seen.append("executed")
            return super().execute_operation(serially)

    counted = strawberry.Schema(query=Query, execution_context_class=Counting)
    application = make_application(counted, Context)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://toy") as client:
        response = await client.post("/graphql", json={"query": "{ hello }"})

    assert response.json()["data"] == {"hello": "hello you"}
    assert seen == ["executed"]


def test_a_schema_with_extensions_that_would_not_run_is_declined() -> None:
    with pytest.raises(ValueError, match="extensions"):
        make_application(strawberry.Schema(query=Query, extensions=[SchemaExtension]), Context)
