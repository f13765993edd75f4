"""U+0000, which PostgreSQL cannot store, is refused wherever text can hold it; and no text makes the server fail."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.server.graphql_toy import Toy, codes, message


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query Q($name: String!) { hello(name: $name) }", {"name": "a\0b"}),
        ("query Q($v: JSON!) { echo(value: $v) }", {"v": [{"deep": ["\0"]}]}),
        ("query Q($v: JSON!) { echo(value: $v) }", {"v": {"\0": 1}}),
        ('{ hello(name: "a\\u0000b") }', {}),
        ('{ hello(name: "a\\u{0}b") }', {}),
        ('{ hello(name: "a\0b") }', {}),
        ('{ hello(name: """a\0b""") }', {}),
        ('query Q($name: String = "\\u0000") { hello(name: $name) }', {}),
    ],
)
async def test_text_with_nul_is_refused_before_a_database_sees_it(query: str, variables: dict[str, Any]) -> None:
    toy = Toy()

    response = await toy.ask(query, variables=variables)

    assert (response.status_code, codes(response)) == (400, ["BAD_USER_INPUT"])
    assert "U+0000" in message(response)
    assert toy.contexts == []


async def test_the_six_characters_of_an_escape_are_text_like_any_other() -> None:
    response = await Toy().ask("query Q($name: String!) { hello(name: $name) }", variables={"name": "\\u0000"})

    assert response.json()["data"] == {"hello": "hello \\u0000"}


async def test_nul_in_the_variables_of_a_get_is_refused_too() -> None:
    query = "query Q($name: String!) { hello(name: $name) }"
    async with Toy().client() as client:
        response = await client.get("/graphql", params={"query": query, "variables": '{"name":"\\u0000"}'})

    assert "U+0000" in message(response)


@pytest.mark.parametrize("number", ["9223372036854775808", "-9223372036854775808", "9" * 4400, "1e999", "-1.5E400"])
@pytest.mark.parametrize(
    "query",
    ["{ echo(value: {a: [%s]}) }", "query Q($v: JSON! = %s) { echo(value: $v) }", "{ nodes(ids: [%s]) { name } }"],
)
async def test_a_number_beyond_64_bits_is_refused_wherever_it_is_written(number: str, query: str) -> None:
    toy = Toy()

    response = await toy.ask(query % number)

    assert (response.status_code, codes(response)) == (400, ["BAD_USER_INPUT"])
    assert message(response) == "A number in the document is beyond 64 bits."
    assert toy.contexts == []


async def test_the_largest_numbers_are_not() -> None:
    response = await Toy().ask("{ echo(value: [9223372036854775807, -9223372036854775807, 1e300, 1.5E-400]) }")

    assert response.json()["data"] == {"echo": [9223372036854775807, -9223372036854775807, 1e300, 0.0]}


TEXT = st.text(max_size=20)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3))
WORDS = st.sampled_from(
    ["{", "}", "(", ")", "[", "]", "$", "!", ":", "...", "@", "=", '"', '"""', "#", "\n", "\\", "query", "mutation",
     "subscription", "fragment", "on", "Query", "Item", "hello", "page", "nodes", "find", "by", "id", "ids", "first",
     "name", "edges", "node", "null", "true", "1", "1e999", "-0", "\0", "\ufeff", "é", "𝕏", "skip", "if", "F",
     "__schema"]
)  # fmt: skip
BODIES = (
    st.binary(max_size=200)
    | VALUES.map(lambda value: json.dumps(value).encode())
    | st.fixed_dictionaries(
        {"query": st.lists(WORDS, max_size=40).map(" ".join)},
        optional={"variables": VALUES, "operationName": VALUES, "extensions": VALUES},
    ).map(lambda value: json.dumps(value).encode())
)


@hypothesis_settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=BODIES)
async def test_no_body_whatever_makes_the_server_fail(body: bytes) -> None:
    response = await Toy().send(body)

    assert response.status_code in {200, 400}
    assert "errors" in response.json() or "data" in response.json()
