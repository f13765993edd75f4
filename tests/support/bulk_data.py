"""Many cards and stages at once, past the verbs that would take their time over them."""

from domain.pipelines import Pipeline, Stage
from tests.support import db_state
from tests.support.world import World

_TICKETS = """
INSERT INTO ticket (account_id, id, pipeline_id, stage_id, rank, key, subject, owner_id, created_at, entered_at)
SELECT :account, gen_random_uuid(), :pipeline, :stage, 'c' || lpad(number::text, 3, '0'), :key || '-' || number,
       'One of many', (SELECT id FROM account_user WHERE account_id = :account ORDER BY id LIMIT 1), now(), now()
  FROM generate_series(1, :count) AS number"""
_VISITS = """
INSERT INTO visit (account_id, id, ticket_id, pipeline_id, stage_id, entered_at, entered_by_kind)
SELECT account_id, gen_random_uuid(), id, pipeline_id, stage_id, entered_at, 'OPERATOR' FROM ticket
 WHERE account_id = :account AND stage_id = :stage AND key LIKE :key || '-%'"""
_STAGES = """
INSERT INTO stage (account_id, id, pipeline_id, internal_name, label, state, position)
SELECT :account, gen_random_uuid(), :pipeline, 'more_' || number, 'More ' || number, 'OPEN', :after + number
  FROM generate_series(1, :count) AS number"""


async def crowd(world: World, stage: Stage, count: int) -> None:
    """Fill a stage with cards, at most 999, each with its open visit and an owner."""
    account, place = {"account": world.account_id}, {"stage": stage.id, "key": f"C{stage.position}"}
    await db_state.execute(world, _TICKETS, **account, **place, pipeline=stage.pipeline_id, count=count)
    await db_state.execute(world, _VISITS, **account, **place)


async def add_stages(world: World, pipeline: Pipeline, count: int) -> None:
    """Give a pipeline many more OPEN stages, at its end."""
    after = len(pipeline.stages)
    await db_state.execute(world, _STAGES, account=world.account_id, pipeline=pipeline.id, after=after, count=count)
