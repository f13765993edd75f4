"""An import that is run again adds only what is new, after whatever people did to the ticket meanwhile (B34)."""

from uuid import UUID

from sqlalchemy import select

from domain import imports
from domain.events.event import EventKind
from domain.imports import ImportSummary
from domain.pipelines import StageState
from domain.reference import Ref
from domain.tickets.ticket import ImportedTicket, Ticket
from policies import Role
from tests.support import actions, db_state
from tests.support.import_data import SOURCE, Told, at, brought_in, history, prepared, wanted
from tests.support.world import World

SHORT = (Told(0, "New", owner="Ann"), Told(5, "Busy", owner="Ann"))
LONG = (*SHORT, Told(8, "Done", owner="Ann"), Told(9, "Busy", owner="Bob"))


async def only_id(world: World) -> UUID:
    """The id of the one ticket of the account."""
    (found,) = await db_state.rows(world, select(Ticket).where(Ticket.account_id == world.account_id))
    return found.id


async def stays(world: World) -> list[tuple[str, int | None]]:
    """The stages that the one ticket was in, each with the minute in which it came; none where it came by now."""
    labels = {stage.id: stage.internal_name for stage in (await world.pipeline()).stages}
    minutes = {at(minute): minute for minute in range(60)}
    return [
        (labels[stay.stage_id], minutes.get(stay.entered_at))
        for stay in await db_state.visits(world, await only_id(world))
    ]


async def test_the_same_rows_again_change_nothing(world: World) -> None:
    await brought_in(world, history("1", *LONG))

    async with db_state.recorded(world) as happened:
        again = await brought_in(world, history("1", *LONG))

    assert again == ImportSummary(unchanged=1)
    assert happened == []
    assert len(await stays(world)) == 4


async def test_nothing_of_it_is_news(world: World) -> None:
    await brought_in(world, history("1", *LONG))

    async with world.looking(Role.OPERATOR) as work:
        news = await imports.find_new_rows(work, SOURCE, [history("1", *LONG), history("2", *SHORT)])
        elsewhere = await imports.find_new_rows(work, "another source", [history("1", *LONG)])

    assert [each.number for each in news.histories] == ["2"]
    assert (news.stages, news.people, news.teams) == (["New", "Busy"], ["Ann"], [])
    assert [each.number for each in elsewhere.histories] == ["1"]


async def test_a_longer_history_goes_on_where_the_shorter_one_ended(world: World) -> None:
    await brought_in(world, history("1", *SHORT))

    async with db_state.recorded(world) as happened:
        grown = await brought_in(world, history("1", *LONG))

    assert await stays(world) == [("new", 0), ("busy", 5), ("closed", 8), ("busy", 9)]
    assert grown == ImportSummary(grown=1, visits=2, rows=2)
    assert [(event.kind, event.at) for event in happened if event.object_kind == "ticket"] == [
        (EventKind.TICKET_MOVED, at(8)),
        (EventKind.TICKET_CLOSED, at(8)),
        (EventKind.TICKET_MOVED, at(9)),
        (EventKind.TICKET_REOPENED, at(9)),
        (EventKind.TICKET_ASSIGNED, at(9)),
    ]
    ticket = await db_state.ticket(world, await only_id(world))
    assert (ticket.entered_at, ticket.closed_at, ticket.revision, ticket.key) == (at(9), None, 2, "SUP-1")
    await db_state.assert_sound(world)


async def test_in_two_parts_it_comes_to_the_same_as_in_one(world: World) -> None:
    await brought_in(world, history("1", *SHORT))
    await brought_in(world, history("1", *LONG))
    await brought_in(world, history("2", *LONG))

    parts, whole = await db_state.rows(world, select(Ticket).order_by(Ticket.key))
    ways = [[(stay.stage_id, stay.entered_at, stay.left_at) for stay in await db_state.visits(world, each.id)]
            for each in (parts, whole)]  # fmt: skip
    assert ways[0] == ways[1]
    digests = {each.row_digests for each in await db_state.rows(world, select(ImportedTicket))}
    assert len(digests) == 1


async def test_what_is_new_is_appended_to_what_people_did_and_never_before_it(world: World) -> None:
    await brought_in(world, history("1", *SHORT))
    await actions.move(world, await only_id(world), "waiting_on_us")

    grown = await brought_in(world, history("1", *LONG))

    assert await stays(world) == [("new", 0), ("busy", 5), ("waiting_on_us", None), ("closed", None), ("busy", None)]
    moved, *appended = (await db_state.visits(world, await only_id(world)))[2:]
    assert {stay.entered_at for stay in appended} == {moved.entered_at}
    assert grown.clamped == 2
    await db_state.assert_sound(world)


