"""A ticket by itself: with its pipeline, owner and team, read in one statement."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, Uuid, and_, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from domain.access import PipelineAccess, level_of
from domain.accounts import TEAM_NAME, USER_NAME, Name, Team, User
from domain.actor import Actor
from domain.database.prepared import actor_params, prepared
from domain.errors import NotFound, Path
from domain.pipelines import Pipeline, PipelineRow, pipeline_columns, pipeline_from_row
from domain.tickets.card import Card, columns
from domain.tickets.finders import ITS_ACCESS, is_visible
from domain.tickets.ticket import Ticket
from domain.unit_of_work import UnitOfWork


class TicketDetail(NamedTuple):
    """A visible ticket, its pipeline, and the names of its owner and team if selected."""

    card: Card
    pipeline: PipelineRow
    names: dict[UUID, Name]


_HOME = len(Card._fields)  # where in a row the pipeline begins
_NAMES = _HOME + len(PipelineRow._fields)


@prepared
def _ticket(actor: Actor, *, wide: bool, named: bool) -> Select[*tuple[Any, ...]]:
    names = [*USER_NAME, *TEAM_NAME] if named else []
    found = (
        select(*columns(actor, wide, Card._fields), *pipeline_columns(level_of(actor)), *names)
        .join_from(Ticket, PipelineAccess, ITS_ACCESS)
        .join(Pipeline, and_(Pipeline.account_id == Ticket.account_id, Pipeline.id == Ticket.pipeline_id))
        .where(is_visible(actor), Ticket.id == bindparam("ticket"))
    )
    if not named:
        return found
    owner = and_(User.account_id == Ticket.account_id, User.id == Ticket.owner_id)
    team = and_(Team.account_id == Ticket.account_id, Team.id == Ticket.team_id)
    return found.outerjoin(User, owner).outerjoin(Team, team)


async def read_ticket(
    work: UnitOfWork, id: UUID, *, wide: bool = True, named: bool = False, field: Path = ("ticketId",)
) -> TicketDetail:
    """One visible ticket, in one statement. Without `wide`, content and the account's own properties are left out.

    Declines NOT_FOUND.
    """
    row = await _ticket(work.actor, wide=wide, named=named).row(work.session, **actor_params(work.actor), ticket=id)
    if row is None:
        raise NotFound("ticket", field=field)
    names = {name.id: name for name in _names(row[_NAMES:])}
    return TicketDetail(Card._make(row[:_HOME]), pipeline_from_row(row[_HOME:_NAMES]), names)


def _names(values: Sequence[Any]) -> Iterator[Name]:
    """The owner and the team, as far as the row has them."""
    width = len(Name._fields)
    for start in range(0, len(values), width):
        if values[start] is not None:
            yield Name._make(values[start : start + width])


@prepared
def _by_id(actor: Actor, wide: bool) -> Select[*tuple[Any, ...]]:
    named = Ticket.id == any_(bindparam("ids", type_=ARRAY(Uuid())))
    found = select(*columns(actor, wide, Card._fields)).join_from(Ticket, PipelineAccess, ITS_ACCESS)
    return found.where(is_visible(actor), named)


async def read_tickets(work: UnitOfWork, ids: Iterable[UUID], *, wide: bool = True) -> dict[UUID, Card]:
    """Visible tickets by id, as cards; one statement."""
    rows = await _by_id(work.actor, wide).rows(work.session, **actor_params(work.actor), ids=list(ids))
    return {row[0]: Card._make(row) for row in rows}
