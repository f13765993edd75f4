"""The server audits of npm's `graphql-http` 1.23, by their ids and names, over a socket.

Each row is one audit: what is sent, and the statuses and the content type that pass it.
"""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from tests.server.graphql_toy import GRAPHQL_RESPONSE, Toy, serving

JSON = "application/json"
TYPENAME = {"query": "{ __typename }"}
VARIABLES: dict[str, Any] = {
    "query": "query Type($name: String!) { __type(name: $name) { name } }",
    "variables": {"name": "sometype"},
}
TYPES = {"object": {"obj": "ect"}, "number": 0, "boolean": False, "array": ["array"]}
NOT_MAPS = {"string": "string", "number": 0, "boolean": False, "array": ["array"]}


class Audit(NamedTuple):
    """One audit; a body of None means a GET with `parameters`."""

    id: str
    name: str
    body: dict[str, Any] | bytes | None = TYPENAME
    parameters: dict[str, str] | None = None
    accept: str | None = None
    content_type: str | None = JSON
    status: range | int = 200
    answers: str = ""
    errors: bool | None = None
    data: bool | None = None


def audits() -> Iterator[Audit]:
    """All of them, in the suite's order."""
    yield from media_types()
    yield from requests()
    yield from parameters()
    yield from failures()


def media_types() -> Iterator[Audit]:
    """Accept, Content-Type and encodings."""
    yield Audit(
        "22EB", "SHOULD accept graphql-response+json and match it", accept=GRAPHQL_RESPONSE, answers=GRAPHQL_RESPONSE
    )
    yield Audit("4655", "MUST accept application/json and match the content-type", accept=JSON, answers=JSON)
    yield Audit("47DE", "SHOULD accept */* and use application/json", accept="*/*", answers=JSON)
    yield Audit("80D8", "SHOULD assume application/json", body=None, parameters=TYPENAME, answers=JSON)
    yield Audit("82A3", "MUST use utf-8 encoding when responding", answers="charset=utf-8")
    yield Audit("BF61", "MUST accept utf-8 encoded request", content_type="application/json; charset=utf-8")
    yield Audit("78D5", "MUST assume utf-8 in request if encoding is unspecified")


def requests() -> Iterator[Audit]:
    """Methods and bodies."""
    mutation = {"query": "mutation { __typename }"}
    yield Audit("2C94", "MUST accept POST requests")
    yield Audit("5A70", "MAY accept application/x-www-form-urlencoded GET requests", body=None, parameters=TYPENAME)
    yield Audit(
        "9C48",
        "MAY NOT allow executing mutations on GET requests",
        body=None,
        parameters=mutation,
        accept=GRAPHQL_RESPONSE,
        status=range(400, 500),
    )
    yield Audit("9ABE", "SHOULD respond with 4xx without content-type", b"", content_type=None, status=range(400, 500))
    yield Audit("03D4", "MUST accept application/json POST requests")
    yield Audit("A5BF", "MAY use 400 status code when request body is missing on POST", b"", status=400)


def parameters() -> Iterator[Audit]:
    """The four parameters, of right and wrong types."""
    yield Audit("423L", "MAY use 400 on missing {query}", {"notquery": "{ __typename }"}, status=400)
    yield from wrong("LKJ", "query", TYPES)
    yield from allowed(("34A2", "13EE"), "string {query}", TYPENAME)
    yield from wrong("6C0", "operationName", TYPES)
    named = {"query": "query Query { __typename }", "operationName": "Query"}
    yield from allowed(("8161", "B8B3"), "string {operationName}", named)
    for index, name in enumerate(("variables", "operationName", "extensions")):
        yield from allowed((f"94B{index}", f"022{index}"), f"null {{{name}}}", {**TYPENAME, name: None})
    yield from wrong("476", "variables", NOT_MAPS)
    yield from allowed(("2EA1", "28B9"), "map {variables}", VARIABLES)
    in_url = {**VARIABLES, "variables": json.dumps(VARIABLES["variables"])}
    yield from allowed(("D6D5", "6A70"), "URL-encoded JSON string {variables} in GETs", None, in_url)
    yield from wrong("58B", "extensions", NOT_MAPS)
    yield from allowed(("428F", "1B7A"), "map {extensions}", {**TYPENAME, "extensions": {"some": "value"}})


def wrong(prefix: str, parameter: str, values: dict[str, Any]) -> Iterator[Audit]:
    """MAY use 400 for a parameter of each of these types."""
    for index, (kind, value) in enumerate(values.items()):
        name = f"MAY use 400 status code on {kind} {{{parameter}}} parameter"
        yield Audit(f"{prefix}{index}", name, {**TYPENAME, parameter: value}, status=400)


