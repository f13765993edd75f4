-- What the peers need beside the product's own tables: a role bound by the same walls, and under it the actor of a
-- request, whose ticket scope is a policy (for a role that only those with a scope take on). Made anew at every start.
DROP SCHEMA IF EXISTS bench CASCADE;
DROP SCHEMA IF EXISTS bench_api CASCADE;
DROP POLICY IF EXISTS bench_scope ON ticket;
DROP POLICY IF EXISTS bench_seen ON pipeline;
DO $body$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'bench_peer') THEN
        CREATE ROLE bench_peer LOGIN IN ROLE sluicegate_serving;
        CREATE ROLE bench_agent IN ROLE sluicegate_serving;
        GRANT bench_agent TO bench_peer WITH INHERIT FALSE, SET TRUE;
    END IF;
END
$body$;
CREATE SCHEMA bench;
CREATE SCHEMA bench_api; -- what PostGraphile shows beside the tables
GRANT USAGE ON SCHEMA bench, bench_api TO bench_peer, bench_agent;

CREATE POLICY bench_seen ON pipeline AS RESTRICTIVE TO bench_agent USING (EXISTS (
    SELECT FROM pipeline_access AS a
     WHERE a.account_id = pipeline.account_id AND a.pipeline_id = pipeline.id
       AND (a.mode = 'EVERYONE'
            OR a.mode = 'PRIVATE' AND a.created_by = (SELECT current_setting('app.user')::uuid)
            OR a.mode = 'RESTRICTED' AND EXISTS (
                SELECT FROM pipeline_grant AS g
                 WHERE g.account_id = a.account_id AND g.pipeline_id = a.pipeline_id
                   AND (g.until IS NULL OR g.until > now())
                   AND (g.user_id = (SELECT current_setting('app.user')::uuid)
                        OR g.team_id = ANY ((SELECT current_setting('app.teams'))::uuid[]))))));
CREATE POLICY bench_scope ON ticket AS RESTRICTIVE TO bench_agent USING (
    owner_id = (SELECT current_setting('app.user')::uuid)
    OR owner_id IS NULL AND (SELECT current_setting('app.unassigned')::boolean)
    OR team_id = ANY ((SELECT current_setting('app.teams'))::uuid[])
    OR owner_id IN (SELECT m.user_id FROM team_member AS m
                     WHERE m.account_id = (SELECT current_setting('app.account')::uuid)
                       AND m.team_id = ANY ((SELECT current_setting('app.teams'))::uuid[])));

-- Sets account and actor for one transaction from what a bearer token says; returns what it has set.
CREATE FUNCTION bench.enter(account uuid, hash bytea) RETURNS jsonb LANGUAGE plpgsql AS $body$
DECLARE
    person record;
    settings jsonb;
BEGIN
    PERFORM set_config('app.account', account::text, true);
    SELECT u.id, 'SUPER_ADMIN' = ANY (u.roles) AS is_super, u.view_reach AS reach, u.view_unassigned AS unassigned,
           coalesce((SELECT array_agg(m.team_id) FROM team_member AS m
                       JOIN team AS g ON g.account_id = m.account_id AND g.id = m.team_id AND g.active
                      WHERE m.account_id = u.account_id AND m.user_id = u.id), '{}') AS teams
      INTO person
      FROM token AS t
      JOIN account_user AS u ON u.account_id = t.account_id AND u.id = t.user_id AND u.active
      JOIN account AS a ON a.id = u.account_id
      LEFT JOIN identity AS i ON i.id = u.identity_id
     WHERE t.account_id = account AND t.secret_hash = hash AND t.revoked_at IS NULL AND t.expires_at > now()
       AND (i.id IS NULL OR i.epoch = t.epoch);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'UNAUTHENTICATED';
    END IF;
    settings := jsonb_build_object(
        'app.account', account, 'app.user', person.id, 'app.teams', person.teams::text,
        'app.unassigned', person.unassigned::text, 'app.super', person.is_super::text);
    IF NOT person.is_super AND person.reach <> 'ALL' THEN
        settings := settings || '{"role": "bench_agent"}';
    END IF;
    PERFORM set_config(key, value, true) FROM jsonb_each_text(settings);
    RETURN settings;
END
$body$;

