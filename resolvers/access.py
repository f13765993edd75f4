"""Managing who may view and edit a pipeline."""

from uuid import UUID

from domain import access, pipelines
from domain.reference import Ref
from domain.replay import Once
from domain.unit_of_work import UnitOfWork
from resolvers.context import Context, shown
from resolvers.pipelines import PipelineView, find_pipeline
from resolvers.scene import Wanted


async def set_pipeline_access(
    context: Context,
    once: Once,
    wanted: Wanted,
    *,
    ref: Ref,
    mode: access.AccessMode,
    grants: list[access.Grantee],
    expected_revision: int | None,
) -> PipelineView | None:
    """Set a pipeline's access mode and all its grants."""

    async def verb(work: UnitOfWork) -> UUID:
        found = await pipelines.find_pipeline(work, ref)
        await access.set_pipeline_access(work, found.id, mode, grants, expected_revision=expected_revision)
        return found.id

    return await shown(find_pipeline(context, Ref(id=await context.perform(once, verb)), wanted))
