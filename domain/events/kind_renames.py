"""Event kinds that were renamed: events keep the string they were written with, and are read under the kind's name of
today (decision 33).

The table only grows. A line that is in it is never changed: no event is ever rewritten, since the audit chain holds its
kind as it is stored.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from domain.events.event import EventKind

# Stored string → kind. Several old strings may be one kind today, and none is the name of a kind of today.
RENAMED: Mapping[str, EventKind] = MappingProxyType(
    {
        "ACCOUNT_FOUNDED": EventKind.ACCOUNT_CREATED,
        "PLAN_CHANGED": EventKind.PLAN_UPDATED,
        "USER_RENAMED": EventKind.USER_UPDATED,
        "USER_ROLES_CHANGED": EventKind.USER_ROLES_UPDATED,
        "USER_SCOPES_CHANGED": EventKind.USER_SCOPES_UPDATED,
        "TEAM_MADE": EventKind.TEAM_CREATED,
        "TEAM_CHANGED": EventKind.TEAM_UPDATED,
        "ROLE_DEFINED": EventKind.ROLE_CREATED,
        "ROLE_CHANGED": EventKind.ROLE_UPDATED,
        "APP_CHANGED": EventKind.APP_UPDATED,
        "APP_SECRET_MADE": EventKind.APP_SECRET_CREATED,
        "PLACEHOLDER_MADE": EventKind.PLACEHOLDER_CREATED,
        "PIPELINE_RENAMED": EventKind.PIPELINE_UPDATED,
        "PIPELINE_CARD_CHANGED": EventKind.PIPELINE_UPDATED,
        "PIPELINE_ACCESS_CHANGED": EventKind.PIPELINE_ACCESS_UPDATED,
        "STAGE_ADDED": EventKind.STAGE_CREATED,
        "PROPERTY_DEFINED": EventKind.PROPERTY_CREATED,
    }
)


def kind_of(stored: str) -> EventKind:
    """The kind of an event, from the string in its row; ValueError for a string that no release has written."""
    return RENAMED.get(stored) or EventKind(stored)


def stored_kinds(kinds: Iterable[EventKind]) -> list[str]:
    """Every string under which events of these kinds are stored, in alphabetical order."""
    wanted = frozenset(kinds)
    return sorted({kind.value for kind in wanted} | {old for old, kind in RENAMED.items() if kind in wanted})
