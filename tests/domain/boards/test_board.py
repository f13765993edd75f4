"""Boards: stages in order, each with its count and first cards, further cards by cursor (B5, B16, settled 13)."""

from datetime import datetime
from typing import Any

import pytest

from domain import boards, pipelines, rank, tickets
from domain.access import AccessMode
from domain.boards import AnyCard
from domain.errors import NotFound
from domain.page import Page, RankCursor
from domain.pipelines import AnyStage, StageState
from domain.reference import BOTTOM, Place, Ref
from domain.tickets import Card, Priority
from policies import Role
from server.database.engine import Database
from tests.support import actions, db_state
from tests.support.statements import counting
from tests.support.world import World

OPEN, CLOSED = StageState.OPEN, StageState.CLOSED


async def board(world: World, first: int, *, who: Role = Role.VIEWER, to: Ref | None = None) -> list[boards.Column]:
    async with world.looking(who) as work:
        return await boards.read_board(work, await pipelines.find_pipeline(work, to), first)


async def further(
    world: World, stage: AnyStage, first: int, after: AnyCard | None, *, who: Role = Role.VIEWER
) -> Page[AnyCard]:
    cursor = RankCursor(stage.rank_epoch, after.rank, after.id) if after else None
    async with world.looking(who) as work:
        pipeline = await pipelines.find_pipeline_of_stage(work, stage.id)
        fresh = pipelines.find_stage(pipeline, Ref(id=stage.id))
        return await boards.read_stage(work, fresh, first, cursor)


def subjects(page: Page[AnyCard]) -> str:
    return "".join(card.subject for card in page.items)


async def test_a_board_has_every_stage_in_order_also_the_empty_ones(world: World) -> None:
    await actions.reorder_stages(world, "closed", "new", "waiting_on_us", "waiting_on_contact")

    columns = await board(world, 10)

    assert [column.stage.internal_name for column in columns] == await db_state.stage_names(world)
    assert all((column.total, column.cards) == (0, Page([], False)) for column in columns)


async def test_a_column_has_its_total_and_its_first_cards_in_order(world: World) -> None:
    await actions.open_tickets(world, *"abcde")
    await actions.open_tickets(world, *"xy", stage="closed")

    new, _, _, closed = await board(world, 2)

    assert (new.total, subjects(new.cards), new.cards.has_more) == (5, "ab", True)
    assert (closed.total, subjects(closed.cards), closed.cards.has_more) == (2, "xy", False)


async def test_a_card_shows_what_the_ticket_says(world: World) -> None:
    owner, team = world.users[Role.AGENT].id, world.teams["blue"].id
    made = await actions.open_ticket(
        world, "No sound", content="None.", priority=Priority.HIGH, owner=owner, team=team, stage="closed"
    )

    row = await db_state.ticket(world, made)
    [card] = (await board(world, 1))[-1].cards.items
    for name in Card._fields:
        if name != "editable":
            said = getattr(row, "properties" if name == "own" else name)
            shown = getattr(card, name)
            assert (datetime.fromisoformat(shown) if isinstance(said, datetime) else shown) == said, name


async def test_a_narrow_card_has_neither_content_nor_properties_and_says_so(world: World) -> None:
    made = await actions.open_ticket(world, "No sound", content="None.")

    async with world.looking(Role.VIEWER) as work:
        card, *_ = await tickets.read_ticket(work, made, wide=False)

    assert (card.subject, card.content) == ("No sound", None)
    with pytest.raises(LookupError):
        _ = card.properties


async def test_a_card_says_whether_it_may_be_edited(world: World) -> None:
    await actions.open_ticket(world, "mine", owner=world.users[Role.AGENT].id)
    await actions.open_ticket(world, "yours", owner=world.second_agent.id)
    await actions.open_ticket(world, "nobody's")
    await db_state.execute(world, "UPDATE account_user SET edit_reach = 'OWN', edit_unassigned = false")

    [column, *_] = await board(world, 10, who=Role.AGENT)

    assert {card.subject: card.editable for card in column.cards.items} == {
        "mine": True,
        "yours": False,
        "nobody's": False,
    }


async def test_deleted_tickets_are_neither_shown_nor_counted(world: World) -> None:
    gone, _ = await actions.open_tickets(world, "gone", "stays")
    await actions.delete_ticket(world, gone)

    [column, *_] = await board(world, 10)

    assert (column.total, subjects(column.cards)) == (1, "stays")


