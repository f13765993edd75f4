"""What an operation costs: one for every field that may be in the response."""

from typing import Any

import pytest
from graphql import OperationDefinitionNode, build_schema, execute_sync, get_introspection_query, parse

from server.graphql.cost import CostAnalysis
from server.graphql.documents import Documents
from server.graphql.limits import Limits
from tests.server.graphql_schema import schema
from tests.server.graphql_toy import Toy, codes, message
from tests.support.process import ROOT


def cost(query: str, **variables: Any) -> int:
    wanted = Documents(schema._schema, Limits(cost=10**30), introspection=True)
    return wanted.check_cost(wanted.operation(query, None), variables)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ hello }", 1),
        ("{ item { name plain { name } } }", 1 + 1 + 1 + 10),
        ("{ page(first: 5) { edges { node { name } } } }", 1 + 1 + 5 * 2),
        ("{ page { edges { node { name } } } }", 1 + 1 + 20 * 2),
        ("{ page(first: 0) { edges { node { name } } } }", 1 + 1),
        ("{ page(first: -5) { edges { node { name } } } }", 1 + 1),
        ("{ page(first: 5) { edges { node { plain { name } } } pageInfo { endCursor } } }", 1 + 1 + 5 * (2 + 10) + 2),
        ("{ wall(first: 5) { columns { cards { edges { node { name } } } } } }", 1 + 1 + 10 * (1 + 1 + 5 * 2)),
        ("{ wall { columns { cards { edges { node { plain { name } } } } } } }", 1 + 1 + 10 * (1 + 1 + 50 * (2 + 10))),
        ('{ nodes(ids: ["1", "2", "3"]) { name } }', 1 + 3),
        ("{ item { items(first: 4) { items(first: 5) { name } } } }", 1 + 1 + 4 * (1 + 5)),
        ("{ item { items { name } } }", 1 + 1 + 10),
        ("{ item { items(first: null) { name } } }", 1 + 1 + 10),
        ("{ __typename }", 1),
    ],
)
def test_lists_repeat_what_is_inside(query: str, expected: int) -> None:
    assert cost(query) == expected


def test_fragments_count_where_they_are_spread() -> None:
    fragments = "fragment E on Page { edges { ...N } } fragment N on Edge { node { ... on Item { name } } }"

    assert cost("{ page(first: 5) { ...E } }" + fragments) == 1 + 1 + 5 * 2
    assert cost("{ a: page(first: 5) { ...E } b: page(first: 2) { ...E } }" + fragments) == 2 + 2 + 7 * 2


@pytest.mark.parametrize(
    ("declared", "sent", "items"),
    [
        ("Int", {"n": 7}, 7),
        ("Int", {"n": 7.0}, 7),
        ("Int", {}, 10),
        ("Int", {"n": None}, 10),
        ("Int = 3", {}, 3),
        ("Int = 3", {"n": 4}, 4),
        ("Int", {"n": "many"}, 10),
        ("Int", {"n": 10**25}, 10**25),
    ],
)
def test_sizes_come_from_variables_too(declared: str, sent: dict[str, Any], items: int) -> None:
    query = f"query Q($n: {declared}) {{ item {{ items(first: $n) {{ name }} }} }}"

    assert cost(query, **sent) == 1 + 1 + items


def test_a_list_of_ids_in_a_variable_is_counted() -> None:
    query = "query Q($ids: [ID!]!) { nodes(ids: $ids) { name } }"

    assert cost(query, ids=["1", "2"]) == 3
    assert cost(query, ids="1") == 11


async def test_it_is_told_with_every_result() -> None:
    response = await Toy(Limits(cost=500)).ask("{ page(first: 5) { edges { node { name } } } }")

    assert response.json()["extensions"] == {"cost": {"requested": 12, "limit": 500}}


async def test_absurd_numbers_are_not_printed() -> None:
    response = await Toy().ask("{ page(first: 2147483647) { edges { node { items(first: 2147483647) { name } } } } }")

    assert "more than 1,000,000,000" in message(response)


async def test_one_full_introspection_is_allowed_and_not_several_in_one_document() -> None:
    full = get_introspection_query(specified_by_url=True, directive_is_repeatable=True, schema_description=True)
    parts = full[full.index("fragment FullType") :]
    several = "{ __schema { ...All } again: __schema { ...All } } fragment All on __Schema { types { ...FullType } }"

    toy = Toy(Limits(cost=cost(several + parts) - 1))
    once, twice = await toy.ask(full), await toy.ask(several + parts)

    assert "errors" not in once.json()
    assert codes(twice) == ["QUERY_TOO_COMPLEX"]


def test_an_introspection_costs_no_less_than_it_produces() -> None:
    served = build_schema((ROOT / "schema" / "schema.graphql").read_text())
    flat = (
        "{ __schema { types { name fields { name } inputFields { name } enumValues { name } } directives { name } } }"
    )

    for query in (flat, get_introspection_query(input_value_deprecation=True)):
        produced = _fields(execute_sync(served, parse(query)).data)
        document = parse(query)
        (operation,) = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]

        assert produced <= CostAnalysis(served, document).cost(operation)({}, 10) < Limits().cost


def _fields(value: Any) -> int:
    if isinstance(value, list):
        return sum(map(_fields, value))
    return sum(1 + _fields(one) for one in value.values()) if isinstance(value, dict) else 0
