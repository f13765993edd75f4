"""Writes docs/reference/ from the code: settings, commands, error codes, events and permissions.

`make reference` writes the pages; `test_reference.py` compares them. The page of the tables is in `tables_page.py`.
"""

import types
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le
from graphql import GraphQLEnumType
from pydantic.fields import FieldInfo
from typer.testing import CliRunner

from domain.events.event import AUDITED, REVOKES_ACCESS
from policies import AddOn, Holder, Level, Role, Tier, role_allows
from policies.gate import rules
from policies.vocabulary import PERMISSION_MEANINGS, ROLE_MEANINGS
from schema.root import build
from server.cli import app
from server.graphql.request_errors import TOP_LEVEL_CODES
from server.settings import PREFIX, Settings
from tests.architecture.markdown import reference_page, table, yes
from tests.architecture.pages import ROOT
from tests.architecture.tables_page import tables

_TYPES: Mapping[str, Any] = build()._schema.type_map


def settings() -> str:
    """docs/reference/settings.md, from the fields of server/settings.py."""
    rows = [
        (f"`{_variable(name)}`", _default(field.default), _values(field), field.description)
        for name, field in Settings.model_fields.items()
    ]
    return reference_page(
        "Settings",
        "server/settings.py",
        "All settings are environment variables, read once at start-up. An unknown `SLUICEGATE_` variable or an invalid"
        " value stops the start with an error that names the variable. An empty variable counts as not set.",
        "",
        *table("variable", "default", "values", "meaning", rows=rows),
    )


def commands() -> str:
    """docs/reference/commands.md: what each command prints for --help."""
    named = [str(each.name) for each in app.registered_commands if not each.hidden]
    helps = [line for name in named for line in (f"## {name}", "", "```text", _help(name), "```", "")]
    return reference_page(
        "Commands",
        "server/cli.py",
        "Run every command as `.venv/bin/python -m server COMMAND` from the root of the checkout. Results go to"
        " standard output, log lines and errors to standard error. A command ends with 0, with 2 for an invalid"
        " setting or option, and with 1 for any other failure.",
        "",
        *helps[:-1],
    )


def error_codes() -> str:
    """docs/reference/error-codes.md: user errors from the schema, top-level errors from the endpoint."""
    codes = _TYPES["UserErrorCode"].values
    rows = [(f"`{name}`", _error_type(name), value.description) for name, value in sorted(codes.items())]
    top = [(f"`{name}`", code.statuses, code.meaning) for name, code in sorted(TOP_LEVEL_CODES.items())]
    return reference_page(
        "Error codes",
        "schema/errors.py and server/graphql/request_errors.py",
        "## User errors",
        "",
        "`userErrors` of a mutation's payload: the operation was declined and nothing was changed. Every entry has"
        " `code`, `message` and `field`; a type of its own adds details. New codes may be added.",
        "",
        *table("code", "type", "meaning", rows=rows),
        "",
        "## Top-level errors",
        "",
        "`errors` of the response, with the code in `extensions.code`. They are for developers.",
        "",
        *table("code", "HTTP status", "meaning", rows=top),
        "",
        "Clients that accept only `application/json` receive 200 for a well-formed request that is not executed, as "
        "GraphQL over HTTP asks ([decision 15](../decisions/0015-answers-of-the-endpoint.md)).",
    )


def events() -> str:
    """docs/reference/events.md, from the schema's EventKind and the domain's two sets."""
    kinds: GraphQLEnumType = _TYPES["EventKind"]
    audited, revoking = set(map(str, AUDITED)), set(map(str, REVOKES_ACCESS))
    rows = [
        (f"`{name}`", yes(name in audited), yes(name in revoking), value.description)
        for name, value in kinds.values.items()
    ]
    return reference_page(
        "Events",
        "domain/events/ and schema/enums.py",
        "Every change records one or more events in its own transaction. *Audit log*: `auditEvents` lists the event."
        " *Revokes access*: afterwards somebody may see or do less, so anything that outlives a request checks its"
        " viewer again. New kinds may be added.",
        "",
        *table("event", "audit log", "revokes access", "meaning", rows=rows),
    )


def permissions() -> str:
    """docs/reference/permissions.md, from policies/rules.csv and policies/vocabulary.py."""
    held = [role for role in Role if role is not Role.OPERATOR]
    rows = [
        (
            f"`{rule.permission}`",
            PERMISSION_MEANINGS[rule.permission],
            ", ".join(f"`{role}`" for role in held if role_allows(rule.permission, role)) or "the operator only",
            "–" if rule.level is Level.ACCOUNT else rule.level.value,
            _plan(rule.service, rule.marketing, rule.add_on),
            yes(rule.holder is Holder.ANYONE),
        )
        for rule in rules()
    ]
    return reference_page(
        "Permissions",
        "policies/rules.csv and policies/vocabulary.py",
        "## Roles",
        "",
        "A user has one or more roles in an account and may do what any of them allows.",
        "",
        *table("role", "meaning", rows=[(f"`{role}`", meaning) for role, meaning in ROLE_MEANINGS.items()]),
        "",
        "## Permissions",
        "",
        "*Level* is the access to the pipeline that the permission needs. *Grantable*: custom roles and API apps can"
        " hold it. [The access matrix](../../tests/policies/access_matrix.md) shows the same by role and tier.",
        "",
        *table("permission", "allows", "roles", "level", "plan", "grantable", rows=rows),
    )


PAGES: Mapping[str, Callable[[], str]] = {
    "docs/reference/settings.md": settings,
    "docs/reference/commands.md": commands,
    "docs/reference/error-codes.md": error_codes,
    "docs/reference/events.md": events,
    "docs/reference/permissions.md": permissions,
    "docs/reference/tables.md": tables,
}


def _variable(name: str) -> str:
    alias = Settings.model_fields[name].validation_alias
    return alias if isinstance(alias, str) else PREFIX + name.upper()


def _default(default: object) -> str:
    if default is None or default == ():
        return "not set"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _values(field: FieldInfo) -> str:
    if field.annotation is bool:
        return "`true`, `false`"
    if get_origin(field.annotation) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(field.annotation))
    low = next((f"{each.ge:,}" for each in field.metadata if isinstance(each, Ge)), None)
    above = next((f"more than {each.gt:,}" for each in field.metadata if isinstance(each, Gt)), None)
    high = next((f"{each.le:,}" for each in field.metadata if isinstance(each, Le)), None)
    return f"{low or above} to {high}" if high else _kind(field.annotation)


def _kind(annotation: object) -> str:
    inner = get_args(annotation)[0] if isinstance(annotation, types.UnionType) else annotation
    return "list, separated by commas" if get_origin(inner) is tuple else "text"


def _help(command: str) -> str:
    found = CliRunner().invoke(app, [command, "--help"], prog_name="python -m server", terminal_width=100)
    return found.stdout.strip()


def _error_type(code: str) -> str:
    name = "".join(word.capitalize() for word in code.split("_")) + "Error"
    return f"`{name}`" if name in _TYPES else "`PlainError`"


def _plan(service: Tier, marketing: Tier, add_on: AddOn) -> str:
    needs: list[Enum] = [service, *([marketing] if marketing is not Tier.FREE else [])]
    needs += [add_on] if add_on is not AddOn.NONE else []
    return ", ".join(str(each.value) for each in needs)


if __name__ == "__main__":
    for path, content in PAGES.items():
        (ROOT / path).write_text(content(), encoding="utf-8")
