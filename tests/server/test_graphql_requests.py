"""Whatever is sent, the answer is JSON with a code and a sentence, and never a 500."""

import pytest

from server.graphql.limits import Limits
from tests.server.graphql_toy import GRAPHQL_RESPONSE, Toy, codes, message

MALFORMED = {
    "nothing": (b"", "The request has no body."),
    "null": (b"null", "The body is not a JSON object with a query."),
    "a string": (b'"{ hello }"', "The body is not a JSON object with a query."),
    "a number": (b"7", "The body is not a JSON object with a query."),
    "a batch": (b'[{"query":"{ hello }"}]', "Batches are not supported: send one operation per request."),
    "no query": (b'{"qeury":"{ hello }"}', "The request has no query."),
    "a null query": (b'{"query":null}', "The request has no query."),
    "a query that is a list": (b'{"query":["{ hello }"]}', "The parameter query is not a string."),
    "an operationName that is true": (
        b'{"query":"{ hello }","operationName":true}',
        "The parameter operationName is not a string.",
    ),
    "variables that are a list": (b'{"query":"{ hello }","variables":[]}', "The parameter variables is not an object."),
    "variables that are text": (b'{"query":"{ hello }","variables":"{}"}', "The parameter variables is not an object."),
    "extensions that are 0": (b'{"query":"{ hello }","extensions":0}', "The parameter extensions is not an object."),
    "two queries": (b'{"query":"{ hello }","query":"{ who }"}', "The parameter query is given more than once."),
    "two queries, one of them written with an escape": (
        b'{"query":"{ hello }","\\u0071uery":"{ who }"}',
        "The parameter query is given more than once.",
    ),
    "two variables": (
        b'{"variables":{},"query":"{ hello }","variables":{}}',
        "The parameter variables is given more than once.",
    ),
}
NOT_JSON = {
    "half an object": b'{"query":',
    "two objects": b'{"query":"{ hello }"}{}',
    "invalid UTF-8": b'{"query":"{ hello(name: \\"\xff\\") }"}',
    "UTF-16": '{"query":"{ hello }"}'.encode("utf-16"),
    "a lone surrogate": b'{"query":"{ hello }","variables":{"name":"\\ud800"}}',
    "NaN": b'{"query":"{ hello }","variables":{"n":NaN}}',
    "Infinity": b'{"query":"{ hello }","variables":{"n":Infinity}}',
    "a number without end": b'{"query":"{ hello }","variables":{"n":' + b"9" * 5000 + b"}}",
    "a nest of 100,000 lists": b'{"query":"{ hello }","variables":{"n":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    "a raw NUL in text": b'{"query":"{ hello }\x00"}',
}


@pytest.mark.parametrize(("body", "sentence"), MALFORMED.values(), ids=MALFORMED)
@pytest.mark.parametrize("accept", [GRAPHQL_RESPONSE, "application/json"])
async def test_a_malformed_request_is_answered_with_400_and_a_sentence(body: bytes, sentence: str, accept: str) -> None:
    response = await Toy().send(body, accept=accept)

    assert (response.status_code, codes(response)) == (400, ["BAD_USER_INPUT"])
    assert message(response) == sentence
    assert "data" not in response.json()


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
async def test_what_is_not_json_is_answered_with_400(body: bytes) -> None:
    response = await Toy().send(body)

    assert (response.status_code, codes(response)) == (400, ["BAD_USER_INPUT"])
    assert message(response).startswith("The body is not JSON")


async def test_a_huge_integer_is_no_int() -> None:
    response = await Toy().ask("query Q($by: Int!) { grow(by: $by) }", variables={"by": 10**30})

    assert (response.status_code, codes(response)) == (400, ["BAD_USER_INPUT"])


async def test_a_deep_value_with_a_repeated_name_is_refused_like_any_other() -> None:
    body = b'{"query":"{ hello }","query":"{ hello }","variables":{"n":' + b"[" * 1000 + b"]" * 1000 + b"}}"

    response = await Toy().send(body)

    assert (response.status_code, codes(response)) == (400, ["BAD_USER_INPUT"])


