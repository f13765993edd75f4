"""The ids of things as clients write them."""

from typing import Any

from domain.accounts import Account, Team, User
from domain.database.model import Thing, new_id
from domain.pipelines import Pipeline, Stage
from domain.reference import Ref
from domain.tickets import Ticket
from schema.ids import Kind, global_id
from tests.support.world import World

_KINDS: dict[type[Any], Kind] = {
    Account: Kind.ACCOUNT,
    Pipeline: Kind.PIPELINE,
    Stage: Kind.STAGE,
    Ticket: Kind.TICKET,
    User: Kind.USER,
    Team: Kind.TEAM,
}


def gid(thing: Thing) -> str:
    """The global id of a pipeline, stage, ticket, user or team."""
    return global_id(_KINDS[type(thing)], thing.id)


def unknown(kind: Kind) -> str:
    """A global id that nothing has or ever had."""
    return global_id(kind, new_id())


async def stages(world: World, to: Ref | None = None) -> dict[str, str]:
    """The global ids of a pipeline's stages by their internal names, in order."""
    return {stage.internal_name: gid(stage) for stage in (await world.pipeline(to)).stages}