async def test_a_column_shows_and_counts_what_the_viewer_sees_and_no_more(world: World) -> None:
    agent, other = world.users[Role.AGENT].id, world.second_agent.id
    for subject, owner in zip("abcdef", [agent, other, other, agent, None, other], strict=True):
        await actions.open_ticket(world, subject, owner=owner, place=BOTTOM)
    await db_state.execute(world, "UPDATE account_user SET view_reach = 'OWN', view_unassigned = true")

    [column, *_] = await board(world, 2, who=Role.AGENT)
    rest = await further(world, column.stage, 10, column.cards.items[-1], who=Role.AGENT)

    assert (column.total, subjects(column.cards), column.cards.has_more) == (3, "ad", True)
    assert (subjects(rest), rest.has_more) == ("e", False)
    assert (await board(world, 1, who=Role.SUPER_ADMIN))[0].total == 6


async def test_every_viewer_sees_the_same_order(world: World) -> None:
    ids = await actions.open_tickets(world, *"abcdef")
    await actions.move(world, ids[5], "new", place=Place(before=ids[1]))
    await actions.move(world, ids[0], "new", place=Place(after=ids[3]))

    seen = {subjects((await board(world, 10, who=role))[0].cards) for role in Role}

    assert seen == {"fbcdae"}


async def test_a_board_is_of_its_own_pipeline_alone(world: World) -> None:
    returns = Ref(id=(await world.add_pipeline()).id)
    await actions.open_ticket(world, "elsewhere", to=returns)

    assert [column.total for column in await board(world, 10)] == [0, 0, 0, 0]
    assert (await board(world, 10, to=returns))[0].total == 1


async def test_pages_of_a_stage_follow_each_other_without_gap_or_repeat(world: World) -> None:
    await actions.open_tickets(world, *"abcdefg")
    [column, *_] = await board(world, 2)
    read, page = subjects(column.cards), column.cards

    while page.has_more:
        page = await further(world, column.stage, 3, page.items[-1])
        read += subjects(page)

    assert read == "abcdefg"


async def test_without_a_cursor_a_stage_is_read_from_its_beginning(world: World) -> None:
    await actions.open_tickets(world, *"abc")

    page = await further(world, (await world.pipeline()).stages[0], 2, None)

    assert (subjects(page), page.has_more) == ("ab", True)


async def test_a_cursor_outlives_the_card_that_it_was_made_of(world: World) -> None:
    ids = await actions.open_tickets(world, *"abcd")
    [column, *_] = await board(world, 2)
    await actions.delete_ticket(world, ids[1])

    assert subjects(await further(world, column.stage, 10, column.cards.items[-1])) == "cd"


async def test_after_a_rebalancing_an_old_cursor_goes_on_where_its_card_is_now(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await actions.open_tickets(world, *"abcd")
    [column, *_] = await board(world, 2)
    await _rebalance(world, ids, monkeypatch)

    page = await further(world, column.stage, 10, column.cards.items[-1])

    assert (await world.pipeline()).stages[0].rank_epoch > column.stage.rank_epoch
    assert subjects(page) == "cd"


async def test_after_a_rebalancing_a_cursor_of_a_card_that_left_is_not_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await actions.open_tickets(world, *"abcd")
    [column, *_] = await board(world, 1)
    await _rebalance(world, ids, monkeypatch)
    await actions.move(world, ids[0], "closed")

    with pytest.raises(NotFound) as refused:
        await further(world, column.stage, 10, column.cards.items[-1])

    assert refused.value.field == ("after",)


async def test_a_rebalancing_changes_no_revision_and_records_no_event_of_the_cards_that_stay(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await actions.open_tickets(world, *"abcd")

    await _rebalance(world, ids, monkeypatch)

    assert (await db_state.ticket(world, ids[0])).revision == 1
    assert db_state.kinds(await db_state.events(world, ids[0])) == ["TICKET_CREATED"]


async def _rebalance(world: World, ids: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the third card out and put it back after the second, where there is no room for another rank."""
    monkeypatch.setattr(rank, "LONGEST", 3)
    await actions.move(world, ids[2], "waiting_on_us")
    for card, close in ((ids[1], "a1G"), (ids[3], "a1H")):
        await db_state.execute(world, "UPDATE ticket SET rank = :rank WHERE id = :id", rank=close, id=card)
    await actions.move(world, ids[2], "new", place=Place(after=ids[1]))


async def test_a_hidden_pipeline_has_no_board(world: World) -> None:
    await actions.set_access(world, await world.pipeline(), AccessMode.RESTRICTED)

    with pytest.raises(NotFound):
        await board(world, 10)


@pytest.mark.parametrize("stages", [2, 12])
async def test_a_board_is_read_in_two_statements_however_many_stages_there_are(
    world: World, database: Database, stages: int
) -> None:
    wide = Ref(id=(await world.add_pipeline(*[OPEN] * (stages - 1), CLOSED)).id)
    await actions.open_tickets(world, *"abc", to=wide)

    with counting(database.engine) as counted:
        async with world.looking(Role.VIEWER) as work:
            before = len(counted.own)
            await boards.read_board(work, await pipelines.read_pipeline(work, wide), 25)

    assert len(counted.own) - before == 2
