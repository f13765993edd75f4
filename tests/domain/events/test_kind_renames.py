"""Renamed event kinds: stored strings are read as the kinds of today, and looked for under every name (decision 33)."""

from uuid import UUID

import pytest

from domain.events import journal
from domain.events.event import AUDITED, REVOKES_ACCESS, EventKind
from domain.events.kind_renames import RENAMED, kind_of, stored_kinds
from tests.support import db_state
from tests.support.audit_chain import record_as_stored, seal, troubles
from tests.support.world import World


def test_old_names_map_to_kinds_of_today_and_no_kind_of_today_is_mapped_away() -> None:
    assert set(RENAMED.values()) <= set(EventKind)
    assert RENAMED.keys().isdisjoint(kind.value for kind in EventKind)
    assert [kind_of(kind.value) for kind in EventKind] == list(EventKind)


def test_every_stored_name_is_read_as_one_kind_and_looked_for_with_it() -> None:
    names = {kind: stored_kinds([kind]) for kind in EventKind}

    assert all(kind_of(name) is kind for kind, stored in names.items() for name in stored)
    assert sorted(name for stored in names.values() for name in stored) == sorted([*EventKind, *RENAMED])
    assert stored_kinds(EventKind) == sorted([*EventKind, *RENAMED])


def test_a_name_that_no_release_wrote_is_no_kind() -> None:
    with pytest.raises(ValueError, match="TEAM_PAINTED"):
        kind_of("TEAM_PAINTED")


def test_the_table_still_holds_what_it_held_at_the_first_release() -> None:
    assert RENAMED.items() >= {
        ("ACCOUNT_FOUNDED", EventKind.ACCOUNT_CREATED),
        ("PLAN_CHANGED", EventKind.PLAN_UPDATED),
        ("USER_RENAMED", EventKind.USER_UPDATED),
        ("USER_ROLES_CHANGED", EventKind.USER_ROLES_UPDATED),
        ("USER_SCOPES_CHANGED", EventKind.USER_SCOPES_UPDATED),
        ("TEAM_MADE", EventKind.TEAM_CREATED),
        ("TEAM_CHANGED", EventKind.TEAM_UPDATED),
        ("ROLE_DEFINED", EventKind.ROLE_CREATED),
        ("ROLE_CHANGED", EventKind.ROLE_UPDATED),
        ("APP_CHANGED", EventKind.APP_UPDATED),
        ("APP_SECRET_MADE", EventKind.APP_SECRET_CREATED),
        ("PLACEHOLDER_MADE", EventKind.PLACEHOLDER_CREATED),
        ("PIPELINE_RENAMED", EventKind.PIPELINE_UPDATED),
        ("PIPELINE_CARD_CHANGED", EventKind.PIPELINE_UPDATED),
        ("PIPELINE_ACCESS_CHANGED", EventKind.PIPELINE_ACCESS_UPDATED),
        ("STAGE_ADDED", EventKind.STAGE_CREATED),
        ("PROPERTY_DEFINED", EventKind.PROPERTY_CREATED),
    }


def test_a_rename_takes_no_event_out_of_the_audit_log() -> None:
    assert set(RENAMED.values()) <= AUDITED
    assert not any(old.startswith("TICKET_") for old in RENAMED)


@pytest.mark.parametrize("old", [old for old, kind in RENAMED.items() if kind in REVOKES_ACCESS])
async def test_an_old_kind_that_takes_access_away_is_announced_when_it_is_numbered(world: World, old: str) -> None:
    await journal.number_events(world.sessions, world.account_id)
    await record_as_stored(world, old, object_id=world.teams["blue"].id)
    narrowed: set[UUID] = set()

    await journal.number_events(world.sessions, world.account_id, narrowed=narrowed)

    assert narrowed == {world.account_id}


async def test_events_sealed_under_old_kinds_are_verified_as_they_are_stored(world: World) -> None:
    await record_as_stored(world, *RENAMED, object_id=world.teams["blue"].id)
    await seal(world)

    assert await troubles(world) == []
    assert {event.kind for event in await db_state.events(world)} >= set(RENAMED)
