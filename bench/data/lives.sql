-- What goes with each ticket of a pipeline that was just filled: its key, its open visit, its closure.
-- $1 account, $2 pipeline
WITH keys AS (
    INSERT INTO ticket_key (account_id, pipeline_id, number, key, ticket_id)
    SELECT account_id, pipeline_id, split_part(key, '-', 2)::bigint, key, id
      FROM ticket WHERE account_id = $1 AND pipeline_id = $2
), visits AS (
    INSERT INTO visit (account_id, id, ticket_id, pipeline_id, stage_id, entered_at, entered_by_kind, entered_by)
    SELECT account_id, id, id, pipeline_id, stage_id, entered_at, 'PERSON', owner_id
      FROM ticket WHERE account_id = $1 AND pipeline_id = $2
), closures AS (
    INSERT INTO closure (account_id, id, ticket_id, closed_at, closed_by)
    SELECT account_id, id, id, closed_at, owner_id
      FROM ticket WHERE account_id = $1 AND pipeline_id = $2 AND closed_at IS NOT NULL
)
UPDATE pipeline SET last_number = (SELECT count(*) FROM ticket WHERE account_id = $1 AND pipeline_id = $2)
 WHERE account_id = $1 AND id = $2
