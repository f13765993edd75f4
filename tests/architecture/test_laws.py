"""The laws that a reading of the code can show (ARCHITECTURE.md): who commits, who tells the time, who asks the gate.

Imports are in test_imports.py, tables in test_catalogue.py.
"""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import configure_mappers

from domain.database.model import Base
from domain.database.tables import METADATA, NOUNS
from domain.errors import Refusal
from domain.events.event import EventKind
from policies import Permission
from schema.errors import UserErrorCode
from schema.root import build
from tests.architecture.pages import ROOT

LAYERS = ("domain", "policies", "resolvers", "schema", "server", "migrations")
FEATURES = ("accounts", "apps", "audit", "people", "access", "properties", "pipelines", "tickets", "boards", "imports")
FINDERS = ("find_", "list_", "read_", "count_", "lock_", "check_")

LONGEST_FILE = 300  # lines; the house asks for under 200
LONGEST_FUNCTION = 60  # lines; the house asks for under 30

# Transactions are begun by units of work, and by those alone that have no actor.
BEGINS = {
    "domain/unit_of_work.py": "units of work, whose end commits",
    "domain/events/journal.py": "the relay, which numbers what others committed",
    "domain/idempotency.py": "the sweep of keys that have served",
    "domain/accounts/sessions.py": "the sweep of sessions that ended long ago",
    "domain/audit/sealer.py": "sealing what others committed",
    "domain/audit/failed_sign_ins.py": "telling accounts of sign-ins by nobody",
    "resolvers/memberships.py": "looking for memberships before anybody is known",
}
TRANSACTIONS = "domain/database/transaction.py"  # how a transaction begins and ends

# What changes something without asking the gate first.
UNASKED = {
    "accounts.issue_token": "whoever verified a password may sign in, whatever their roles",
    "accounts.link_identity": "whoever the identity provider vouches for may sign in, whatever their roles",
    "accounts.sign_out": "everybody may end the token that they came with",
    "accounts.revoke_session": "users may revoke their own sessions",
    "accounts.revoke_other_sessions": "users may revoke their own sessions",
    "accounts.change_password": "everybody may change the password that they know",
    "accounts.identify": "a part of the verbs that make somebody a user, which have asked",
    "apps.note_use": "that an app was here is written down whatever it may do",
    "apps.suspend_apps": "a part of the verbs that demote somebody or let them go, which have asked",
    "audit.record_denial": "it records that the gate said no",
    "tickets.next_numbers": "a part of creating and importing tickets, which have asked",
    "tickets.ranks_at_the_end": "a part of importing tickets, which has asked",
    "people.accept_invitation": "whoever was invited may come, and has no roles yet",
    "people.join_vouched": "whoever was invited, and is vouched for, may come",
    "accounts.note_use": "that somebody was here is written down whoever they are",
}

