"""Our folders have general names; nothing else may answer to them (docs: generic names are made safe)."""

import importlib.util
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

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
