"""Removing stages: only empty ones go, and no ticket enters one that is going (S13, S14)."""

from collections.abc import Sequence

from sqlalchemy import func, select

from domain.errors import Path, Refusal
from domain.pipelines import Stage
from domain.tickets.finders import select_visible
from domain.tickets.ticket import Ticket
from domain.unit_of_work import UnitOfWork


class NotEmpty(Refusal):
    """A stage or pipeline still holds tickets; `tickets` is how many of them the actor sees (S13, S14)."""

    code = "NOT_EMPTY"

    def __init__(self, what: str, tickets: int, *, field: Path) -> None:
        counted = f"{tickets} ticket{'s' if tickets != 1 else ''}" if tickets else "tickets"
        super().__init__(
            f"The {what} still holds {counted}; move or delete them first.", field=field, tickets=tickets or None
        )


async def lock_for_removal(work: UnitOfWork, removed: list[Stage], remaining: Sequence[Stage] = ()) -> None:
    """Lock the stages to remove, so that no ticket enters them, and the remaining ones as a move does.

    Stages are locked before tickets (settled choice 9): the remaining ones get new positions, and a move holds its
    stage while it waits for its ticket.
    """
    locked = select(Stage.id).where(Stage.account_id == work.account_id).order_by(Stage.id)
    await work.session.execute(locked.where(Stage.id.in_([stage.id for stage in removed])).with_for_update())
    if remaining:
        others = locked.where(Stage.id.in_([stage.id for stage in remaining]))
        await work.session.execute(others.with_for_update(key_share=True))


async def refuse_tickets(work: UnitOfWork, what: str, stages: list[Stage], *, field: Path) -> None:
    """Raise NotEmpty if there are tickets in the stages, with the number of those that the actor sees."""
    inside = Ticket.stage_id.in_([stage.id for stage in stages])
    present = select(Ticket.id).where(Ticket.account_id == work.account_id, Ticket.archived_at.is_(None), inside)
    if (await work.session.execute(present.limit(1))).first() is None:
        return
    counted = select_visible(work).where(inside).with_only_columns(func.count())
    raise NotEmpty(what, (await work.session.execute(counted)).scalar_one(), field=field)
