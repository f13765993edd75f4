"""The README's table of settings is that of server/settings.py, variable by variable."""

from typing import Any

import pytest

from server.settings import PREFIX, Settings
from tests.architecture.pages import page, rows

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