-- The rank before another one, as domain/rank.py makes it at the top of a stage.
CREATE FUNCTION bench.rank_before(above text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $body$
DECLARE
    digits text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    head text := substr(above, 1, 1);
    width int := CASE WHEN head >= 'a' COLLATE "C" THEN ascii(head) - ascii('a') ELSE ascii('Z') - ascii(head) END + 1;
    written text := substr(above, 2, width);
    digit text;
BEGIN
    FOR place IN REVERSE width .. 1 LOOP
        digit := substr(written, place, 1);
        IF digit <> '0' THEN
            RETURN head || overlay(written PLACING substr(digits, strpos(digits, digit) - 1, 1) FROM place);
        END IF;
        written := overlay(written PLACING 'z' FROM place);
    END LOOP;
    RETURN CASE WHEN head = 'a' THEN 'Zz' WHEN head > 'a' COLLATE "C" THEN chr(ascii(head) - 1) || repeat('z', width - 1)
                ELSE chr(ascii(head) - 1) || repeat('z', width + 1) END;
END
$body$;

-- What moveTicket does with a ticket that goes to the top of a stage of its own pipeline: the same rows change.
CREATE FUNCTION bench_api.move_ticket(ticket_id uuid, stage_id uuid) RETURNS ticket LANGUAGE plpgsql AS $body$
#variable_conflict use_column
DECLARE
    mine uuid := current_setting('app.account')::uuid;
    actor uuid := current_setting('app.user')::uuid;
    target stage;
    moved ticket;
    before jsonb;
    was_closed timestamptz;
    at timestamptz;
    happened uuid := uuidv7();
BEGIN
    IF current_setting('app.super') <> 'true' THEN
        RAISE EXCEPTION 'NOT_PERMITTED';
    END IF;
    SELECT * INTO target FROM stage AS s WHERE s.account_id = mine AND s.id = move_ticket.stage_id FOR NO KEY UPDATE;
    SELECT * INTO moved FROM ticket AS t
     WHERE t.account_id = mine AND t.id = move_ticket.ticket_id AND t.archived_at IS NULL FOR NO KEY UPDATE;
    IF target.id IS NULL OR moved.id IS NULL OR moved.pipeline_id <> target.pipeline_id THEN
        RAISE EXCEPTION 'NOT_FOUND';
    END IF;
    before := bench.telling(moved);
    at := greatest(clock_timestamp(), moved.entered_at);
    was_closed := moved.closed_at;
    UPDATE ticket AS t
       SET rank = coalesce((SELECT bench.rank_before(n.rank) FROM ticket AS n
                             WHERE n.account_id = mine AND n.stage_id = target.id AND n.archived_at IS NULL
                               AND n.id <> moved.id ORDER BY n.rank, n.id LIMIT 1), 'a0'),
           stage_id = target.id, entered_at = at, revision = t.revision + 1,
           closed_at = CASE WHEN target.state = 'CLOSED' THEN coalesce(was_closed, at) END
     WHERE t.account_id = mine AND t.id = moved.id RETURNING t.* INTO moved;
    UPDATE visit AS v SET left_at = greatest(at, v.entered_at), left_by_kind = 'PERSON', left_by = actor
     WHERE v.account_id = mine AND v.ticket_id = moved.id AND v.left_at IS NULL;
    INSERT INTO visit (account_id, id, ticket_id, pipeline_id, stage_id, entered_at, entered_by_kind, entered_by)
    VALUES (mine, uuidv7(), moved.id, target.pipeline_id, target.id, at, 'PERSON', actor);
    PERFORM bench.record(happened, at, 'TICKET_MOVED', moved, before, bench.telling(moved));
    IF was_closed IS NULL AND moved.closed_at IS NOT NULL THEN
        INSERT INTO closure (account_id, id, ticket_id, closed_at, closed_by)
        VALUES (mine, uuidv7(), moved.id, at, actor);
        PERFORM bench.record(uuidv7(), at, 'TICKET_CLOSED', moved, NULL, jsonb_build_object('stage', target.id));
    ELSIF was_closed IS NOT NULL AND moved.closed_at IS NULL THEN
        UPDATE closure AS c SET reopened_at = greatest(at, c.closed_at), reopened_by = actor
         WHERE c.account_id = mine AND c.ticket_id = moved.id AND c.reopened_at IS NULL;
        PERFORM bench.record(uuidv7(), at, 'TICKET_REOPENED', moved, NULL, jsonb_build_object('stage', target.id));
    END IF;
    RETURN moved;
END
$body$;

CREATE FUNCTION bench.telling(moved ticket) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $body$
    SELECT jsonb_build_object('pipeline', moved.pipeline_id, 'stage', moved.stage_id, 'rank', moved.rank, 'key', moved.key)
$body$;

CREATE FUNCTION bench.record(event uuid, happened_at timestamptz, kind text, moved ticket, before jsonb, after jsonb)
    RETURNS void LANGUAGE sql AS $body$
    INSERT INTO event (account_id, id, at, kind, actor_kind, actor_id, object_kind, object_id, pipeline_from,
                       pipeline_to, before, after)
    VALUES (moved.account_id, event, happened_at, kind, 'PERSON', current_setting('app.user')::uuid, 'ticket',
            moved.id, moved.pipeline_id, moved.pipeline_id, before, after);
    INSERT INTO outbox (account_id, at, event_id) VALUES (moved.account_id, happened_at, event);
$body$;
-- PostGraphile is told of the relation that boards follow: without the pipeline's id, which no index of a board has.
COMMENT ON TABLE ticket IS E'@foreignKey (account_id, stage_id) references stage (account_id, id)|@foreignFieldName cards|@fieldName stage';
COMMENT ON TABLE stage_count IS E'@foreignKey (account_id, stage_id) references stage (account_id, id)|@foreignFieldName stageCountsByAccountIdAndStageId|@fieldName stage';
