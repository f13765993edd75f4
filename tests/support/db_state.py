"""What stands in the database after a deed: read past every finder, as the operator, for tests to compare with.

`assert_sound` holds whatever was done: S21, one open visit for each standing ticket, closures that match, one order.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, select, text

from domain import boards, pipelines
from domain.boards.stage_count import StageCount, StageShare
from domain.database.model import Base
from domain.events.event import Event
from domain.pipelines import Stage, StageState
from domain.reference import Ref
from domain.tickets.ticket import Closure, Ticket, TicketKey
from domain.tickets.visit import Visit
from domain.unit_of_work import UnitOfWork
from policies import Role
from tests.support.world import World

Row = TypeVar("Row", bound=Base)


async def rows(world: World, statement: Select[Row]) -> list[Row]:
    """Entities of the world's account."""
    async with world.looking(Role.OPERATOR) as work:
        return list((await work.session.execute(statement)).scalars())


async def execute(world: World, statement: str, **parameters: Any) -> None:
    """Change rows of the world's account past every verb, to make what no verb makes."""
    async with world.acting(Role.OPERATOR) as work:
        await work.session.execute(text(statement), parameters)


async def events(world: World, object_id: UUID | None = None) -> list[Event]:
    """Everything that was recorded, or what was recorded of one object, in the order of recording."""
    statement = select(Event).where(Event.account_id == world.account_id).order_by(Event.id)
    return await rows(world, statement if object_id is None else statement.where(Event.object_id == object_id))


@asynccontextmanager
async def recorded(world: World) -> AsyncIterator[list[Event]]:
    """The events that the block leads to, in the list that it is given, once it has ended."""
    before = len(await events(world))
    happened: list[Event] = []
    yield happened
    happened += (await events(world))[before:]


def kinds(happened: Sequence[Event]) -> list[str]:
    """The kinds of events."""
    return [event.kind for event in happened]


async def ticket(world: World, ticket_id: UUID) -> Ticket:
    """A ticket, deleted ones too."""
    found = await rows(world, select(Ticket).where(Ticket.account_id == world.account_id, Ticket.id == ticket_id))
    return found[0]


async def visits(world: World, ticket_id: UUID) -> list[Visit]:
    """The visits of a ticket, oldest first."""
    statement = select(Visit).where(Visit.account_id == world.account_id, Visit.ticket_id == ticket_id)
    return await rows(world, statement.order_by(Visit.entered_at, Visit.id))


async def closures(world: World, ticket_id: UUID) -> list[Closure]:
    """The closures of a ticket, oldest first."""
    statement = select(Closure).where(Closure.account_id == world.account_id, Closure.ticket_id == ticket_id)
    return await rows(world, statement.order_by(Closure.closed_at, Closure.id))


async def board(world: World, to: Ref | None = None, *, who: Role = Role.OPERATOR) -> dict[str, list[str]]:
    """The subjects of each stage's cards, in order, by the stages' internal names; totals are as many as cards."""
    async with world.looking(who) as work:
        found = await pipelines.find_pipeline(work, to)
        columns = await boards.read_board(work, found, 500)
    assert all(column.total == len(column.cards.items) for column in columns)
    return {column.stage.internal_name: [card.subject for card in column.cards.items] for column in columns}


async def stage_names(world: World, to: Ref | None = None) -> list[str]:
    """The internal names of a pipeline's stages, in order."""
    return [stage.internal_name for stage in (await world.pipeline(to)).stages]


async def assert_sound(world: World) -> None:
    """Everything that holds after every operation, for every pipeline and ticket of the account."""
    async with world.looking(Role.OPERATOR) as work:
        found = await pipelines.list_pipelines(work)
        standing, keys = await _all(work, Ticket), await _all(work, TicketKey)
        stays, spans = await _all(work, Visit), await _all(work, Closure)
        counts, shares = await _all(work, StageCount), await _all(work, StageShare)
    for pipeline in found:
        assert {stage.state for stage in pipeline.stages} == {state.value for state in StageState}  # S21
        assert [stage.position for stage in pipeline.stages] == list(range(1, len(pipeline.stages) + 1))
    assert sum(pipeline.is_default for pipeline in found) == 1
    stages = {stage.id: stage for pipeline in found for stage in pipeline.stages}
    counted = Counter(each.stage_id for each in standing if each.archived_at is None)
    assert (
        Counter({stage: sum(each.change for each in counts if each.stage_id == stage) for stage in stages}) == counted
    )
    owned = Counter((each.stage_id, each.owner_id, each.team_id) for each in standing if each.archived_at is None)
    held: Counter[tuple[UUID | None, ...]] = Counter()
    for share in shares:
        held[share.stage_id, share.owner_id, share.team_id] += share.change if share.stage_id in stages else 0
    assert held == owned
    taken = [(each.stage_id, each.rank) for each in standing if each.archived_at is None]
    assert len(set(taken)) == len(taken)
    given = {(each.pipeline_id, each.key, each.ticket_id) for each in keys}
    for each in standing:
        assert (each.pipeline_id, each.key, each.id) in given
        _assert_visits(each, [stay for stay in stays if stay.ticket_id == each.id])
        if each.archived_at is None:
            assert each.stage_id is not None
            _assert_closures(each, stages[each.stage_id], [span for span in spans if span.ticket_id == each.id])


async def _all(work: UnitOfWork, table: type[Row]) -> list[Row]:
    """Every row of a table that row-level security leaves."""
    return list((await work.session.execute(select(table))).scalars())


def _assert_visits(of: Ticket, stays: list[Visit]) -> None:
    stays.sort(key=lambda stay: (stay.entered_at, stay.id))
    for earlier, later in pairwise(stays):
        assert earlier.left_at is not None
        assert earlier.left_at == later.entered_at
    last = stays[-1]
    assert (last.left_at is None) == (of.archived_at is None)
    if of.archived_at is None:
        assert (last.stage_id, last.pipeline_id, last.entered_at) == (of.stage_id, of.pipeline_id, of.entered_at)


def _assert_closures(of: Ticket, stage: Stage, spans: list[Closure]) -> None:
    assert stage.pipeline_id == of.pipeline_id
    spans.sort(key=lambda span: (span.closed_at, span.id))
    for earlier, later in pairwise(spans):
        assert earlier.reopened_at is not None
        assert earlier.reopened_at <= later.closed_at
    running = [span for span in spans if span.reopened_at is None]
    if stage.state == StageState.CLOSED.value:
        assert [span.closed_at for span in running] == [of.closed_at]
    else:
        assert (running, of.closed_at) == ([], None)