def allowed(
    ids: tuple[str, str], what: str, body: dict[str, Any] | None, in_url: dict[str, str] | None = None
) -> Iterator[Audit]:
    """SHOULD, MUST or MAY allow something for both media types."""
    for id_, accept in zip(ids, (GRAPHQL_RESPONSE, JSON), strict=True):
        yield Audit(id_, f"allow {what} accepting {accept}", body, in_url, accept=accept, errors=False)


def failures() -> Iterator[Audit]:
    """What cannot be parsed, validated or coerced."""
    no_json, typo = b'{ "not a JSON', {"qeury": "{ __typename }"}
    unparsed = {"query": "{"}
    invalid = {"query": "{ 8f31403dfe404bccbb0e835f2629c6a7 }"}
    unknown = {"query": "{ thereIsNoSuchField }"}
    uncoerced = {"query": "query CoerceFailure($id: ID!) { __typename nodes(ids: [$id]) { name } }", "variables": {}}
    anything, failure = range(200, 600), range(400, 600)
    yield Audit("B6DC", "MAY use 2xx, 4xx or 5xx on JSON parsing failure", no_json, accept=JSON, status=anything)
    yield Audit("BCF8", "SHOULD use 400 on JSON parsing failure", no_json, accept=JSON, status=400)
    yield Audit("B7N8", "SHOULD use 400 on JSON parsing failure", no_json, accept=GRAPHQL_RESPONSE, status=400)
    yield Audit("8764", "MAY use 4xx or 5xx status codes if parameters are invalid", typo, accept=JSON, status=failure)
    yield Audit("3E3A", "MAY use 400 status code if parameters are invalid", typo, accept=JSON, status=400)
    yield Audit("572B", "SHOULD use 200 on document parsing failure", unparsed, accept=JSON, errors=True)
    yield Audit("FDE2", "SHOULD use 200 on document validation failure", invalid, accept=JSON, errors=True)
    yield Audit("7B9B", "SHOULD use 200 on variable coercion failure", uncoerced, accept=JSON, errors=True)
    yield from strict_failures(unparsed, unknown, uncoerced)


def strict_failures(unparsed: dict[str, Any], unknown: dict[str, Any], uncoerced: dict[str, Any]) -> Iterator[Audit]:
    """The same for clients that take application/graphql-response+json."""
    failure = range(400, 600)
    parsing, validation = "on document parsing failure", "on document validation failure"
    for audit in (
        Audit("865D", f"SHOULD use 4xx or 5xx status codes {parsing}", unparsed, status=failure),
        Audit("556A", f"SHOULD use 400 status code {parsing}", unparsed, status=400),
        Audit("D586", f"SHOULD not contain the data entry {parsing}", unparsed, status=400, data=False),
        Audit("51FE", f"SHOULD use 4xx or 5xx status codes {validation}", unknown, status=failure),
        Audit("74FF", f"SHOULD use 400 status code {validation}", unknown, status=400),
        Audit("5E5B", f"SHOULD not contain the data entry {validation}", unknown, status=400, data=False),
        Audit("86EE", "SHOULD use a status code of 400 on variable coercion failure", uncoerced, status=400),
    ):
        yield audit._replace(accept=GRAPHQL_RESPONSE)


@pytest.fixture(scope="module")
async def url() -> AsyncIterator[str]:
    """A server with the toy schema."""
    async with serving(Toy().application) as (host, port):
        yield f"http://{host}:{port}/graphql"


@pytest.mark.parametrize("audit", [pytest.param(audit, id=f"{audit.id} {audit.name}") for audit in audits()])
async def test_the_audit_of_graphql_over_http_passes(url: str, audit: Audit) -> None:
    headers = {"accept": audit.accept or "*/*"}
    if audit.body is not None and audit.content_type:
        headers["content-type"] = audit.content_type
    content = audit.body if isinstance(audit.body, bytes) else json.dumps(audit.body).encode()

    async with httpx.AsyncClient() as client:
        if audit.body is None:
            response = await client.get(url, params=audit.parameters, headers=headers)
        else:
            response = await client.post(url, content=content, headers=headers)

    assert response.status_code in (audit.status if isinstance(audit.status, range) else {audit.status})
    assert audit.answers in response.headers["content-type"]
    if audit.errors is not None:
        assert ("errors" in response.json()) is audit.errors
    if audit.data is not None:
        assert ("data" in response.json()) is audit.data
