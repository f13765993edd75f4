"""Compiled execution answers exactly what the ordinary executor does: the same data in the same order, the same errors
at the same paths, for written and for generated documents.
"""

import json
from typing import Any

import pytest
from graphql import (
    ExecutionResult,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    execute,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    parse,
)
from hypothesis import given
from hypothesis import strategies as st
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from server.graphql.compiler.executor import CompiledSelections, CompilingExecutor
from tests.server.graphql_kinds import WRONG, book, close_coroutines, cover, schema

SCHEMA = schema._schema
VARIABLES = {"yes": True, "no": False}

ALL = """{
  id name count ratio at odd anything colour tags grid calledOtherwise
  mesh { text flag } several { __typename ... on Plain { text } ... on Owner { id thing { id } } } sulks
  owner { id name thing { id name } } plain { text flag } guarded loud
  shelf { books { id name pages author { id } cover { text shout } sequel { pages } } some { id } covers { text } }
  either { __typename ... on Owner { id } ... on Plain { text } } named { __typename id ... on Thing { count } }
}"""
PLAIN = (
    "{ id name count ratio at odd anything colour tags grid calledOtherwise mesh { __typename text } "
    "owner { id thing { id } } plain { text } "
    "shelf { books { id name pages colour author { id } cover { text } sequel { id pages } } some { name } } }"
)

WRITTEN = [
    "{ things { __typename id name } }",
    "{ a: things { b: id c: name id } present { id } }",
    "{ things { ...F } } fragment F on Thing { count owner { ...G } } "
    "fragment G on Owner { id thing { ...H } } fragment H on Thing { id }",
    "{ things { id ... on Thing { name } ... on Named { name } ... { colour } } }",
    "{ things { owner { id } owner { name } ... on Thing { owner { thing { id } } } } }",
    "query ($yes: Boolean!, $no: Boolean!) "
    "{ things { id @include(if: $yes) name @skip(if: $yes) count @include(if: $no) } }",
    "{ things { id @include(if: false) name @skip(if: false) } }",
    "{ things { shout(times: 2) later { text } plain { text } } }",
    "{ things { id shout(times: 4) } }",
    "{ thing { later { text flag } } named { __typename id ... on Owner { thing { id } } ... on Thing { grid } } }",
    "query ($two: Int = 2) { things { id again: shout(times: $two) plain { text } } }",
    "query ($four: Int = 4) { things { id shout(times: $four) plain { text } } present { id } }",
    "{ things { id sulks mesh { text } several { ... on Plain { text flag } } } present { sulks } }",
    "{ things { mesh { ...P } several { ...P ... on Named { id } } } } fragment P on Plain { text again: text }",
    "{ things { guarded owner { id } } }",
    "{ things { shelf { books { a: author { id } b: author { name } author { id name } c: cover { text } } } } }",
    "{ things { shelf { covers { text } books { __typename cover { __typename shout } } some { pages } } } }",
    "{ things { loud plain { flag } } }",
    '{ __schema { queryType { name } } __type(name: "Thing") { name } things { id } }',
    "query @experimental_disableErrorPropagation { present { id count } }",
]


async def run(text: str, executor: type[Any], variables: dict[str, Any], **options: Any) -> tuple[str, list[Any]]:
    """Data as text, since the order of its members matters, and errors in theirs."""
    made = execute(SCHEMA, parse(text), variable_values=variables, context_value={}, executor_class=executor, **options)
    result = made if isinstance(made, ExecutionResult) else await made
    errors = [json.dumps(error.formatted, sort_keys=True) for error in result.errors or []]
    return json.dumps(result.data, default=repr), errors


async def assert_same(text: str, variables: dict[str, Any] | None = None) -> CompiledSelections:
    """The first run compiles nothing, the second compiles, the third runs what was compiled."""
    document = parse(text)
    compiled, given_ = CompiledSelections(document), variables or {}
    expected = await run(text, StrawberryGraphQLCoreExecutionContext, given_)

    for _ in range(3):
        made = execute(
            SCHEMA,
            document,
            variable_values=given_,
            context_value={},
            executor_class=CompilingExecutor,
            compiled=compiled,
        )
        result = made if isinstance(made, ExecutionResult) else await made
        errors = [json.dumps(error.formatted, sort_keys=True) for error in result.errors or []]
        assert (json.dumps(result.data, default=repr), errors) == expected
    close_coroutines()
    return compiled


@pytest.mark.parametrize("text", WRITTEN)
async def test_written_documents_are_answered_alike(text: str) -> None:
    await assert_same(text, {name: value for name, value in VARIABLES.items() if f"${name}" in text})


@pytest.mark.parametrize("field", ["things", "thing", "present"])
async def test_a_condition_that_is_null_is_the_error_of_the_field_that_has_it(field: str) -> None:
    text = f"query ($v: Boolean = true) {{ {field} {{ id owner {{ id @skip(if: $v) }} }} named {{ id }} }}"

    await assert_same(text, {"v": None})


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("selection", [ALL, PLAIN], ids=["all", "plain"])
@pytest.mark.parametrize("field", ["things", "thing", "present"])
async def test_values_that_are_wrong_are_answered_alike(field: str, selection: str, wrong: str) -> None:
    await assert_same(f"query ($w: String!) {{ {field}(wrong: $w) {selection} }}", {"w": wrong})


