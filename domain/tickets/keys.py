"""Ticket keys: numbers counted in each pipeline, and the keys that still find a ticket (decision 9)."""

from sqlalchemy import update

from domain.errors import NotFound
from domain.pipelines import AnyPipeline, Pipeline
from domain.tickets.ticket import Ticket, TicketKey
from domain.unit_of_work import UnitOfWork


async def next_number(work: UnitOfWork, pipeline: AnyPipeline) -> int:
    """The next number of the pipeline's keys; locks the pipeline's counter until the unit ends."""
    return (await next_numbers(work, pipeline, 1))[0]


async def next_numbers(work: UnitOfWork, pipeline: AnyPipeline, count: int) -> range:
    """The next `count` numbers of the pipeline's keys; locks the pipeline's counter until the unit ends."""
    counted = (
        update(Pipeline)
        .where(Pipeline.account_id == work.account_id, Pipeline.id == pipeline.id)
        .values(last_number=Pipeline.last_number + count)
        .returning(Pipeline.last_number)
        .execution_options(synchronize_session=False)
    )
    last = (await work.session.execute(counted)).scalar_one_or_none()
    if last is None:
        raise NotFound("pipeline", field=("pipeline",))
    return range(last - count + 1, last + 1)


def keep_key(work: UnitOfWork, ticket: Ticket, number: int, pipeline: Pipeline) -> None:
    """Store the ticket's key, so that it finds the ticket in any pipeline the ticket moves to."""
    work.session.add(
        TicketKey(
            account_id=work.account_id,
            pipeline_id=pipeline.id,
            number=number,
            key=ticket.key,
            ticket_id=ticket.id,
        )
    )
