"""What events of the audit log say, in the words of the API: things by global ids, and what is no text as JSON."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from strawberry import ID

from domain.events.event import Event
from schema.ids import Kind, global_id

# The kinds of things as events name them. A property has no global id; the log of an account is not about tickets.
_KINDS = {
    "account": Kind.ACCOUNT,
    "user": Kind.USER,
    "team": Kind.TEAM,
    "role": Kind.ROLE,
    "app": Kind.APP,
    "pipeline": Kind.PIPELINE,
    "stage": Kind.STAGE,
}

# What the ids are of that stand under a name in an event.
_NAMED = {
    "user": Kind.USER,
    "sponsor": Kind.USER,
    "members": Kind.USER,
    "team": Kind.TEAM,
    "teams": Kind.TEAM,
    "customRoles": Kind.ROLE,
    "pipelines": Kind.PIPELINE,
    "order": Kind.PIPELINE,
    "stage": Kind.STAGE,
    "token": Kind.SESSION,
    "sessions": Kind.SESSION,
    "secret": Kind.APP_SECRET,
    "ending": Kind.APP_SECRET,
}

# Roles as events before revision 0010 name them. Events are never rewritten, so no line here is ever taken away.
_OLD_ROLES = {
    "super_admin": "SUPER_ADMIN",
    "settings_editor": "SETTINGS_EDITOR",
    "workflow_editor": "WORKFLOW_EDITOR",
    "agent": "AGENT",
    "viewer": "VIEWER",
}


def object_id(kind: str, id: UUID) -> ID | None:
    """The global id of what an event happened to, where its kind has one."""
    return ID(global_id(_KINDS[kind], id)) if kind in _KINDS else None


def changes(event: Event) -> Iterator[tuple[str, str | None, str | None]]:
    """What stood before and after, name by name, in the order of the names."""
    before, after = facts(event.before) or {}, facts(event.after) or {}
    for name in sorted({*before, *after}):
        yield name, written(before.get(name)), written(after.get(name))


def facts(said: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What an event says before or after, with global ids in the place of ours."""
    return None if said is None else {name: _shown(value, name) for name, value in said.items()}


def written(value: Any) -> str | None:
    """A value as text: what is none is itself, and what is no text is JSON."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _shown(value: Any, name: str) -> Any:
    if isinstance(value, list):
        return [_shown(each, name) for each in value]
    if isinstance(value, dict):
        return {inner: _shown(each, inner) for inner, each in value.items()}
    if name == "roles":
        return _OLD_ROLES.get(value, value)
    kind = _NAMED.get(name)
    return _global(kind, value) if kind and isinstance(value, str) else value


def _global(kind: Kind, text: str) -> str:
    try:
        return global_id(kind, UUID(text))
    except ValueError:
        return text  # what somebody wrote there is shown as it is