async def test_names_may_repeat_inside_variables_and_escapes_are_read() -> None:
    body = b'{"query":"query Q($v: JSON!) { echo(value: $v) }","variables":{"v":{"query":"\\u00e9"}}}'

    response = await Toy().send(body)

    assert response.json()["data"] == {"echo": {"query": "é"}}


async def test_members_of_other_names_are_ignored() -> None:
    response = await Toy().ask("{ hello }", id="7")

    assert response.json()["data"] == {"hello": "hello you"}


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/graphql",
     "application/json; charset=utf-16", "application/json; charset=latin-1", ""],
)  # fmt: skip
async def test_only_json_in_utf_8_is_read(content_type: str) -> None:
    response = await Toy().send(b'{"query":"mutation { touch }"}', content_type=content_type)

    assert (response.status_code, codes(response)) == (415, ["BAD_USER_INPUT"])


@pytest.mark.parametrize("content_type", ["application/json;charset=UTF-8", 'Application/JSON; charset="utf-8"'])
async def test_the_spelling_of_the_content_type_does_not_matter(content_type: str) -> None:
    response = await Toy().send(b'{"query":"{ hello }"}', content_type=content_type)

    assert response.status_code == 200


async def test_a_compressed_body_is_refused() -> None:
    response = await Toy().send(b"\x1f\x8b", content_encoding="gzip")

    assert response.status_code == 415


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_other_methods_are_told_which_there_are(method: str) -> None:
    async with Toy().client() as client:
        response = await client.request(method, "/graphql")

    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")


async def test_several_operations_need_a_name() -> None:
    response = await Toy().ask("query A { hello } query B { who }")

    assert (response.status_code, codes(response)) == (400, ["BAD_USER_INPUT"])
    assert "operationName" in message(response)


@pytest.mark.parametrize("name", ["C", ""])
async def test_an_operation_that_is_not_there_is_an_error(name: str) -> None:
    response = await Toy().ask("query A { hello } query B { who }", operationName=name)

    assert (response.status_code, codes(response)) == (400, ["BAD_USER_INPUT"])


async def test_the_named_operation_runs() -> None:
    response = await Toy().ask("query A { hello } query B { grow }", operationName="B")

    assert response.json()["data"] == {"grow": 1}


@pytest.mark.parametrize(
    "query", ["", "fragment F on Query { hello }", "type Query { hello: String }", "subscription { count }"]
)
async def test_a_document_without_a_query_or_mutation_is_an_error(query: str) -> None:
    response = await Toy().ask(query)

    assert (response.status_code, codes(response)[0]) == (400, "BAD_USER_INPUT")


async def test_a_body_over_the_limit_is_declined() -> None:
    toy = Toy(Limits(body_bytes=1000))

    fits = await toy.send(b'{"query":"{ hello }"}' + b" " * 979)
    exceeds = await toy.send(b'{"query":"{ hello }"}' + b" " * 980)

    assert (fits.status_code, exceeds.status_code) == (200, 413)


async def test_one_of_inputs_take_one_member_also_inside_fragments() -> None:
    fragment = "fragment F on Query { find(by: {id: $id}) } query Q($id: ID!) { ...F }"
    toy = Toy()

    good = await toy.ask(fragment, variables={"id": "7"})
    null = await toy.ask("query Q($id: ID) { find(by: {id: $id}) }", variables={"id": None})
    both = await toy.ask('{ find(by: {id: "7", internalName: "x"}) }')
    given = await toy.ask(
        "query Q($by: Reference!) { find(by: $by) }", variables={"by": {"id": "7", "internalName": "x"}}
    )
    undefined = await toy.ask("{ find(by: {id: $nowhere}) }")

    assert good.json()["data"] == {"find": "by id"}
    assert [one.status_code for one in (both, given, undefined)] == [400] * 3
    assert [codes(one)[0] for one in (null, both, given, undefined)] == ["BAD_USER_INPUT"] * 4
