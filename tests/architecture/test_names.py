"""Our folders have general names; nothing else may answer to them (docs: generic names are made safe). The file of a
command has the name of the command.
"""

import importlib.util
import keyword
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from server.cli import app

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))


def test_every_layer_is_a_package() -> None:
    assert {"server", "schema", "resolvers", "domain", "policies", "migrations", "tests"} <= set(PACKAGES)


@pytest.mark.parametrize("name", PACKAGES)
def test_the_name_leads_to_our_folder(name: str) -> None:
    found = importlib.util.find_spec(name)

    assert found is not None
    assert found.origin == str(ROOT / name / "__init__.py")


@pytest.mark.parametrize("name", PACKAGES)
def test_no_installed_distribution_claims_the_name(name: str) -> None:
    assert packages_distributions().get(name, []) == []


def test_each_command_has_a_file_of_its_name() -> None:
    names = {command.name or "": command.callback.__module__ for command in app.registered_commands if command.callback}

    assert names == {name: f"server.commands.{module_name(name)}" for name in names}


def module_name(command: str) -> str:
    """The name of a command as that of a module, which no keyword can be."""
    name = command.replace("-", "_")
    return f"{name}_" if keyword.iskeyword(name) else name
