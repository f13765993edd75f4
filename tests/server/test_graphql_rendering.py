"""Rows that the database has rendered are shown as rows of any other kind: the same answer, with the same errors."""

import json
from typing import Any

import pytest
from graphql import DocumentNode, ExecutionResult, execute, parse
from hypothesis import given
from hypothesis import strategies as st
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from schema.row_types import column, row_type
from server.graphql.compiler.executor import CompiledSelections, CompilingExecutor
from server.graphql.response import encode
from tests.server.graphql_rendered import Author, Context, Rendered, schema

SCHEMA = schema._schema
ALL = "id name pages colour author { id name } title"

RENDERED = {
    "{ pad { leaves { name pages } } }": {"pad"},
    "{ pad { leaves { id author { id } } } }": {"pad"},
    f"{{ pad {{ leaves {{ {ALL} }} }} }}": {"pad"},
    f"{{ later {{ edges {{ mark node {{ {ALL} }} }} }} }}": {"later"},
    f"{{ later {{ edges {{ node {{ {ALL} }} mark }} leaves {{ {ALL} }} }} }}": {"later"},
    "{ pad { leaves { name author { name } pages id colour title name2: name } } }": {"pad"},
    "{ pad { leaves { __typename a: name b: name __typename c: pages } __typename } }": {"pad"},
    "{ pad { ...P } } fragment P on Pad { leaves { name ...L } } fragment L on Leaf { colour name pages }": {"pad"},
    "{ pad { edges { node { name } } leaves { pages } more: leaves { name2: name } } }": {"pad"},
    "{ a: pad { leaves { name } } b: pad { leaves { pages } } later { leaves { id } } }": {"a", "b", "later"},
    "query ($yes: Boolean = true) { pad { leaves { name @skip(if: $yes) pages colour @include(if: $yes) } } }": {"pad"},
    '{ pad(known: "p") { leaves { name author { name } } } }': {"pad"},
    '{ later(known: "p") { edges { node { author { id } name } } } }': {"later"},
}
READ = [
    "{ pad { leaves { name secret } } }",
    "{ pad { leaves { name tags } } }",
    "{ pad { edges { node { name } } leaves { secret } } }",
    "{ later { a: leaves { tags } b: leaves { name pages } } }",
]


async def answer(
    document: DocumentNode, executor: type[Any], context: Context, **options: Any
) -> tuple[str, list[str]]:
    """Data as it is sent, and errors in their order."""
    made = execute(SCHEMA, document, context_value=context, executor_class=executor, **options)
    result = made if isinstance(made, ExecutionResult) else await made
    errors = [json.dumps(error.formatted, sort_keys=True) for error in result.errors or []]
    # As text, since the order of its members matters; signs are rendered in the same way.
    return json.dumps(json.loads(encode({"data": result.data}))), errors


async def ordinary(text: str, **options: Any) -> tuple[str, list[str]]:
    """What graphql-core answers, of rows that nobody has rendered."""
    return await answer(parse(text), StrawberryGraphQLCoreExecutionContext, Context(), **options)


async def again(text: str, context: Context, **options: Any) -> tuple[str, list[str]]:
    """The answer when it was asked before, so that its selections are compiled."""
    document = parse(text)
    compiled = CompiledSelections(document)
    for _ in range(2):
        await answer(document, CompilingExecutor, Context(), compiled=compiled, **options)
    return await answer(document, CompilingExecutor, context, compiled=compiled, **options)


@pytest.mark.parametrize("text", RENDERED)
async def test_rendered_rows_are_answered_alike(text: str) -> None:
    context = Context()

    found = await again(text, context)

    assert found == await ordinary(text)
    assert context.renderable == RENDERED[text]
    assert all(isinstance(rows, Rendered) for rows in context.given)


@pytest.mark.parametrize("text", READ)
async def test_what_is_not_to_be_had_from_rendered_rows_is_not_asked_for(text: str) -> None:
    context = Context()

    found = await again(text, context)

    assert found == await ordinary(text)
    assert context.renderable == set()


async def test_texts_go_to_the_client_as_they_are() -> None:
    context = Context()

    await again("{ pad { edges { mark node { id name pages } } } }", context)

    [rows] = context.given
    assert rows.reads == 0


async def test_what_rows_have_in_common_is_made_once() -> None:
    context = Context()

    await again("{ pad { edges { node { author { id name } } } leaves { author { id name } } } }", context)

    [rows] = context.given
    assert rows.reads == 2 * len({row.author for row in rows})


async def test_nobody_is_told_of_what_is_asked_for_once() -> None:
    context, document = Context(), parse("{ pad { leaves { name } } }")

    await answer(document, CompilingExecutor, context, compiled=CompiledSelections(document))

    assert context.renderable == set()


FIELDS = ["id", "name", "pages", "colour", "author { name id }", "title", "__typename", "...F"]
NAMED = st.builds(lambda alias, field: alias + field, st.sampled_from(["", "", "a_", "b_"]), st.sampled_from(FIELDS))


def _aliased(field: str) -> str:
    alias, _, name = field.partition("_") if field[:2] in {"a_", "b_"} else ("", "", field)
    return name if not alias or name.startswith("...") else f"{alias}{name.split()[0].strip('_')}: {name}"


@given(st.lists(NAMED, min_size=1), st.lists(NAMED, min_size=1), st.booleans(), st.sampled_from(["pad", "later"]))
async def test_generated_selections_are_answered_alike(some: list[str], more: list[str], yes: bool, root: str) -> None:
    below, fragment = (
        " ".join(map(_aliased, fields)) for fields in (some, [each for each in more if "..." not in each])
    )
    text = f"{{ {root} {{ edges {{ node {{ {below} ...F @include(if: {str(yes).lower()}) }} mark }} }} }}"
    text += f" fragment F on Leaf {{ {fragment or 'name'} }}"
    context = Context()

    assert await again(text, context) == await ordinary(text)
    assert context.renderable == {root}


@pytest.mark.parametrize("fine", range(30))
async def test_where_a_compiled_function_fails_those_below_it_show_the_same_rows(fine: int) -> None:
    before = " ".join(f"f{place}: fine" for place in range(fine))  # so that names in the functions differ by as many
    text = f"{{ torn {{ {before} pad {{ leaves {{ a: author {{ id }} b: author {{ name }} }} }} bad }} }}"
    context = Context()

    assert await again(text, context) == await ordinary(text)
    assert context.renderable == {"torn"}
    assert isinstance(context.given[0], Rendered)


@pytest.mark.parametrize(
    "where", ["later { leaves { id @include(if: $v) } }", "later { leaves { id } edges { mark @skip(if: $v) } }"]
)
async def test_what_a_field_is_wrong_with_is_its_own_error(where: str) -> None:
    text = f"query ($v: Boolean = true) {{ before: pad {{ leaves {{ name }} }} {where} }}"

    found = await again(text, Context(), variable_values={"v": None})

    assert found == await ordinary(text, variable_values={"v": None})
    assert json.loads(found[0])["data"]["before"]["leaves"]
    assert [json.loads(error)["path"][0] for error in found[1]] == ["later"]


def test_a_rendered_column_has_a_position() -> None:
    sources = {"id": column("id"), "name": column("name", rendered=True)}

    with pytest.raises(TypeError, match="without a position"):
        row_type(Author, sources, text_index={"id": 0})