async def test_plain_subtrees_are_compiled_and_others_are_not() -> None:
    plain = await assert_same(f"{{ things {PLAIN} }}")
    guarded = await assert_same("{ things { id guarded } }")
    extended = await assert_same("{ things { id loud } }")
    resolved = await assert_same("{ things { id shout } }")

    assert [found is not None for found in plain._found.values()] == [True]
    for compiled in (guarded, extended, resolved):
        assert set(compiled._found.values()) == {None}


async def test_rows_are_read_without_making_anything_of_them() -> None:
    document = parse("{ things { shelf { books { id author { id } cover { text } } some { id } } } }")
    compiled, made = CompiledSelections(document), list[object]()

    def run_again() -> ExecutionResult:
        result = execute(SCHEMA, document, context_value={}, executor_class=CompilingExecutor, compiled=compiled)
        assert isinstance(result, ExecutionResult)
        return result

    first, second = run_again(), run_again()
    with pytest.MonkeyPatch.context() as patched:
        for kind in (book, cover):
            patched.setattr(kind, "__init__", lambda thing, row, around: made.append(thing))
        assert run_again() == second == first
    assert made == []


async def test_what_is_asked_once_is_not_compiled() -> None:
    text = "{ things { id } }"
    compiled = CompiledSelections(parse(text))

    await run(text, CompilingExecutor, {}, compiled=compiled)

    assert compiled._found == {}


async def test_each_outcome_of_skip_and_include_is_compiled_separately() -> None:
    text = "query ($yes: Boolean!) { things { id @include(if: $yes) name } }"
    document = parse(text)
    compiled = CompiledSelections(document)

    answers = []
    for yes in (True, True, False, True):
        made = execute(
            SCHEMA, document, variable_values={"yes": yes}, executor_class=CompilingExecutor, compiled=compiled
        )
        assert isinstance(made, ExecutionResult)
        answers.append([sorted(thing) for thing in made.data["things"] if thing])  # type: ignore[index]

    assert answers == [[["id", "name"]] * 2] * 2 + [[["name"]] * 2] + [[["id", "name"]] * 2]


@st.composite
def selections(draw: st.DrawFn, kind: GraphQLNamedType, depth: int) -> str:
    """A selection of some fields of a type, some of them under other names, in fragments or under conditions."""
    parts = ["__typename"] if draw(st.booleans()) or is_abstract_type(kind) else []
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        names = sorted(kind.fields)
        chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=5))
        parts += [draw(_field(kind.fields[name], name, depth)) for name in chosen]
    if is_abstract_type(kind):
        of = [each for each in SCHEMA.get_possible_types(kind) if depth and draw(st.booleans())]
        parts += [f"... on {each.name} {draw(selections(each, depth - 1))}" for each in of]
    elif depth and draw(st.booleans()):
        condition = draw(st.sampled_from(["", " @include(if: $yes)", " @skip(if: $yes)", " @include(if: $no)"]))
        parts.append(f"... on {kind.name}{condition} {draw(selections(kind, depth - 1))}")
    return "{ " + (" ".join(part for part in parts if part) or "__typename") + " }"


@st.composite
def _field(draw: st.DrawFn, field: GraphQLField, name: str, depth: int) -> str:
    inner = get_named_type(field.type)
    if not is_leaf_type(inner) and not depth:
        return ""
    # The name of an alias says all that the field is asked with, so that no two of them are in conflict.
    times = draw(st.sampled_from(["1", "2", "4", "$two", "$four"])) if "times" in field.args else None
    asked = f"{name}(times: {times})" if times else name
    alias = f"{name}{times.strip('$')}: " if times else draw(st.sampled_from(["", f"{name}_again: "]))
    condition = draw(st.sampled_from(["", "", "", " @include(if: $yes)", " @skip(if: $no)", " @skip(if: $yes)"]))
    below = "" if is_leaf_type(inner) else draw(selections(inner, depth - 1))
    return f"{alias}{asked}{condition} {below}".strip()


@given(st.data())
async def test_generated_documents_are_answered_alike(data: st.DataObject) -> None:
    wrong = data.draw(st.sampled_from(sorted(WRONG)))
    field = data.draw(st.sampled_from(["things", "thing", "present"]))
    thing = SCHEMA.type_map["Thing"]
    selection, fragment = data.draw(selections(thing, 4)), data.draw(selections(thing, 2))
    spread = data.draw(st.sampled_from(["...F", "...F @include(if: $no)", "... { ...F } ...F @skip(if: $no)"]))
    head = "query ($w: String!, $yes: Boolean = true, $no: Boolean = false, $two: Int = 2, $four: Int = 4)"

    asked = f"{head} {{ {field}(wrong: $w) {{ {selection[1:-1]} {spread} }} }} fragment F on Thing {fragment}"
    await assert_same(asked, {"w": wrong})
