"""Importing tickets with the history they had elsewhere (B34): visits, closures and events at their own times."""

from uuid import UUID

import pytest
from sqlalchemy import select

from domain import imports
from domain.accounts import Team, User
from domain.errors import Conflict, NotPermitted
from domain.events.event import EventKind, Outbox
from domain.tickets.ticket import ImportedTicket, Ticket
from policies import Role
from tests.support import actions, db_state
from tests.support.import_data import SOURCE, Told, at, brought_in, history, prepared, wanted
from tests.support.world import World

LIFE = (
    Told(0, "New", actor="Desk"),
    Told(5, "Busy", actor="Ann", owner="Ann", team="Second line"),
    Told(5, "Busy", actor="Ann", owner="Bob", team="Second line"),
    Told(9, "Done", actor="Bob", owner="Bob", team="Second line"),
    Told(12, "Busy", actor="Desk", owner="Bob", team="Second line", subject="Broken gate, again"),
    Told(30, "Done", actor="Bob", owner="Bob", team="Second line", subject="Broken gate, again"),
)


async def only_ticket(world: World) -> Ticket:
    """The one ticket of the account."""
    (found,) = await db_state.rows(world, select(Ticket).where(Ticket.account_id == world.account_id))
    return found


async def names_of(world: World) -> dict[UUID | None, str]:
    """What users, teams and stages are called."""
    names: dict[UUID | None, str] = {user.id: user.name for user in await db_state.rows(world, select(User))}
    names |= {team.id: team.name for team in await db_state.rows(world, select(Team))}
    return names | {stage.id: stage.label for stage in (await world.pipeline()).stages}


async def test_a_ticket_comes_in_with_its_visits_at_their_own_times(world: World) -> None:
    tally = await brought_in(world, history("T-1", *LIFE))

    names, ticket = await names_of(world), await only_ticket(world)
    stays = await db_state.visits(world, ticket.id)
    assert [
        (names[stay.stage_id], stay.entered_at, names[stay.entered_by], stay.left_at, names.get(stay.left_by))
        for stay in stays
    ] == [
        ("New", at(0), "Desk", at(5), "Ann"),
        ("Busy", at(5), "Ann", at(9), "Bob"),
        ("Closed", at(9), "Bob", at(12), "Desk"),
        ("Busy", at(12), "Desk", at(30), "Bob"),
        ("Closed", at(30), "Bob", None, None),
    ]
    assert {stay.entered_by_kind for stay in stays} == {"IMPORTED"}
    assert (tally.new, tally.visits, tally.rows, tally.clamped) == (1, 5, 6, 0)
    await db_state.assert_sound(world)


async def test_it_is_as_its_last_row_says(world: World) -> None:
    await brought_in(world, history("T-1", *LIFE))

    names, ticket = await names_of(world), await only_ticket(world)
    assert (ticket.subject, names[ticket.owner_id], names[ticket.team_id]) == (
        "Broken gate, again",
        "Bob",
        "Second line",
    )
    assert (ticket.created_at, ticket.entered_at, ticket.closed_at) == (at(0), at(30), at(30))
    assert (ticket.key, ticket.revision) == ("SUP-1", 1)


async def test_each_stay_in_closed_stages_is_a_closure(world: World) -> None:
    await brought_in(world, history("T-1", *LIFE))

    spans = await db_state.closures(world, (await only_ticket(world)).id)
    names = await names_of(world)
    assert [(span.closed_at, names[span.closed_by], span.reopened_at) for span in spans] == [
        (at(9), "Bob", at(12)),
        (at(30), "Bob", None),
    ]


async def test_its_events_happened_when_and_by_whom_the_source_says_and_wait_to_be_numbered(world: World) -> None:
    await brought_in(world, history("T-1", *LIFE))

    names, ticket = await names_of(world), await only_ticket(world)
    happened = await db_state.events(world, ticket.id)
    assert [(event.kind, event.at, names[event.actor_id]) for event in happened] == [
        (EventKind.TICKET_CREATED, at(0), "Desk"),
        (EventKind.TICKET_MOVED, at(5), "Ann"),
        (EventKind.TICKET_ASSIGNED, at(5), "Ann"),
        (EventKind.TICKET_ASSIGNED, at(5), "Ann"),
        (EventKind.TICKET_MOVED, at(9), "Bob"),
        (EventKind.TICKET_CLOSED, at(9), "Bob"),
        (EventKind.TICKET_MOVED, at(12), "Desk"),
        (EventKind.TICKET_REOPENED, at(12), "Desk"),
        (EventKind.TICKET_UPDATED, at(12), "Desk"),
        (EventKind.TICKET_MOVED, at(30), "Bob"),
        (EventKind.TICKET_CLOSED, at(30), "Bob"),
    ]
    assert {event.actor_kind for event in happened} == {"IMPORTED"}
    assert happened[0].after is not None
    assert (happened[0].after["key"], happened[0].after["subject"]) == ("SUP-1", "Broken gate")
    assert happened[0].pipeline_from is None
    waiting = await db_state.rows(world, select(Outbox).where(Outbox.account_id == world.account_id))
    assert {event.id for event in happened} <= {each.event_id for each in waiting}


