"""Ranks: the place of a card among the cards of a stage, and rebalancing when the ranks grow long (B5).

Call with the stage locked, so that no other card takes the same gap.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, Uuid, and_, bindparam, column, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from domain import rank
from domain.access import PipelineAccess
from domain.actor import Actor
from domain.database.prepared import actor_params, prepared
from domain.errors import Conflict
from domain.pipelines import AnyStage, Stage
from domain.reference import Place
from domain.tickets.finders import ITS_ACCESS, is_visible
from domain.tickets.locks import lock_stage, lock_tickets_in
from domain.tickets.ticket import Ticket
from domain.unit_of_work import UnitOfWork

_NOBODY = UUID(int=0)


class PlaceGone(Conflict):
    """The neighbour is not, or is no longer, a card of that stage that the actor sees."""

    code = "PLACE_GONE"


async def rank_at(work: UnitOfWork, stage: AnyStage, place: Place, *, moving: UUID | None = None) -> str:
    """The rank for a place in a locked stage; `moving` is the card to move, which is not its own neighbour.

    Places count all cards, hidden ones too, so that every viewer sees the same order. Declines PLACE_GONE.
    """
    found = await _gap(work, stage, place, moving)
    if found is None:
        await _rebalance_found(work, stage)
        found = await _gap(work, stage, place, moving)
        if found is None:
            raise RuntimeError("a rebalanced stage has no room between two cards")
    return found


async def _gap(work: UnitOfWork, stage: AnyStage, place: Place, moving: UUID | None) -> str | None:
    """A rank in the gap, or None where there is none without rebalancing."""
    below, above = await _neighbours(work, stage, place, moving)
    if below is not None and above is not None and below >= above:
        return None
    chosen = rank.between(below, above)
    return chosen if len(chosen) <= rank.LONGEST else None


async def _neighbours(
    work: UnitOfWork, stage: AnyStage, place: Place, moving: UUID | None
) -> tuple[str | None, str | None]:
    if place.before is None and place.after is None:
        edge = await _edge(work, stage, moving, last=place.bottom)
        return (edge, None) if place.bottom else (None, edge)
    neighbour = await _neighbour(work, stage, place, moving)
    if place.before is not None:
        return await _edge(work, stage, moving, last=True, beyond=neighbour), neighbour
    return neighbour, await _edge(work, stage, moving, last=False, beyond=neighbour)


async def _neighbour(work: UnitOfWork, stage: AnyStage, place: Place, moving: UUID | None) -> str:
    neighbour = place.before or place.after
    found = await find_rank(work, stage.id, neighbour) if neighbour is not None and neighbour != moving else None
    if found is None:
        raise PlaceGone(
            "The neighbour is not another card of that stage; read the board again.",
            field=("place", "before" if place.before else "after"),
        )
    return found


async def _edge(
    work: UnitOfWork, stage: AnyStage, moving: UUID | None, *, last: bool, beyond: str | None = None
) -> str | None:
    """The first or last rank of the stage's cards, or of those beyond a rank. It also reads the clock for the unit."""
    statement = _edge_and_clock(work.actor, last=last, beyond=beyond is not None)
    await work.session.flush()
    found = await statement.row(
        work.session, account=work.account_id, stage=stage.id, moving=moving or _NOBODY, beyond=beyond
    )
    if found is None:
        raise RuntimeError("a statement without a table returns one row")
    work.read_clock(found[1])
    edge: str | None = found[0]
    return edge


@prepared
def _edge_and_clock(actor: Actor, *, last: bool, beyond: bool) -> Select[*tuple[Any, ...]]:
    others = select(Ticket.rank).where(
        Ticket.account_id == actor.account_id,
        Ticket.stage_id == bindparam("stage"),
        Ticket.archived_at.is_(None),
        Ticket.id != bindparam("moving"),
    )
    if beyond:
        rank_of_neighbour = bindparam("beyond", type_=Text())
        others = others.where(Ticket.rank < rank_of_neighbour if last else Ticket.rank > rank_of_neighbour)
    order = (Ticket.rank.desc(), Ticket.id.desc()) if last else (Ticket.rank, Ticket.id)
    return select(others.order_by(*order).limit(literal_column("1")).scalar_subquery(), func.clock_timestamp())


async def _rebalance_found(work: UnitOfWork, stage: AnyStage) -> None:
    locked = stage if isinstance(stage, Stage) else await lock_stage(work, stage)
    if locked is None:
        raise RuntimeError("a locked stage cannot be deleted")
    await rebalance(work, locked)


async def rebalance(work: UnitOfWork, stage: Stage) -> None:
    """Give all cards of a locked stage short ranks in their order; cursors of the old epoch continue by id."""
    tickets = await lock_tickets_in(work, stage)
    await set_ranks(work, tickets, list(rank.spread(len(tickets))))
    stage.rank_epoch += 1
    await work.session.flush()


async def ranks_at_the_end(work: UnitOfWork, stage: Stage, count: int) -> list[str]:
    """`count` ascending ranks after the last card of a locked stage."""
    last = await _edge(work, stage, None, last=True)
    ranks: list[str] = []
    for _ in range(count):
        last = rank.between(last, None)
        ranks.append(last)
    return ranks


async def set_ranks(work: UnitOfWork, tickets: list[UUID], ranks: list[str]) -> None:
    """Set the ranks of locked tickets, pair by pair, in one statement."""
    pairs = func.unnest(bindparam("ids", tickets, ARRAY(Uuid)), bindparam("ranks", ranks, ARRAY(Text)))
    ranked = pairs.table_valued(column("id", Uuid), column("rank", Text), name="ranked").render_derived()
    await work.session.execute(
        update(Ticket)
        .where(Ticket.account_id == work.account_id, Ticket.id == ranked.c.id)
        .values(rank=ranked.c.rank)
        .execution_options(synchronize_session=False)
    )


@prepared
def _anchor(actor: Actor) -> Select[*tuple[Any, ...]]:
    here = and_(Ticket.stage_id == bindparam("stage"), Ticket.id == bindparam("after"))
    return select(Ticket.rank).join_from(Ticket, PipelineAccess, ITS_ACCESS).where(is_visible(actor), here)


async def find_rank(work: UnitOfWork, stage_id: UUID, ticket_id: UUID) -> str | None:
    """The rank of a visible ticket in that stage; None where it is not, or no longer, there."""
    row = await _anchor(work.actor).row(work.session, **actor_params(work.actor), stage=stage_id, after=ticket_id)
    return row[0] if row else None
