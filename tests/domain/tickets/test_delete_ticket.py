"""Deleting a ticket, which archives it."""

import pytest
from sqlalchemy import select

from domain import tickets
from domain.errors import Conflict, NotFound, NotPermitted
from domain.tickets.ticket import Archival
from policies import Role
from tests.support import actions, concurrency, db_state
from tests.support.world import World

SETTINGS = Role.SETTINGS_EDITOR


async def test_a_deleted_ticket_is_archived_and_leaves_boards_and_finders(world: World) -> None:
    gone, _ = await actions.open_tickets(world, "gone", "stays")

    await actions.delete_ticket(world, gone)

    assert (await db_state.board(world))["new"] == ["stays"]
    async with world.looking(Role.SUPER_ADMIN) as work:
        with pytest.raises(NotFound):
            await tickets.find_ticket(work, gone)
        assert await tickets.find_by_key(work, "SUP-1") == []
    row = await db_state.ticket(world, gone)
    [archival] = await db_state.rows(world, select(Archival).where(Archival.ticket_id == gone))
    assert (archival.archived_at, archival.archived_by) == (row.archived_at, world.users[Role.AGENT].id)
    [visit] = await db_state.visits(world, gone)
    assert visit.left_at == row.archived_at
    await db_state.assert_sound(world)


async def test_deleting_a_ticket_records_where_it_was(world: World) -> None:
    gone = await actions.open_ticket(world)
    before = await db_state.ticket(world, gone)

    async with db_state.recorded(world) as happened:
        await actions.delete_ticket(world, gone)

    [event] = happened
    assert (event.kind, event.object_kind, event.object_id) == ("TICKET_DELETED", "ticket", gone)
    assert (event.pipeline_from, event.pipeline_to) == (before.pipeline_id, before.pipeline_id)
    assert (event.before, event.after) == ({"stage": str(before.stage_id), "key": "SUP-1"}, None)


async def test_a_ticket_is_deleted_once(world: World) -> None:
    gone = await actions.open_ticket(world)

    outcomes = await concurrency.together(*[actions.delete_ticket(world, gone) for _ in range(3)])

    assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "NotFound", "NotFound"]
    assert len(await db_state.rows(world, select(Archival))) == 1


async def test_a_stale_revision_deletes_nothing(world: World) -> None:
    ticket = await actions.open_ticket(world)

    with pytest.raises(Conflict):
        await actions.delete_ticket(world, ticket, revision=2)
    await actions.delete_ticket(world, ticket, revision=1)


@pytest.mark.parametrize("role", [Role.VIEWER, SETTINGS, Role.WORKFLOW_EDITOR])
async def test_who_works_no_tickets_deletes_none(world: World, role: Role) -> None:
    ticket = await actions.open_ticket(world)

    with pytest.raises(NotPermitted) as refused:
        await actions.delete_ticket(world, ticket, who=role)

    assert refused.value.details == {"permission": "ticket:delete"}


async def test_a_ticket_outside_the_edit_scope_is_not_deleted(world: World) -> None:
    ticket = await actions.open_ticket(world, owner=world.second_agent.id)
    await db_state.execute(world, "UPDATE account_user SET edit_reach = 'OWN'")

    with pytest.raises(NotPermitted, match="outside"):
        await actions.delete_ticket(world, ticket)
