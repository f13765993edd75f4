"""The requests that README, tutorial and guides show are valid: operations, and the variables that go with them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from graphql import DocumentNode, get_operation_ast, parse, validate
from graphql.execution.values import get_variable_values

from schema.root import build
from tests.architecture.pages import ROOT, pages

CURL_BODY = re.compile(r"-d '(\{.*?\n\})'", re.DOTALL)
DOCUMENT = re.compile(r"```graphql\n(.*?)```", re.DOTALL)
SHELL_VARIABLE = re.compile(r"'\$\w+'")
SCHEMA = build()._schema


def _shown(pattern: re.Pattern[str]) -> list[Any]:
    """The matches on every page, each with its page as the name of the test."""
    return [
        pytest.param(found, id=f"{path.relative_to(ROOT)}-{number}")
        for path in pages()
        for number, found in enumerate(pattern.findall(_text(path)))
    ]


def _text(path: Path) -> str:
    return SHELL_VARIABLE.sub("…", path.read_text(encoding="utf-8"))


def _operations(document: DocumentNode) -> list[str]:
    assert validate(SCHEMA, document) == []
    return [definition.operation.value for definition in document.definitions if hasattr(definition, "operation")]


@pytest.mark.parametrize("body", _shown(CURL_BODY))
def test_a_request_in_a_command_is_valid(body: str) -> None:
    request = json.loads(body)
    document = parse(request["query"])

    assert len(_operations(document)) == 1
    operation = get_operation_ast(document)
    assert operation is not None
    values = get_variable_values(SCHEMA, operation.variable_definitions or (), request.get("variables", {}))
    assert not isinstance(values, list), values


@pytest.mark.parametrize("text", _shown(DOCUMENT))
def test_a_document_is_valid(text: str) -> None:
    assert _operations(parse(text)) != []


def test_the_readme_shows_a_query_and_the_tutorial_mutations() -> None:
    shown = {path: CURL_BODY.findall(_text(ROOT / path)) for path in ("README.md", "docs/tutorial.md")}

    assert [re.findall(r"signIn|board|moveTicket|closeTicket", body)[0] for body in shown["README.md"]] == ["board"]
    assert {"signIn", "createTicket", "moveTicket", "closeTicket"} <= {
        *re.findall(r"(\w+)\(input: \$input\)", "".join(shown["docs/tutorial.md"]))
    }