async def test_people_and_teams_of_the_source_are_inactive_placeholders_and_used_again(world: World) -> None:
    await brought_in(world, history("T-1", *LIFE))
    await brought_in(world, history("T-2", *LIFE))

    people = await db_state.rows(world, select(User).where(User.imported_as.is_not(None)).order_by(User.name))
    teams = await db_state.rows(world, select(Team).where(Team.imported_as.is_not(None)))
    assert [(user.name, user.imported_as, user.active, user.email) for user in people] == [
        (name, f"{SOURCE}/{name}", False, None) for name in ("Ann", "Bob", "Desk")
    ]
    assert [(team.name, team.imported_as, team.active) for team in teams] == [
        ("Second line", f"{SOURCE}/Second line", False)
    ]
    made = [event for event in await db_state.events(world) if event.kind == EventKind.PLACEHOLDER_CREATED]
    assert len(made) == 4


async def test_cards_come_to_the_bottom_of_their_stage_in_the_order_in_which_they_entered_it(world: World) -> None:
    await actions.open_tickets(world, "Was here")
    late = history("1", Told(20, "New", subject="Late"))
    early = history("2", Told(1, "New", subject="Early"))
    moved = history("3", Told(0, "Busy"), Told(10, "New", subject="Moved"))

    await brought_in(world, late, early, moved)

    assert (await db_state.board(world))["new"] == ["Was here", "Early", "Moved", "Late"]
    await db_state.assert_sound(world)


async def test_keys_are_given_in_the_order_of_creation(world: World) -> None:
    await brought_in(
        world, history("9", Told(7, "New", subject="Second")), history("3", Told(2, "New", subject="First"))
    )

    found = await db_state.rows(world, select(Ticket).order_by(Ticket.created_at))
    assert [(ticket.subject, ticket.key) for ticket in found] == [("First", "SUP-1"), ("Second", "SUP-2")]


async def test_values_of_properties_are_kept_but_for_those_that_say_nothing(world: World) -> None:
    told = history("1", Told(0, "New", properties=("red", None)), Told(1, "New", properties=("blue", None)))

    await brought_in(world, told, properties=["Colour", "Size"])

    ticket = await only_ticket(world)
    updated = (await db_state.events(world, ticket.id))[-1]
    assert ticket.properties == {"colour": "blue"}
    assert (updated.before, updated.after) == ({"properties": {"colour": "red"}}, {"properties": {"colour": "blue"}})


async def test_what_was_foreseen_comes_to_pass_and_foreseeing_changes_nothing(world: World) -> None:
    histories = [history("1", *LIFE), history("2", Told(3, "New"), Told(1, "Busy"))]
    ground, _ = await prepared(world, wanted(*histories))

    async with world.looking(Role.OPERATOR) as work:
        foreseen = await imports.preview_import(work, ground, histories)
    nothing = await db_state.rows(world, select(ImportedTicket))
    tally = await brought_in(world, *histories)

    assert foreseen == tally
    assert nothing == []


async def test_a_stage_that_was_deleted_meanwhile_stops_the_batch(world: World) -> None:
    told = history("1", Told(0, "Busy"))
    ground, _ = await prepared(world, wanted(told))
    await actions.delete_stage(world, "busy")

    with pytest.raises(Conflict, match="run the import again"):
        async with world.acting(Role.OPERATOR) as work:
            await imports.import_tickets(work, ground, [told])

    assert await db_state.rows(world, select(ImportedTicket)) == []


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.SUPER_ADMIN, Role.OPERATOR}])
async def test_only_super_admins_and_operators_import(world: World, role: Role) -> None:
    told = history("1", *LIFE)
    ground, _ = await prepared(world, wanted(told))

    for verb in (imports.import_tickets, imports.preview_import):
        with pytest.raises(NotPermitted):
            async with world.acting(role) as work:
                await verb(work, ground, [told])
    with pytest.raises(NotPermitted):
        async with world.acting(role) as work:
            await imports.prepare_import(work, wanted(told), {})
    with pytest.raises(NotPermitted):
        async with world.looking(role) as work:
            await imports.find_new_rows(work, SOURCE, [told])
