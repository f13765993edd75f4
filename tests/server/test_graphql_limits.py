"""What an operation may ask for, and that finding it out is work in proportion to what was sent."""

from typing import Any

import pytest
from graphql import get_introspection_query, parse

from server.graphql.document_stats import measure
from server.graphql.limits import Limits
from server.graphql.request_errors import RequestError
from tests.server.graphql_toy import Toy, codes, message


def doubling(levels: int, body: str = "item { name }") -> str:
    """Fragments each of which spreads the next twice: the naive walk visits 2 to the power of `levels`."""
    chain = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels))
    return f"{{ ...F0 }} {chain} fragment F{levels} on Query {{ {body} }}"


class TestMeasuring:
    """The numbers of a document."""

    def test_each_fragment_counts_wherever_it_is_spread(self) -> None:
        document = parse(
            "{ a: item { ...I } b: item { ...I } } fragment I on Item { x: name plain { name @skip(if: true) } }"
        )

        (operation,) = measure(document).operations

        assert operation._asdict() == {
            "selections": 2 + 2 * (1 + 3),
            "depth": 3,
            "aliases": 2 + 2 * 1,
            "root_fields": 2,
            "directives": 2,
            "walked": 4,
        }

    def test_fields_of_a_fragment_at_the_top_are_root_fields(self) -> None:
        document = parse(
            "{ hello ...Q ... on Query { hello ... { hello } } } fragment Q on Query { hello item { name } }"
        )

        (operation,) = measure(document).operations

        assert (operation.root_fields, operation.depth) == (5, 2)

    @pytest.mark.parametrize("levels", [1, 10, 90])
    def test_doubling_fragments_are_walked_once(self, levels: int) -> None:
        shapes = measure(parse(doubling(levels)))

        walked = sum(shape.walked for shape in (*shapes.operations, *shapes.fragments))

        assert walked == 1 + 2 * levels + 2
        assert shapes.operations[0].selections > 2**levels

    def test_fragments_in_any_order_are_measured_leaves_first(self) -> None:
        text = "fragment A on Query { ...B ...C } fragment C on Query { ...B } fragment B on Query { hello } { ...A }"

        (operation,) = measure(parse(text)).operations

        assert operation.root_fields == 2

    @pytest.mark.parametrize(
        "text",
        ["{ ...A } fragment A on Query { hello ...A }",
         "{ hello } fragment A on Query { ...B } fragment B on Query { item { ...C } } fragment C on Item { ...A }"],
    )  # fmt: skip
    def test_a_circle_of_fragments_is_refused(self, text: str) -> None:
        with pytest.raises(RequestError, match="spreads itself"):
            measure(parse(text))


ADVERSARIAL = {
    "fragments that double 90 times": doubling(90),
    "fragments that double, with nothing in them": doubling(90, body=""),
    "5,000 aliases of one field": "{" + " ".join(f"a{n}: hello" for n in range(5000)) + "}",
    "1,600 aliases of one field": "{" + " ".join(f"a{n}: hello" for n in range(1600)) + "}",
    "1,000 times the same field": "{" + "hello " * 1000 + "}",
    "300 times the same object, one root field each": "{" + "item { name } " * 300 + "}",
    "600 times the same field below one root": "{ item {" + 'x: items(first: 1) { name } ' * 300 + "} }",
    "100 levels": "{ item {" + "plain {" * 100 + "name" + "}" * 102,
    "100,000 levels": "{ item {" + "plain {" * 100_000,
    "a long text": "{ hello } #" + "x" * 200_000,
    "2,000 comments": "#\n" * 2000 + "{ hello }",
    "500 fragments": "{ ...F0 } " + " ".join(f"fragment F{n} on Query {{ hello }}" for n in range(500)),
    "500 operations": " ".join(f"query Q{n} {{ hello }}" for n in range(500)),
    "500 directives": "{ hello " + "@skip(if: true) " * 500 + "}",
    "500 directives on inline fragments": "{" + "... @include(if: true) { hello } " * 500 + "}",
    "lists in lists": "{ item { items(first: 1000) { items(first: 1000) { items(first: 1000) { name } } } } }",
}  # fmt: skip


@pytest.mark.parametrize("query", ADVERSARIAL.values(), ids=ADVERSARIAL)
async def test_a_document_made_to_hurt_is_refused_with_numbers(query: str) -> None:
    toy = Toy()

    response = await toy.ask(query)

    assert (response.status_code, codes(response)) == (400, ["QUERY_TOO_COMPLEX"])
    assert any(letter.isdigit() for letter in message(response)) or "aborted" in message(response)
    assert toy.contexts == []


async def test_a_document_over_a_limit_is_never_given_to_the_rules_of_the_library(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise AssertionError

    monkeypatch.setattr("server.graphql.documents.validate", fail)

    response = await Toy().ask(ADVERSARIAL["1,000 times the same field"])

    assert codes(response) == ["QUERY_TOO_COMPLEX"]


async def test_what_the_library_gives_up_comparing_is_too_complex() -> None:
    limits = Limits(selections=10_000, root_fields=10_000)

    response = await Toy(limits).ask("{" + "page(first: 1) { __typename } " * 500 + "}")

    assert codes(response) == ["QUERY_TOO_COMPLEX"]
    assert message(response) == "The document nests or repeats too much to be validated."


@pytest.mark.parametrize(
    ("limits", "fits", "exceeds", "what"),
    [
        (Limits(depth=2), "{ item { name } }", "{ item { plain { name } } }", "3 levels of fields; at most 2"),
        (Limits(aliases=1), "{ a: hello }", "{ a: hello b: hello }", "2 aliases; at most 1"),
        (Limits(root_fields=1), "{ item { name plain { name } } }", "{ hello grow }", "2 root fields; at most 1"),
        (Limits(selections=2), "{ item { name } }", "{ item { ... { name } } }", "3 selected fields; at most 2"),
        (Limits(directives=1), "{ hello @skip(if: false) }", "{ hello @skip(if: false) @include(if: true) }", "2 dir"),
        (Limits(definitions=1), "query A { hello }", "query A { hello } query B { hello }", "2 operations and frag"),
        (Limits(tokens=3), "{ hello }", "{ hello grow }", "more than 3 tokens"),
        (Limits(characters=9), "{ hello }", "{  hello }", "10 characters; at most 9"),
        (Limits(cost=2), "{ hello grow }", "{ hello grow when }", "costs 3"),
    ],
)
async def test_a_limit_is_the_last_number_that_is_allowed(limits: Limits, fits: str, exceeds: str, what: str) -> None:
    assert "data" in (await Toy(limits).ask(fits, operationName="A" if " A " in fits else None)).json()

    response = await Toy(limits).ask(exceeds)

    assert codes(response) == ["QUERY_TOO_COMPLEX"]
    assert what in message(response)


@pytest.mark.parametrize("accept", ["application/graphql-response+json", "application/json"])
async def test_the_full_introspection_query_of_tools_is_within_the_limits(accept: str) -> None:
    query = get_introspection_query(specified_by_url=True, directive_is_repeatable=True, schema_description=True)

    response = await Toy().ask(query, accept=accept)

    assert "errors" not in response.json()


async def test_introspection_cannot_go_round_in_circles() -> None:
    loop = "{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }"

    response = await Toy().ask(loop)

    assert (response.status_code, codes(response)) == (400, ["BAD_USER_INPUT"])
