"""No text of an exception reaches a client by way of a scalar, a result or an id."""

from typing import Any

import httpx
import pytest
import strawberry
from graphql import GraphQLError
from strawberry import relay
from strawberry.schema.config import StrawberryConfig
from structlog.testing import capture_logs

from server.application import make_application
from tests.server.graphql_schema import Context
from tests.server.graphql_toy import GRAPHQL_RESPONSE, codes

SECRET = "hunter2"


class Fragile:
    """A type of argument whose parser lets an exception of Python's through."""


def _parse(value: object) -> Fragile:
    raise KeyError(f"internal {SECRET}")


@strawberry.type
class Awkward:
    @strawberry.field
    def take(self, it: Fragile) -> str:
        return "taken"

    @strawberry.field
    def number(self) -> int | None:
        return "no number"  # type: ignore[return-value]

    @strawberry.field
    def node(self, id: relay.GlobalID) -> str | None:
        return id.type_name

    @strawberry.field
    def raises_graphql(self) -> str | None:
        raise GraphQLError(f"internal {SECRET}")

    @strawberry.field
    def nothing(self) -> str:
        return None  # type: ignore[return-value]


async def ask_awkward(query: str, variables: dict[str, Any] | None = None) -> httpx.Response:
    scalars: dict[object, Any] = {Fragile: strawberry.scalar(name="Fragile", parse_value=_parse, serialize=str)}
    awkward = strawberry.Schema(query=Awkward, config=StrawberryConfig(scalar_map=scalars))
    application = make_application(awkward, Context)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://toy") as client:
        headers = {"accept": GRAPHQL_RESPONSE}
        return await client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)


@pytest.mark.parametrize(
    ("query", "variables"),
    [('{ take(it: "x") }', None), ("query Q($it: Fragile!) { take(it: $it) }", {"it": 1})],
)
async def test_the_text_of_an_exception_in_a_scalar_stays_inside(query: str, variables: dict[str, Any] | None) -> None:
    response = await ask_awkward(query, variables)

    assert (response.status_code, codes(response)) == (400, ["BAD_USER_INPUT"])
    assert SECRET not in response.text


@pytest.mark.parametrize("query", ["{ number }", "{ raisesGraphql }", "{ nothing }"])
async def test_what_a_resolver_gets_wrong_is_masked_in_whatever_way(query: str) -> None:
    with capture_logs() as lines:
        response = await ask_awkward(query)

    assert codes(response) == ["INTERNAL"]
    assert SECRET not in response.text
    assert "no number" not in response.text
    assert len(lines) == 1


@pytest.mark.parametrize("given", ["x", "QWJjOg", "\ud7ff", "{}"])
async def test_an_id_that_cannot_be_decoded_is_the_clients_error(given: str) -> None:
    response = await ask_awkward("query Q($id: ID!) { node(id: $id) }", {"id": given})

    assert codes(response) == ["BAD_USER_INPUT"]
