"""The README is true: its table of settings is that of server/settings.py, and its requests are valid."""

import json
import re
from typing import Any

import pytest
from graphql import get_operation_ast, parse, validate
from graphql.execution.values import get_variable_values

from schema.root import build
from server.settings import PREFIX, Settings
from tests.architecture.pages import page, rows

REQUESTS = [json.loads(body) for body in re.findall(r"-d '(\{.*?\n\})'", page("README.md"), re.DOTALL)]
TABLE = {cells[0].strip("`"): (cells[1], cells[2]) for cells in rows("## Settings", page("README.md"))}


def _variable(name: str) -> str:
    alias = Settings.model_fields[name].validation_alias
    return alias if isinstance(alias, str) else PREFIX + name.upper()


def _written(default: Any) -> str:
    if default is None or default == ():
        return "not set"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def test_the_table_names_every_setting_in_order() -> None:
    assert list(TABLE) == [_variable(name) for name in Settings.model_fields]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_row_tells_default_and_meaning(name: str) -> None:
    setting = Settings.model_fields[name]

    assert TABLE[_variable(name)] == (_written(setting.default), setting.description)


@pytest.mark.parametrize("request_body", REQUESTS)
def test_a_request_that_it_shows_is_valid(request_body: dict[str, Any]) -> None:
    schema, document = build()._schema, parse(request_body["query"])
    operation = get_operation_ast(document)

    assert validate(schema, document) == []
    assert operation is not None
    told = get_variable_values(schema, operation.variable_definitions or (), request_body.get("variables", {}))
    assert not isinstance(told, list), told


def test_it_shows_signing_in_a_board_and_a_move() -> None:
    fields = [re.findall(r"signIn|board|moveTicket", body["query"])[0] for body in REQUESTS]

    assert fields == ["signIn", "board", "moveTicket"]
