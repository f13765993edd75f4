"""The schema: what boards and tickets need, resolved field by field."""

import base64
from datetime import datetime
from uuid import UUID

import strawberry
from sqlalchemy import select, text
from strawberry import ID

from bench.peers.documented.loaders import Request
from domain import pipelines, tickets

Info = strawberry.Info[Request, None]
_MOVE = text("SELECT id FROM bench_api.move_ticket(:ticket, :stage)")


@strawberry.type
class Named:
    """Whatever has a name."""

    id: ID
    name: str


@strawberry.type
class Labelled:
    """Whatever has a label."""

    id: ID
    label: str


@strawberry.type
class Ticket:
    """A ticket."""

    row: strawberry.Private[tickets.Ticket]
    id: ID
    key: str
    subject: str
    content: str
    priority: str | None
    created_at: datetime
    entered_stage_at: datetime
    closed_at: datetime | None
    revision: int

    @classmethod
    def of(cls, row: tickets.Ticket) -> "Ticket":
        """From a row."""
        return cls(
            row=row,
            id=ID(str(row.id)),
            key=row.key,
            subject=row.subject,
            content=row.content,
            priority=row.priority,
            created_at=row.created_at,
            entered_stage_at=row.entered_at,
            closed_at=row.closed_at,
            revision=row.revision,
        )

    @strawberry.field
    async def owner(self, info: Info) -> Named | None:
        """Whose it is."""
        found = await info.context.users.load(self.row.owner_id) if self.row.owner_id else None
        return Named(id=ID(str(found.id)), name=found.name) if found else None

    @strawberry.field
    async def team(self, info: Info) -> Named | None:
        """Which team's it is."""
        found = await info.context.teams.load(self.row.team_id) if self.row.team_id else None
        return Named(id=ID(str(found.id)), name=found.name) if found else None

    @strawberry.field
    async def stage(self, info: Info) -> Labelled:
        """Where it is."""
        found = await info.context.stages.load(self.row.stage_id or UUID(int=0))
        return Labelled(id=ID(str(found.id)), label=found.label)

    @strawberry.field
    async def pipeline(self, info: Info) -> Labelled:
        """Where that is."""
        found = await info.context.pipelines.load(self.row.pipeline_id)
        return Labelled(id=ID(str(found.id)), label=found.label)


@strawberry.type
class Edge:
    """A ticket in a page."""

    cursor: str
    node: Ticket


@strawberry.type
class Connection:
    """A page."""

    edges: list[Edge]


async def page(request: Request, stage: pipelines.Stage, first: int) -> Connection:
    """The first tickets of a stage."""
    statement = request.seen().where(tickets.Ticket.stage_id == stage.id)
    statement = statement.order_by(tickets.Ticket.rank, tickets.Ticket.id).limit(first)
    async with request.session() as session:
        rows = (await session.scalars(statement)).all()
    return Connection(edges=[Edge(cursor=_cursor(stage, row), node=Ticket.of(row)) for row in rows])


def _cursor(stage: pipelines.Stage, row: tickets.Ticket) -> str:
    return base64.b64encode(f"{stage.rank_epoch}:{row.rank}:{row.id.hex}".encode()).decode()


@strawberry.type
class BoardStage:
    """A column."""

    row: strawberry.Private[pipelines.Stage]
    first: strawberry.Private[int]
    stage: Labelled

    @strawberry.field
    async def total_count(self, info: Info) -> int:
        """How many there are."""
        return await info.context.totals.load(self.row.id)

    @strawberry.field
    async def cards(self, info: Info) -> Connection:
        """The first of them."""
        return await page(info.context, self.row, self.first)


@strawberry.type
class Board:
    """A board."""

    stages: list[BoardStage]


@strawberry.input
class Named_:  # noqa: N801 (the product's document names neither of its inputs)
    """By id."""

    id: ID


@strawberry.type
class Query:
    """What is asked."""

    @strawberry.field
    async def board(self, info: Info, pipeline: Named_, first: int) -> Board | None:
        """The board of a pipeline."""
        request, model = info.context, pipelines.Stage
        statement = select(model).where(model.account_id == request.account, model.pipeline_id == UUID(pipeline.id))
        async with request.session() as session:
            rows = (await session.scalars(statement.order_by(model.position))).all()
        stages = [BoardStage(row=row, first=first, stage=Labelled(id=ID(str(row.id)), label=row.label)) for row in rows]
        return Board(stages=stages)

    @strawberry.field
    async def stage_cards(self, info: Info, stage_id: ID, first: int) -> Connection:
        """The first tickets of a stage."""
        return await page(info.context, await info.context.stages.load(UUID(stage_id)), first)

    @strawberry.field
    async def ticket(self, info: Info, id: ID) -> Ticket | None:
        """One ticket."""
        async with info.context.session() as session:
            row = await session.scalar(info.context.seen().where(tickets.Ticket.id == UUID(id)))
        return Ticket.of(row) if row else None


@strawberry.type
class UserError:
    """Why it was declined."""

    message: str


@strawberry.type
class MoveTicketPayload:
    """What was moved."""

    ticket: Ticket | None
    user_errors: list[UserError]


@strawberry.input
class MoveTicketInput:
    """What to move where."""

    ticket_id: ID
    stage: Named_


@strawberry.type
class Mutation:
    """What is changed."""

    @strawberry.mutation
    async def move_ticket(self, info: Info, input: MoveTicketInput) -> MoveTicketPayload:
        """Move a ticket."""
        request, moved = info.context, UUID(input.ticket_id)
        async with request.session() as session:
            actor = {"user": str(request.actor.id), "super": str(request.actor.is_super).lower()}
            entered = text("SELECT set_config('app.user', :user, true), set_config('app.super', :super, true)")
            await session.execute(entered, actor)
            await session.execute(_MOVE, {"ticket": moved, "stage": UUID(input.stage.id)})
            row = await session.scalar(request.seen().where(tickets.Ticket.id == moved))
        return MoveTicketPayload(ticket=Ticket.of(row) if row else None, user_errors=[])


SCHEMA = strawberry.Schema(Query, Mutation)
