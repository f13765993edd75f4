"""Tickets and their visits as clients see them; boards are in `boards.py`."""

from collections.abc import Iterable
from datetime import datetime

import strawberry

from domain import boards, properties, tickets
from resolvers.related import AnyTicket
from schema.accounts.types import Team, User
from schema.enums import Priority
from schema.ids import rendered_ticket_id, ticket_id
from schema.node import Node
from schema.pipelines.stage import Stage
from schema.pipelines.types import Pipeline, pipeline_of
from schema.presenter import Presenter
from schema.row_types import column, computed, keyed_by, mapped, row_type
from schema.viewer_can import TicketAbilities


@strawberry.type(description="A property of a ticket and what it holds.")
class PropertyValue:
    """One property, as text."""

    name: str = strawberry.field(description="The internal name of the property.")
    label: str = strawberry.field(description="What people call it.")
    value: str | None = strawberry.field(description="What it holds, as text; null when it holds nothing.")


@strawberry.type(description="One stay of a ticket in a stage.")
class Visit:
    """From this, time in stage is read (B10)."""

    pipeline: Pipeline = strawberry.field(description="The pipeline it was in.")
    stage: Stage | None = strawberry.field(description="The stage it was in; null when that stage was deleted since.")
    entered_at: datetime = strawberry.field(description="When it began.")
    left_at: datetime | None = strawberry.field(description="When it ended; null while it lasts.")
    entered_by: User | None = strawberry.field(description="Who moved it in; null when that was no user.")
    left_by: User | None = strawberry.field(description="Who moved it on; null when that was no user.")
    entered_by_app: str | None = strawberry.field(
        description="The name of the API app that moved it in; null when that was no app."
    )
    left_by_app: str | None = strawberry.field(
        description="The name of the API app that moved it on; null when that was no app."
    )


@strawberry.type(description="One customer interaction: it sits in one stage of one pipeline.")
class Ticket(Node):
    """A ticket, or its card on a board."""

    key: str = strawberry.field(description="Its key for people, such as SUP-142; unique in its pipeline.")
    subject: str = strawberry.field(description="What it is about.")
    content: str = strawberry.field(description="The description; empty when there is none.")
    priority: Priority | None = strawberry.field(description="How urgent it is; null when nobody said.")
    owner: User | None = strawberry.field(description="Whose it is; null when it is unassigned.")
    team: Team | None = strawberry.field(description="Which team's it is; null when it is no team's.")
    pipeline: Pipeline = strawberry.field(description="The pipeline it is in.")
    stage: Stage = strawberry.field(description="The stage it is in.")
    created_at: datetime = strawberry.field(description="When it was created.")
    entered_stage_at: datetime = strawberry.field(description="When it came into its stage.")
    closed_at: datetime | None = strawberry.field(description="When it was closed; null while it is open.")
    revision: int = strawberry.field(description="Grows with every change; pass it as `expectedRevision`.")
    properties: list[PropertyValue] = strawberry.field(description="The account's own properties that hold something.")
    card_properties: list[PropertyValue] = strawberry.field(description="What its pipeline's cards show, in order.")
    visits: list[Visit] = strawberry.field(
        description="Its latest 500 stays in stages, oldest first, but for those in pipelines hidden from the viewer."
    )
    viewer_can: TicketAbilities = strawberry.field(description="What the viewer may do with it.")

    @classmethod
    def of(cls, row: AnyTicket, presenter: Presenter) -> "Ticket":
        """From a ticket or a card of the scene."""
        return ticket_type(row, presenter)


def _stage(ticket: AnyTicket, presenter: Presenter) -> Stage:
    stage = presenter.stage(ticket.pipeline_id, ticket.stage_id)
    if stage is None:
        raise LookupError("a standing ticket is in a stage of its pipeline")
    return stage


def _own(ticket: AnyTicket, presenter: Presenter) -> list[PropertyValue]:
    return _values(ticket, sorted(ticket.properties), presenter)


def _on_card(ticket: AnyTicket, presenter: Presenter) -> list[PropertyValue]:
    return _values(ticket, presenter.related.pipelines[ticket.pipeline_id].card, presenter)


def _visits(ticket: AnyTicket, presenter: Presenter) -> list[Visit]:
    return [_visit(visit, presenter) for visit in presenter.related.visits.get(ticket.id, ())]


def _viewer_can(ticket: AnyTicket, presenter: Presenter) -> TicketAbilities:
    related = presenter.related
    level = related.pipelines[ticket.pipeline_id].level
    return TicketAbilities.of(related.actor, level, editable=bool(ticket.editable))


_PRIORITIES = {priority.value: priority for priority in Priority}

ticket_type = row_type(
    Ticket,
    {
        "id": mapped("id", ticket_id, render=rendered_ticket_id),
        "key": column("key", rendered=True),
        "subject": column("subject", rendered=True),
        "content": column("content", rendered=True),
        "priority": keyed_by("priority", lambda priority, _: _PRIORITIES.get(priority), rendered=True),
        "owner": keyed_by("owner_id", lambda user, presenter: presenter.user(user)),
        "team": keyed_by("team_id", lambda team, presenter: presenter.team(team)),
        "pipeline": keyed_by("pipeline_id", lambda home, presenter: pipeline_of(home, presenter)),
        "stage": computed(_stage),
        "created_at": column("created_at", rendered=True),
        "entered_stage_at": column("entered_at", rendered=True),
        "closed_at": column("closed_at", rendered=True),
        "revision": column("revision", rendered=True),
        "properties": computed(_own, needs_full_row=True),
        "card_properties": computed(_on_card, needs_full_row=True),
        "visits": computed(_visits, needs_full_row=True),
        "viewer_can": computed(_viewer_can),
    },
    text_index=boards.TEXT_INDEX,
)


def _visit(visit: tickets.Visit, presenter: Presenter) -> Visit:
    return Visit(
        pipeline=pipeline_of(visit.pipeline_id, presenter),
        stage=presenter.stage(visit.pipeline_id, visit.stage_id),
        entered_at=visit.entered_at,
        left_at=visit.left_at,
        entered_by=presenter.user(visit.entered_by),
        left_by=presenter.user(visit.left_by),
        entered_by_app=presenter.app_name(visit.entered_by),
        left_by_app=presenter.app_name(visit.left_by),
    )


def _values(row: AnyTicket, names: Iterable[str], presenter: Presenter) -> list[PropertyValue]:
    return [_value(row, name, presenter) for name in names]


def _value(row: AnyTicket, name: str, presenter: Presenter) -> PropertyValue:
    return PropertyValue(
        name=name,
        label=presenter.label(name, presenter.related.pipelines[row.pipeline_id]),
        value=_text(row, name, presenter),
    )


def _text(row: AnyTicket, name: str, presenter: Presenter) -> str | None:
    """A property as text: people and teams by name, times in ISO 8601."""
    match name:
        case properties.BuiltIn.OWNER:
            owner = presenter.user(row.owner_id)
            return owner.name if owner else None
        case properties.BuiltIn.TEAM:
            team = presenter.team(row.team_id)
            return team.name if team else None
        case properties.BuiltIn.KEY | properties.BuiltIn.SUBJECT | properties.BuiltIn.CONTENT:
            return str(getattr(row, name))
        case properties.BuiltIn.PRIORITY:
            return row.priority
        case properties.BuiltIn.CREATED_AT | properties.BuiltIn.ENTERED_AT | properties.BuiltIn.CLOSED_AT:
            at: datetime | str | None = getattr(row, name)
            return at.isoformat() if isinstance(at, datetime) else at
        case _:
            own: str | None = row.properties.get(name)
            return own
