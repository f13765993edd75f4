-- Fills one pipeline of one account with tickets, the same ones for the same seed. Nothing is random: a ticket's
-- number decides. Times are told back from one fixed moment. Run by the owner, with app.account set.
--
-- $1 account, $2 pipeline, $3 prefix of keys, $4 how many, $5 stages, $6 which of them are closed, $7 users, $8 teams,
-- $9 seed
WITH invented AS MATERIALIZED (
    SELECT i,
           1 + i % cardinality($5::uuid[]) AS stage,
           (i - 1) / cardinality($5::uuid[]) AS place,
           ('x' || substr(digest, 1, 7))::bit(28)::int AS a,
           ('x' || substr(digest, 8, 7))::bit(28)::int AS b,
           ('x' || substr(digest, 15, 7))::bit(28)::int AS c,
           digest
      FROM generate_series(1, $4::int) AS i, md5($9::text || ':' || i) AS digest
), timed AS (
    SELECT *, timestamptz '2026-06-30 17:00:00+00' - make_interval(mins => 60 + a % 500000) AS created_at FROM invented
), dated AS (
    SELECT *, created_at + make_interval(mins => b % 60) AS entered_at,
           lpad(to_hex((extract(epoch FROM created_at) * 1000)::bigint), 12, '0')
               || '7' || substr(digest, 1, 3) || '8' || substr(digest, 4, 15) AS id
      FROM timed
)
INSERT INTO ticket (account_id, id, pipeline_id, stage_id, rank, key, subject, content, priority, owner_id, team_id,
                    created_at, entered_at, closed_at)
SELECT $1, id::uuid, $2, ($5::uuid[])[stage], pg_temp.rank_of(place), $3 || '-' || i,
       (ARRAY['Order arrived damaged', 'Cannot sign in since the update', 'Invoice shows the wrong address',
              'Export stops half way', 'Please add a colleague', 'Search finds nothing “older”',
              'Parcel has not arrived', 'Wrong time zone in the report'])[1 + a % 8] || ' (' || 1000 + b % 90000 || ')',
       'It began on Monday and happens every time; we have tried it on two machines. Reference ' || digest || '.',
       (ARRAY[NULL, 'LOW', 'MEDIUM', 'MEDIUM', 'HIGH', 'URGENT'])[1 + c % 6],
       CASE WHEN b % 100 >= 8 THEN ($7::uuid[])[1 + b % cardinality($7::uuid[])] END,
       CASE WHEN c % 100 >= 30 THEN ($8::uuid[])[1 + c % cardinality($8::uuid[])] END,
       created_at, entered_at, CASE WHEN ($6::bool[])[stage] THEN entered_at END
  FROM dated
