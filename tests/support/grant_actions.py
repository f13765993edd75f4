"""Grants on a pipeline in tests, and what they left."""

from uuid import UUID

from domain import access
from domain.access import AccessMode, Grantee, PipelineGrant
from domain.pipelines import Pipeline
from policies import Level, Role
from tests.support.world import World

RESTRICTED = AccessMode.RESTRICTED


async def grants(world: World, pipeline: Pipeline) -> list[PipelineGrant]:
    """The grants of a pipeline."""
    async with world.looking(Role.OPERATOR) as work:
        return await access.find_grants(work, [pipeline.id])


async def revision(world: World, pipeline: Pipeline) -> int:
    """The revision of the access to a pipeline."""
    async with world.looking(Role.OPERATOR) as work:
        return (await access.find_access(work, [pipeline.id]))[pipeline.id].revision


def view(user_id: UUID) -> Grantee:
    """VIEW for a user."""
    return Grantee(Level.VIEW, user_id=user_id)
