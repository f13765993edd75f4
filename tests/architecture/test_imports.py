"""Who may import what: one way between folders, front doors between features, an allow-list of libraries for each
folder (laws 1 and 5, settled choice 14).
"""

import ast
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from tests.architecture.pages import ROOT

OURS = {"server", "schema", "resolvers", "domain", "policies", "migrations", "tests", "bench"}
KERNEL = {"database", "events"}  # folders of the kernel: their files are imported as they are
FEATURES = {path.parent.name for path in ROOT.glob("domain/*/__init__.py")} - KERNEL

# The longest prefix of a file's path decides.
LIBRARIES: dict[str, set[str]] = {
    "policies": set(),
    "policies/gate.py": {"casbin"},
    "domain": {"sqlalchemy"},
    "domain/database/model.py": {"sqlalchemy", "uuid_utils"},
    "migrations": {"alembic", "sqlalchemy"},
    "resolvers": set(),
    "schema": {"strawberry"},
    "schema/fingerprint.py": {"graphql"},
    "server": {
        "argon2",
        "cryptography",
        "orjson",
        "pydantic",
        "pydantic_settings",
        "rich",
        "starlette",
        "structlog",
        "typer",
        "uvicorn",
        "uvloop",
    },
    "server/database/engine.py": {"asyncpg", "orjson", "sqlalchemy"},
    "server/http/health.py": {"sqlalchemy", "starlette"},
    "server/database/migrate.py": {"sqlalchemy"},
    "server/database/pool.py": {"sqlalchemy"},
    "server/graphql": {"cryptography", "graphql", "orjson", "starlette", "strawberry", "structlog"},
    "server/database/embedded": set(),
    "server/auth/oidc": {"httpx", "jwt", "orjson", "structlog"},
}

# Past a front door: what a feature's own files would say in a circle, and what must not wake Casbin to read settings.
BESIDE_THE_DOOR = {("domain/database/tables.py", "domain"), ("server/settings.py", "policies.vocabulary")}


def files(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """The modules of some folders, by their path from the root."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Every name that a module imports, whole: `from a.b import c` is a.b.c."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{each.name}" for each in node.names)


def allowed(path: str) -> set[str]:
    prefixes = [prefix for prefix in LIBRARIES if path == prefix or path.startswith(f"{prefix}/")]
    return LIBRARIES[max(prefixes, key=len)]


def past_a_door(path: str, name: str) -> bool:
    """Whether a file reaches into a feature that is not its own."""
    parts = name.split(".")
    if parts[0] == "policies":
        return not path.startswith("policies/") and (ROOT / "policies" / f"{parts[1]}.py").exists()
    if parts[0] != "domain" or len(parts) < 3 or parts[1] not in FEATURES:
        return False
    if len(parts) == 3 and parts[2] in importlib.import_module(f"domain.{parts[1]}").__all__:
        return False  # an operation, whose file has its name
    return not path.startswith(f"domain/{parts[1]}/") and (ROOT / "domain" / parts[1] / f"{parts[2]}.py").exists()


def test_the_contracts_of_import_linter_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "path", list(sys.path))

    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=str(tmp_path), no_logo=True) == 0


def test_each_folder_speaks_to_its_own_libraries_and_no_others() -> None:
    strange = {
        (path, library)
        for path, tree in files("server", "schema", "resolvers", "domain", "policies", "migrations")
        for library in {name.split(".")[0] for name in imported(tree)}
        if library not in OURS | set(sys.stdlib_module_names) | allowed(path)
    }

    assert strange == set()


def test_no_library_is_allowed_that_nobody_speaks_to() -> None:
    spoken: dict[str, set[str]] = {prefix: set() for prefix in LIBRARIES}
    for path, tree in files("server", "schema", "resolvers", "domain", "policies", "migrations"):
        for prefix in LIBRARIES:
            if path == prefix or path.startswith(f"{prefix}/"):
                spoken[prefix] |= {name.split(".")[0] for name in imported(tree)}

    assert {
        prefix: LIBRARIES[prefix] - spoken[prefix] for prefix in LIBRARIES if LIBRARIES[prefix] - spoken[prefix]
    } == {}


def test_the_gate_alone_imports_casbin() -> None:
    importers = {
        path for path, tree in files(*OURS - {"bench"}) for name in imported(tree) if "casbin" in name.split(".")
    }

    assert importers == {"policies/gate.py"}


def test_outside_a_feature_its_front_door_is_used() -> None:
    past = {
        (path, name)
        for path, tree in files("server", "schema", "resolvers", "domain", "migrations")
        for name in imported(tree)
        if past_a_door(path, name)
        and (path, name.split(".")[0]) not in BESIDE_THE_DOOR
        and not any(path == file and name.startswith(f"{module}.") for file, module in BESIDE_THE_DOOR)
    }

    assert past == set()


@pytest.mark.parametrize("feature", sorted(FEATURES))
def test_a_front_door_lists_everything_that_it_lets_through(feature: str) -> None:
    [(_, tree)] = [(path, tree) for path, tree in files("domain") if path == f"domain/{feature}/__init__.py"]
    names = {each.asname or each.name for node in tree.body if isinstance(node, ast.ImportFrom) for each in node.names}

    assert set(importlib.import_module(f"domain.{feature}").__all__) == names


def test_nothing_but_tests_imports_the_tests() -> None:
    folders = ("server", "schema", "resolvers", "domain", "policies", "migrations")

    assert {path for path, tree in files(*folders) for name in imported(tree) if name.split(".")[0] == "tests"} == set()
