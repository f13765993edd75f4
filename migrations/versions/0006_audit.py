"""Before this release is served; servers of the release before go on beside it, but what they write waits while the
table of events is rewritten, since each event gets a salt: seals and signed heads of the audit chain, failed sign-ins.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import APPEND_ONLY, SERVING, serve, wall

revision = "0006"
down_revision = "0005"

TIME = postgresql.TIMESTAMP(timezone=True)
NOW = sa.text("now()")
FUNCTION = "seal_audit(integer)"

# What a link of the chain says of an event, in this order, and what stands behind its commitment. domain/audit/chain.py
# says the same in Python: verifying compares the two.
SAID = (
    "j.number::text",
    "e.id::text",
    "trunc(extract(epoch FROM e.at) * 1000000)::text",
    "e.kind",
    "e.actor_kind",
    "e.actor_id::text",
    "e.object_kind",
    "e.object_id::text",
    "e.pipeline_from::text",
    "e.pipeline_to::text",
)
COMMITTED = ("e.address", 'e."before"::text', 'e."after"::text')

SEAL = """
CREATE FUNCTION {schema}.seal_audit(most integer)
    RETURNS TABLE (first_sealed bigint, last_sealed bigint, chained bytea)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $body$
DECLARE
    mine uuid := NULLIF(current_setting('app.account', true), '')::uuid;
    start bigint := 0;
    place bigint;
    chain bytea;
    link record;
BEGIN
    -- Whoever seals holds the journal: two chains from one place would be none.
    PERFORM FROM {schema}.journal_head AS h WHERE h.account_id = mine FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT s.last_number, s.digest INTO start, chain
      FROM {schema}.audit_seal AS s WHERE s.account_id = mine ORDER BY s.last_number DESC LIMIT 1;
    IF NOT FOUND THEN
        start := 0;
        chain := sha256(convert_to('sluicegate audit 1 ' || mine::text, 'UTF8'));
    END IF;
    place := start;
    FOR link IN
        SELECT j.number, e.id, convert_to({said}, 'UTF8') AS said,
               coalesce(e.commitment, sha256(e.salt || convert_to({committed}, 'UTF8'))) AS commitment
          FROM {schema}.journal_entry AS j
          LEFT JOIN {schema}.event AS e ON e.account_id = j.account_id AND e.id = j.event_id
         WHERE j.account_id = mine AND j.number > start
         ORDER BY j.number
         LIMIT greatest(0, least(most, 10000))
    LOOP
        -- A gap is never sealed over: what comes after it grows old unsealed, and that is noticed.
        EXIT WHEN link.number <> place + 1 OR link.id IS NULL;
        chain := sha256(chain || link.said || link.commitment);
        place := link.number;
    END LOOP;
    IF place = start THEN
        RETURN;
    END IF;
    INSERT INTO {schema}.audit_seal (account_id, first_number, last_number, digest, sealed_at)
    VALUES (mine, start + 1, place, chain, clock_timestamp());
    RETURN QUERY SELECT start + 1, place, chain;
END
$body$"""


def upgrade() -> None:
    """Make the tables, their walls, and the one function that writes seals."""
    _salt_events()
    _make_seals()
    _make_failed_sign_ins()
    _make_function()


def _salt_events() -> None:
    op.add_column(
        "event",
        sa.Column("salt", sa.LargeBinary(), server_default=sa.text("uuid_send(gen_random_uuid())"), nullable=False),
    )
    op.add_column("event", sa.Column("commitment", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_event_audited",
        "event",
        ["account_id", "at", "id"],
        unique=False,
        postgresql_where="object_kind <> 'ticket'",
    )


def _make_seals() -> None:
    op.create_table(
        "audit_seal",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_number", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "last_number", name=op.f("pk_audit_seal")),
    )
    wall("audit_seal", "SELECT")
    op.create_table(
        "audit_head",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("signed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "number", "key_id", name=op.f("pk_audit_head")),
    )
    wall("audit_head", APPEND_ONLY)


def _make_failed_sign_ins() -> None:
    op.create_table(
        "failed_sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("at", TIME, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_sign_in")),
    )
    serve("failed_sign_in", "SELECT, INSERT, DELETE")


def _make_function() -> None:
    schema = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    op.execute(sa.text(_plain(SEAL.format(schema=schema, said=_parts(SAID), committed=_parts(COMMITTED)))))
    op.execute(f"REVOKE EXECUTE ON FUNCTION {FUNCTION} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {FUNCTION} TO {SERVING}")


def _parts(values: tuple[str, ...]) -> str:
    """Each value with its length in front, and a dash for null: no two lists of values give the same text."""
    return " || ".join(f"coalesce(octet_length({value}) || ':' || {value}, '-')" for value in values)


def _plain(statement: str) -> str:
    """A statement that SQLAlchemy leaves as it is: its colons are no parameters."""
    return statement.replace(":", r"\:")


def downgrade() -> None:
    """Drop what `upgrade` made."""
    op.execute(f"DROP FUNCTION {FUNCTION}")
    op.drop_table("failed_sign_in")
    op.drop_table("audit_head")
    op.drop_table("audit_seal")
    op.drop_index("ix_event_audited", table_name="event")
    op.drop_column("event", "commitment")
    op.drop_column("event", "salt")