async def test_a_row_that_moved_nothing_in_the_source_leaves_a_ticket_where_people_put_it(world: World) -> None:
    await brought_in(world, history("1", *SHORT))
    await actions.move(world, await only_id(world), "waiting_on_us")

    grown = await brought_in(world, history("1", *SHORT, Told(7, "Busy", owner="Bob")))

    ticket = await db_state.ticket(world, await only_id(world))
    assert (await stays(world))[-1] == ("waiting_on_us", None)
    assert grown == ImportSummary(grown=1, rows=1, clamped=1)
    assert ticket.owner_id is not None
    await db_state.assert_sound(world)


async def test_what_people_changed_stays_unless_the_source_changed_it_too(world: World) -> None:
    await brought_in(world, history("1", *SHORT))
    await actions.update(world, await only_id(world), subject="Better words")
    await actions.assign(world, await only_id(world), owner_id=world.users[Role.AGENT].id)

    await brought_in(world, history("1", *SHORT, Told(8, "Busy", owner="Ann"), Told(9, "Done", owner="Ann")))

    ticket = await db_state.ticket(world, await only_id(world))
    assert (ticket.subject, ticket.owner_id) == ("Better words", world.users[Role.AGENT].id)
    assert ticket.closed_at is not None


async def test_a_file_with_the_new_rows_alone_goes_on_as_well(world: World) -> None:
    await brought_in(world, history("1", *SHORT))

    await brought_in(world, history("1", *LONG[2:]))

    assert await stays(world) == [("new", 0), ("busy", 5), ("closed", 8), ("busy", 9)]
    await db_state.assert_sound(world)


async def test_rows_before_those_taken_earlier_change_nothing_and_are_told(world: World) -> None:
    await brought_in(world, history("1", Told(0, "New"), Told(9, "Done")))

    grown = await brought_in(world, history("1", Told(0, "New"), Told(4, "Busy"), Told(9, "Done")))

    assert await stays(world) == [("new", 0), ("closed", 9)]
    assert (grown.late, grown.visits, grown.rows) == (1, 0, 1)
    assert await brought_in(world, history("1", Told(0, "New"), Told(4, "Busy"), Told(9, "Done"))) == ImportSummary(
        unchanged=1
    )


async def test_a_deleted_ticket_stays_deleted(world: World) -> None:
    await brought_in(world, history("1", *SHORT))
    await actions.delete_ticket(world, await only_id(world))

    grown = await brought_in(world, history("1", *LONG))

    assert grown == ImportSummary(deleted=1, rows=2)
    assert (await db_state.ticket(world, await only_id(world))).archived_at is not None
    assert await brought_in(world, history("1", *LONG)) == ImportSummary(unchanged=1)
    await db_state.assert_sound(world)


async def test_a_ticket_that_people_took_to_another_pipeline_is_moved_back_with_a_new_key(world: World) -> None:
    await brought_in(world, history("1", *SHORT))
    returns = await world.add_pipeline(StageState.OPEN, StageState.CLOSED)
    await actions.move(world, await only_id(world), "open_1", to=Ref(id=returns.id))

    async with db_state.recorded(world) as happened:
        await brought_in(world, history("1", *LONG))

    ticket = await db_state.ticket(world, await only_id(world))
    support = await world.pipeline()
    moved = next(event for event in happened if event.kind == EventKind.TICKET_MOVED)
    assert (ticket.pipeline_id, ticket.key) == (support.id, "SUP-2")
    assert (moved.pipeline_from, moved.pipeline_to) == (returns.id, support.id)
    await db_state.assert_sound(world)


async def test_a_stage_that_is_gone_is_asked_for_only_by_new_rows(world: World) -> None:
    await brought_in(world, history("1", *SHORT, Told(9, "New")))
    await actions.delete_stage(world, "busy")
    longer = history("1", *SHORT, Told(9, "New"), Told(11, "Done"))
    async with world.looking(Role.OPERATOR) as work:
        news = await imports.find_new_rows(work, SOURCE, [longer])

    asked = wanted(longer)
    ground, made = await prepared(world, asked._replace(stages={name: asked.stages[name] for name in news.stages}))
    async with world.acting(Role.OPERATOR) as work:
        grown = await imports.import_tickets(work, ground, [longer])

    assert (grown.grown, grown.visits, made.stages) == (1, 1, [])
    await db_state.assert_sound(world)
