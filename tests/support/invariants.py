"""What must hold in the database after whatever happened, set by set and past every finder: each rule with a query for
what breaks it.

Unlike facts.py it needs no account of its own, so a journey can ask it about a whole installation.
"""

import asyncpg

RULES = {
    "a standing ticket has one open visit, of the stage that it is in": """
        SELECT t.id FROM ticket t
          LEFT JOIN visit v ON (v.account_id, v.ticket_id) = (t.account_id, t.id) AND v.left_at IS NULL
         WHERE t.archived_at IS NULL
         GROUP BY t.account_id, t.id
        HAVING count(v.id) <> 1
            OR bool_or((v.pipeline_id, v.stage_id, v.entered_at) <> (t.pipeline_id, t.stage_id, t.entered_at))""",
    "a visit begins when the one before it has ended": """
        SELECT id FROM (SELECT id, entered_at, lead(entered_at) OVER stays AS next, left_at,
                               row_number() OVER stays AS place, count(*) OVER (PARTITION BY ticket_id) AS all
                          FROM visit WINDOW stays AS (PARTITION BY ticket_id ORDER BY entered_at, id)) each
         WHERE place < each.all AND left_at IS DISTINCT FROM next""",
    "a ticket is closed, once, when its stage is a CLOSED one": """
        SELECT t.id FROM ticket t JOIN stage s ON (s.account_id, s.id) = (t.account_id, t.stage_id)
          LEFT JOIN closure c ON (c.account_id, c.ticket_id) = (t.account_id, t.id) AND c.reopened_at IS NULL
         WHERE t.archived_at IS NULL
         GROUP BY t.account_id, t.id, s.state
        HAVING count(c.id) <> (s.state = 'CLOSED')::int OR (t.closed_at IS NOT NULL) <> (s.state = 'CLOSED')""",
    "no two cards of a stage have the same rank": """
        SELECT min(id::text) FROM ticket WHERE archived_at IS NULL
         GROUP BY account_id, stage_id, rank HAVING count(*) > 1""",
    "the kept count of a stage is how many tickets stand in it": """
        SELECT s.id FROM stage s
         WHERE (SELECT coalesce(sum(c.change), 0) FROM stage_count c
                 WHERE (c.account_id, c.stage_id) = (s.account_id, s.id))
            <> (SELECT count(*) FROM ticket t
                 WHERE (t.account_id, t.stage_id) = (s.account_id, s.id) AND t.archived_at IS NULL)""",
    "the kept shares of a stage are how many tickets of each owner and team stand in it": """
        SELECT coalesce(k.stage_id, c.stage_id)
          FROM (SELECT h.account_id, h.stage_id, h.owner_id, h.team_id, sum(h.change) AS total
                  FROM stage_share h JOIN stage s ON (s.account_id, s.id) = (h.account_id, h.stage_id)
                 GROUP BY 1, 2, 3, 4 HAVING sum(h.change) <> 0) k
          FULL JOIN (SELECT account_id, stage_id, owner_id, team_id, count(*) AS total FROM ticket
                      WHERE archived_at IS NULL GROUP BY 1, 2, 3, 4) c
            ON (k.account_id, k.stage_id) = (c.account_id, c.stage_id)
           AND coalesce(k.owner_id, c.account_id) = coalesce(c.owner_id, c.account_id)
           AND coalesce(k.team_id, c.account_id) = coalesce(c.team_id, c.account_id)
         WHERE k.total IS DISTINCT FROM c.total""",
    "a ticket's key finds it": """
        SELECT t.id FROM ticket t WHERE NOT EXISTS (SELECT FROM ticket_key k
         WHERE (k.account_id, k.pipeline_id, k.key, k.ticket_id) = (t.account_id, t.pipeline_id, t.key, t.id))""",
    "a ticket was created once": """
        SELECT t.id FROM ticket t WHERE 1 <> (SELECT count(*) FROM event e
         WHERE (e.account_id, e.object_id, e.kind) = (t.account_id, t.id, 'TICKET_CREATED'))""",
    "nothing is told of a ticket that is not there": """
        SELECT e.id FROM event e WHERE e.object_kind = 'ticket'
         AND NOT EXISTS (SELECT FROM ticket t WHERE (t.account_id, t.id) = (e.account_id, e.object_id))""",
    "a ticket's revision counts its changes, and its visits those of stage": """
        SELECT t.id FROM ticket t LEFT JOIN event e ON (e.account_id, e.object_id) = (t.account_id, t.id)
         WHERE NOT EXISTS (SELECT FROM imported_ticket i WHERE (i.account_id, i.ticket_id) = (t.account_id, t.id))
         GROUP BY t.account_id, t.id
        HAVING t.revision <> 1 + count(*) FILTER (WHERE e.kind IN
                                ('TICKET_MOVED', 'TICKET_UPDATED', 'TICKET_ASSIGNED', 'TICKET_DELETED'))
            OR (SELECT count(*) FROM visit v WHERE (v.account_id, v.ticket_id) = (t.account_id, t.id))
            <> 1 + count(*) FILTER (WHERE e.kind = 'TICKET_MOVED' AND e.before ->> 'stage' <> e.after ->> 'stage')""",
    "an event either waits for its number or has it": """
        SELECT e.id FROM event e
          LEFT JOIN outbox o ON (o.account_id, o.event_id) = (e.account_id, e.id)
          LEFT JOIN journal_entry j ON (j.account_id, j.event_id) = (e.account_id, e.id)
         WHERE (o.event_id IS NULL) = (j.event_id IS NULL)""",
    "the journal counts 1, 2, 3 up to its head": """
        SELECT h.account_id FROM journal_head h LEFT JOIN journal_entry j USING (account_id)
         GROUP BY h.account_id, h.last_number
        HAVING (count(j.number), coalesce(min(j.number), 1), coalesce(max(j.number), 0))
            <> (h.last_number, 1, h.last_number)""",
}


async def assert_sound(connection: asyncpg.Connection) -> None:
    """Nothing breaks any of the rules, in any account."""
    broken = {rule: rows for rule, query in RULES.items() if (rows := await connection.fetch(query))}
    assert not broken, broken
