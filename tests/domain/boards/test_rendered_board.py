"""Cards that the database has rendered say what those say that are read, found by the same rules (B5, B16, B21)."""

import json
from collections.abc import Iterable

import pytest

from domain import boards, pipelines
from domain.access import AccessMode
from domain.boards import TEXT_INDEX, AnyCard, Column, RenderedCard, RenderedCards
from domain.boards.rendered_card import JSON, RECORD_SEPARATOR
from domain.page import RankCursor
from domain.pipelines import Pipeline
from domain.reference import Ref
from domain.tickets import Card, Priority
from domain.unit_of_work import UnitOfWork
from policies import Role
from tests.support import actions, db_state
from tests.support.world import World

FIELDS = [name for name in Card._fields if name != "own"]
SUBJECTS = [
    '"quoted" \\ and so on',
    "“older” \u2028 🧯 ß",
    "a\tb\x01\x1f\x1e c",
    "{braces}, 'and' %s $1 :name",
    "e\u0301",
]


async def fill(world: World) -> None:
    """Tickets of all kinds in a stage, and one in a closed one."""
    owner, team = world.users[Role.AGENT].id, world.teams["blue"].id
    for place, subject in enumerate(SUBJECTS):
        made = await actions.open_ticket(world, "replaced", priority=Priority.HIGH if place % 2 else None)
        await db_state.execute(
            world, "UPDATE ticket SET subject = :it, content = :it WHERE id = :id", it=subject, id=made
        )
    await actions.open_ticket(world, "Owned", owner=owner, team=team)
    await actions.open_ticket(world, "Done", owner=owner, stage="closed")


async def both_boards(work: UnitOfWork, pipeline: Pipeline, first: int) -> tuple[list[Column], list[Column]]:
    """The board of a pipeline as it is read, and as it is rendered."""
    found = await pipelines.read_pipeline(work, Ref(id=pipeline.id))
    read = await boards.read_board(work, found, first)
    return read, await boards.read_rendered_board(work, found, first)


def said(cards: Iterable[AnyCard]) -> list[dict[str, object]]:
    """All that cards say, by the names of their fields."""
    return [{name: getattr(card, name) for name in FIELDS} for card in cards]


@pytest.mark.parametrize("role", [Role.SUPER_ADMIN, Role.AGENT, Role.VIEWER])
@pytest.mark.parametrize("first", [1, 3, 50])
async def test_a_rendered_board_says_what_one_says_that_is_read(world: World, role: Role, first: int) -> None:
    await fill(world)

    async with world.looking(role) as work:
        read, rendered = await both_boards(work, await world.pipeline(), first)

    assert any(column.cards.items for column in read)
    for column, other in zip(read, rendered, strict=True):
        assert (other.stage, other.total, other.cards.has_more) == (column.stage, column.total, column.cards.has_more)
        assert isinstance(other.cards.items, RenderedCards)
        assert said(other.cards.items) == said(column.cards.items)


async def test_of_a_narrow_scope_each_card_says_whether_it_may_be_edited(world: World) -> None:
    await fill(world)
    narrow = "UPDATE account_user SET edit_reach = 'OWN', edit_unassigned = false WHERE id = :id"
    await db_state.execute(world, narrow, id=world.users[Role.AGENT].id)

    async with world.looking(Role.AGENT) as work:
        read, rendered = await both_boards(work, await world.pipeline(), 50)

    assert {card.editable for card in rendered[0].cards.items} == {True, False}
    assert [said(each.cards.items) for each in rendered] == [said(each.cards.items) for each in read]


@pytest.mark.parametrize("scope", ["OWN", "TEAM", "NONE"])
@pytest.mark.parametrize("unassigned", [True, False])
async def test_of_a_narrow_scope_no_other_card_is_rendered(world: World, scope: str, unassigned: bool) -> None:
    await fill(world)
    narrow = "UPDATE account_user SET view_reach = :reach, view_unassigned = :unassigned WHERE id = :id"
    await db_state.execute(world, narrow, reach=scope, unassigned=unassigned, id=world.users[Role.AGENT].id)

    async with world.looking(Role.AGENT) as work:
        read, rendered = await both_boards(work, await world.pipeline(), 50)

    assert [said(each.cards.items) for each in rendered] == [said(each.cards.items) for each in read]
    assert [each.total for each in rendered] == [len(each.cards.items) for each in rendered]
    assert sum(each.total for each in rendered) == (scope != "NONE") * 2 + unassigned * len(SUBJECTS)


async def test_of_a_hidden_pipeline_no_card_is_rendered(world: World) -> None:
    await fill(world)
    home = await world.pipeline()
    async with world.looking(Role.AGENT) as work:
        found = await pipelines.read_pipeline(work, Ref(id=home.id))
    await actions.set_access(world, home, AccessMode.RESTRICTED)

    async with world.looking(Role.AGENT) as work:
        rendered = await boards.read_rendered_board(work, found, 50)
        page = await boards.read_rendered_stage(work, found.stages[0], 50)

    assert [(each.total, len(each.cards.items)) for each in rendered] == [(0, 0)] * 4
    assert len(page.items) == 0


async def test_pages_of_rendered_cards_go_on_where_the_last_one_ended(world: World) -> None:
    await fill(world)
    expected: list[dict[str, object]] = []
    seen: list[dict[str, object]] = []

    async with world.looking(Role.AGENT) as work:
        found = await pipelines.read_pipeline(work, Ref(id=(await world.pipeline()).id))
        stage, after, more = found.stages[0], None, True
        expected += said((await boards.read_stage(work, stage, 50)).items)
        while more:
            page = await boards.read_rendered_stage(work, stage, 2, after)
            last, more = page.items[-1], page.has_more
            seen, after = seen + said(page.items), RankCursor(stage.rank_epoch, last.rank, last.id)

    assert len(seen) == len(SUBJECTS) + 1
    assert seen == expected


async def test_what_was_rendered_is_json_of_the_answer(world: World) -> None:
    await fill(world)

    async with world.looking(Role.AGENT) as work:
        [column, *_] = (await both_boards(work, await world.pipeline(), 50))[1]

    assert isinstance(column.cards.items, RenderedCards)
    for name in JSON:
        texts = column.cards.items.texts[TEXT_INDEX[name]]
        assert [json.loads(text) for text in texts] == [getattr(card, name) for card in column.cards.items]
        assert not any(RECORD_SEPARATOR in text for text in texts)


async def test_who_is_named_by_many_cards_is_named_by_few(world: World) -> None:
    await fill(world)

    async with world.looking(Role.AGENT) as work:
        pages = [column.cards.items for column in (await both_boards(work, await world.pipeline(), 50))[1]]

    few, many = boards.people_in(pages), [card for cards in pages for card in cards]
    assert 0 < len(few) < len(many)
    for field in ("owner_id", "team_id"):
        assert {getattr(card, field) for card in few} == {getattr(card, field) for card in many}


async def test_what_was_not_asked_for_is_not_there(world: World) -> None:
    await fill(world)

    async with world.looking(Role.AGENT) as work:
        found = await pipelines.read_pipeline(work, Ref(id=(await world.pipeline()).id))
        page = await boards.read_rendered_stage(work, found.stages[0], 1, wide=False)

    [card] = page.items
    assert isinstance(card, RenderedCard)
    assert card.subject == "Owned"
    for name in ("content", "properties"):
        with pytest.raises(AttributeError):
            getattr(card, name)
