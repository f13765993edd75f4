"""What access stands on pipelines: the row that each is born with, and its grants; for who may be shown them."""

from uuid import UUID

from sqlalchemy import select

from domain.access.pipeline_access import AccessMode, PipelineAccess, PipelineGrant
from domain.unit_of_work import UnitOfWork


def open_to_everyone(work: UnitOfWork, pipeline_id: UUID) -> None:
    """Give a new pipeline its access row: mode EVERYONE, made by the actor (spec, section C)."""
    work.session.add(
        PipelineAccess(
            account_id=work.account_id,
            pipeline_id=pipeline_id,
            mode=AccessMode.EVERYONE.value,
            created_by=work.actor.user_id,
        )
    )


async def find_access(work: UnitOfWork, pipeline_ids: list[UUID]) -> dict[UUID, PipelineAccess]:
    """The access rows of pipelines that a finder has shown already."""
    statement = select(PipelineAccess).where(
        PipelineAccess.account_id == work.account_id, PipelineAccess.pipeline_id.in_(pipeline_ids)
    )
    return {row.pipeline_id: row for row in (await work.session.execute(statement)).scalars()}


async def find_grants(work: UnitOfWork, pipeline_ids: list[UUID]) -> list[PipelineGrant]:
    """The grants of pipelines, past ones included, in the order they were given."""
    statement = select(PipelineGrant).where(
        PipelineGrant.account_id == work.account_id, PipelineGrant.pipeline_id.in_(pipeline_ids)
    )
    return list((await work.session.execute(statement.order_by(PipelineGrant.id))).scalars())
