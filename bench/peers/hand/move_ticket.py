"""Moving a ticket to the top of a stage of its pipeline, by hand: the same rows change as in the product.

Two statements hold the stage and the ticket, one reads where the top is, one writes everything.
"""

from typing import Any
from uuid import UUID

from asyncpg.pool import PoolConnectionProxy

from bench.peers.hand.rows import gid
from domain import rank

_HOLD_STAGE = "SELECT pipeline_id, state FROM stage WHERE account_id = $1 AND id = $2 FOR NO KEY UPDATE"
_HOLD_TICKET = """
    SELECT pipeline_id, stage_id, rank, key, entered_at, closed_at, revision FROM ticket
     WHERE account_id = $1 AND id = $2 AND archived_at IS NULL FOR NO KEY UPDATE"""
_TOP = """
    SELECT (SELECT rank FROM ticket WHERE account_id = $1 AND stage_id = $2 AND archived_at IS NULL AND id <> $3
             ORDER BY rank, id LIMIT 1) AS top, clock_timestamp() AS now"""
_WRITE = """
    WITH changed AS (
        UPDATE ticket SET stage_id = $3, rank = $4, entered_at = $5, revision = revision + 1,
               closed_at = CASE WHEN $7 THEN coalesce(closed_at, $5) END
         WHERE account_id = $1 AND id = $2
        RETURNING account_id, id, pipeline_id, key, revision, closed_at
    ), ended AS (
        UPDATE visit SET left_at = greatest($5, entered_at), left_by_kind = 'PERSON', left_by = $6
         WHERE account_id = $1 AND ticket_id = $2 AND left_at IS NULL
        RETURNING ticket_id
    ), begun AS (
        INSERT INTO visit (account_id, id, ticket_id, pipeline_id, stage_id, entered_at, entered_by_kind, entered_by)
        SELECT account_id, uuidv7(), id, pipeline_id, $3, $5, 'PERSON', $6 FROM changed JOIN ended ON ticket_id = id
    ), closed AS (
        INSERT INTO closure (account_id, id, ticket_id, closed_at, closed_by)
        SELECT account_id, uuidv7(), id, $5, $6 FROM changed WHERE $7 AND NOT $8
    ), reopened AS (
        UPDATE closure SET reopened_at = greatest($5, closed_at), reopened_by = $6
         WHERE account_id = $1 AND ticket_id = $2 AND reopened_at IS NULL AND NOT $7
    ), happened AS (
        INSERT INTO event (account_id, id, at, kind, actor_kind, actor_id, object_kind, object_id, pipeline_from,
                           pipeline_to, before, after)
        SELECT account_id, uuidv7(), $5, told.kind, 'PERSON', $6, 'ticket', id, pipeline_id, pipeline_id, told.before,
               told.after
          FROM changed CROSS JOIN LATERAL (
            SELECT 'TICKET_MOVED' AS kind,
                   jsonb_build_object('pipeline', pipeline_id, 'stage', $9::uuid, 'rank', $10::text, 'key', key) AS before,
                   jsonb_build_object('pipeline', pipeline_id, 'stage', $3, 'rank', $4, 'key', key) AS after
            UNION ALL
            SELECT CASE WHEN $7 THEN 'TICKET_CLOSED' ELSE 'TICKET_REOPENED' END, NULL, jsonb_build_object('stage', $3)
             WHERE $7 <> $8) AS told
        RETURNING account_id, at, id
    ), waiting AS (
        INSERT INTO outbox (account_id, at, event_id) SELECT account_id, at, id FROM happened
    )
    SELECT revision FROM changed"""
_DECLINED = b'{"data":{"moveTicket":{"ticket":null,"userErrors":[{"message":"Declined."}]}}}'


async def move(connection: PoolConnectionProxy, account: UUID, actor: Any, ticket: UUID, stage: UUID) -> bytes:
    """Move it, as a super admin, who may edit every ticket; the answer."""
    target = await connection.fetchrow(_HOLD_STAGE, account, stage)
    held = await connection.fetchrow(_HOLD_TICKET, account, ticket)
    if not actor["is_super"] or target is None or held is None or held["pipeline_id"] != target["pipeline_id"]:
        return _DECLINED
    (found,) = await connection.fetch(_TOP, account, stage, ticket)
    place, at = rank.between(None, found["top"]), max(found["now"], held["entered_at"])
    is_closed, was_closed = target["state"] == "CLOSED", held["closed_at"] is not None
    revision = await connection.fetchval(
        _WRITE, account, ticket, stage, place, at, actor["id"], is_closed, was_closed, held["stage_id"], held["rank"]
    )
    moved = f'{{"id":"{gid("Ticket", ticket)}","revision":{revision},"stage":{{"id":"{gid("Stage", stage)}"}}}}'
    return f'{{"data":{{"moveTicket":{{"ticket":{moved},"userErrors":[]}}}}}}'.encode()