NO_FILE_IS_CALLED = {"core", "common", "utils", "helpers", "services", "manager", "handler", "base", "data"}


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """The modules of some folders, by their path from the root."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def name_of(call: ast.Call) -> str:
    """The last name of what is called: `session.commit()` is a commit."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def members_named(tree: ast.AST, kind: str) -> set[str]:
    """The members of an enumeration that a tree names, as in `EventKind.TICKET_MOVED`."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == kind
    }


def refusals(kind: type[Refusal] = Refusal) -> set[type[Refusal]]:
    return {each for child in kind.__subclasses__() for each in {child, *refusals(child)}}


def test_only_the_end_of_a_unit_commits() -> None:
    said = {
        (path, name_of(call))
        for path, tree in modules("domain", "resolvers", "schema", "policies")
        for call in calls(tree)
        if path != TRANSACTIONS and name_of(call) in {"begin", "commit", "rollback"}
    }

    assert said == set()


def test_whoever_begins_transactions_still_does() -> None:
    begins = {
        path
        for path, tree in modules("domain", "resolvers", "schema", "server")
        for call in calls(tree)
        if name_of(call) == "transaction"
    }

    assert begins == set(BEGINS)


def test_what_ends_a_transaction_is_said_in_one_place() -> None:
    said = {
        path.relative_to(ROOT).as_posix()
        for folder in ("domain", "resolvers", "schema")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"['\"](BEGIN|COMMIT|ROLLBACK)\b", path.read_text(encoding="utf-8"))
    }

    assert said == {TRANSACTIONS}


def test_time_is_the_databases() -> None:
    clocks = {"now", "utcnow", "today", "time", "monotonic", "time_ns"}
    said = {
        (path, ast.unparse(call.func))
        for path, tree in modules("domain", "resolvers", "schema", "policies")
        for call in calls(tree)
        if name_of(call) in clocks and not ast.unparse(call.func).startswith("func.")
    }

    assert said == set()


def test_nothing_is_sent_or_notified_from_the_domain() -> None:
    loud = {path for path in (ROOT / "domain").rglob("*.py") if "NOTIFY" in path.read_text(encoding="utf-8")}

    assert loud == set()


def test_every_refusal_has_a_code_of_its_own_that_clients_know() -> None:
    build()  # with the schema, everything that can refuse is imported
    codes = {each.code: each for each in refusals()}

    assert {each for each in refusals() if "code" not in vars(each)} == set()
    assert len(codes) == len(refusals())
    assert sorted(codes) == sorted(UserErrorCode.__members__)
    assert {code: Refusal.known[code] for code in codes} == codes


def test_every_permission_is_asked_for_somewhere_in_the_domain() -> None:
    asked: set[str] = set()
    for path, tree in modules("domain"):
        for call in calls(tree):
            if name_of(call) == "require":
                asked |= members_named(call, "Permission")
        if path in {"domain/access/visibility.py", "domain/tickets/finders.py"}:
            asked |= members_named(tree, "Permission")

    assert asked == {permission.name for permission in Permission}


def test_every_kind_of_event_is_recorded_somewhere() -> None:
    recorded = {
        name
        for path, tree in modules("domain")
        if path != "domain/events/event.py"
        for name in members_named(tree, "EventKind")
    }

    assert recorded == {kind.name for kind in EventKind}


def verbs() -> Iterator[tuple[str, ast.AsyncFunctionDef, ast.Module]]:
    """The operations behind the front doors that take a unit of work and are no finders, with their modules."""
    for feature in FEATURES:
        door = importlib.import_module(f"domain.{feature}")
        for name in door.__all__:
            verb = getattr(door, name)
            if not inspect.iscoroutinefunction(verb) or name.startswith(FINDERS):
                continue
            if next(iter(inspect.signature(verb).parameters)) != "work":
                continue
            tree = ast.parse(Path(inspect.getfile(verb)).read_text(encoding="utf-8"))
            yield f"{feature}.{name}", function(tree, name), tree


def function(tree: ast.Module, name: str) -> ast.AsyncFunctionDef:
    return next(node for node in tree.body if isinstance(node, ast.AsyncFunctionDef) and node.name == name)


def asks_first(verb: ast.AsyncFunctionDef, tree: ast.Module) -> bool:
    """Whether `require` is called before anything is awaited, by the verb or by what it awaits first."""
    required = [call.lineno for call in calls(verb) if name_of(call) == "require"]
    awaited = [node for node in ast.walk(verb) if isinstance(node, ast.Await)]
    first = min(awaited, key=lambda node: (node.lineno, node.col_offset), default=None)
    if first is None or (required and min(required) < first.lineno):
        return bool(required)
    ours = {node.name for node in tree.body if isinstance(node, ast.AsyncFunctionDef)}
    delegate = name_of(first.value) if isinstance(first.value, ast.Call) else ""
    return delegate in ours and asks_first(function(tree, delegate), tree)


def test_every_verb_asks_the_gate_before_it_waits_for_anything() -> None:
    unasked = {name for name, verb, tree in verbs() if not asks_first(verb, tree)}

    assert unasked == set(UNASKED)


def test_every_noun_is_named_where_all_tables_are_needed() -> None:
    assert {mapper.class_.__module__ for mapper in Base.registry.mappers} == {noun.__name__ for noun in NOUNS}
    assert {mapper.local_table for mapper in Base.registry.mappers} == set(METADATA.tables.values())


def test_every_relationship_is_for_viewing_and_loads_nothing_by_itself() -> None:
    configure_mappers()
    relationships = [each for mapper in Base.registry.mappers for each in mapper.relationships]

    assert relationships
    assert [str(each) for each in relationships if not (each.viewonly and each.lazy == "raise")] == []


@pytest.mark.parametrize("folder", [*LAYERS, "tests"])
def test_no_file_has_grown_past_what_one_noun_or_verb_needs(folder: str) -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / folder).rglob("*.py")}

    assert {str(path): length for path, length in lengths.items() if length > LONGEST_FILE} == {}


@pytest.mark.parametrize("folder", [*LAYERS, "tests"])
def test_no_function_has_grown_past_what_can_be_read_at_once(folder: str) -> None:
    long = {
        (path, node.name)
        for path, tree in modules(folder)
        if not path.startswith("migrations/versions/")  # a revision is one list of tables
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    }

    assert long == set()


@pytest.mark.parametrize("folder", [*LAYERS, "tests"])
def test_every_module_and_what_it_offers_says_what_it_is(folder: str) -> None:
    silent = {path for path, tree in modules(folder) if tree.body and not ast.get_docstring(tree)}
    silent |= {
        f"{path}: {node.name}"
        for path, tree in modules(*({folder} - {"tests"}))
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    }

    assert silent == set()


def test_files_are_named_for_what_is_in_them() -> None:
    vague = {
        path for path, _ in modules(*LAYERS, "tests") if NO_FILE_IS_CALLED & {Path(path).stem, Path(path).parent.name}
    }

    assert vague == set()
