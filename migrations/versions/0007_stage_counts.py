"""Before this release is served; servers of the release before go on beside it, since the triggers count for them too.
While the counts are made, writing tickets waits: kept counts of the tickets in each stage, and triggers that keep them.
"""

import sqlalchemy as sa
from alembic import op

from migrations.walls import each_account, wall

revision = "0007"
down_revision = "0006"

STANDING = "archived_at IS NULL AND stage_id IS NOT NULL"
FUNCTION = """
CREATE FUNCTION {schema}.count_tickets() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO {schema}.stage_count (account_id, stage_id, id, change)
        SELECT account_id, stage_id, gen_random_uuid(), count(*)
          FROM came WHERE {standing} GROUP BY account_id, stage_id;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO {schema}.stage_count (account_id, stage_id, id, change)
        SELECT account_id, stage_id, gen_random_uuid(), -count(*)
          FROM went WHERE {standing} GROUP BY account_id, stage_id;
    ELSE
        INSERT INTO {schema}.stage_count (account_id, stage_id, id, change)
        SELECT account_id, stage_id, gen_random_uuid(), sum(one)
          FROM (SELECT account_id, stage_id, 1 AS one FROM came WHERE {standing}
                UNION ALL
                SELECT account_id, stage_id, -1 FROM went WHERE {standing}) AS moved
         GROUP BY account_id, stage_id HAVING sum(one) <> 0;
    END IF;
    RETURN NULL;
END
$body$"""
TRIGGERS = {
    "INSERT": "REFERENCING NEW TABLE AS came",
    "UPDATE": "REFERENCING OLD TABLE AS went NEW TABLE AS came",
    "DELETE": "REFERENCING OLD TABLE AS went",
}
COUNT = """
INSERT INTO stage_count (account_id, stage_id, id, change)
SELECT account_id, stage_id, gen_random_uuid(), count(*)
  FROM ticket WHERE account_id = :account AND archived_at IS NULL AND stage_id IS NOT NULL
 GROUP BY account_id, stage_id"""


def upgrade() -> None:
    """Make the table, count what there is account by account, and keep counting."""
    op.create_table(
        "stage_count",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "stage_id", "id", name=op.f("pk_stage_count")),
    )
    wall("stage_count", "SELECT, INSERT, DELETE")
    connection = op.get_bind()
    schema = connection.execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    op.execute("LOCK TABLE ticket IN SHARE ROW EXCLUSIVE MODE")
    for account in each_account(connection):
        connection.execute(sa.text(COUNT), {"account": account})
    op.execute(FUNCTION.format(schema=schema, standing=STANDING))
    op.execute("REVOKE ALL ON FUNCTION count_tickets() FROM PUBLIC")
    for what, tables in TRIGGERS.items():
        op.execute(
            f"CREATE TRIGGER count_tickets_{what.lower()} AFTER {what} ON ticket {tables} "
            "FOR EACH STATEMENT EXECUTE FUNCTION count_tickets()"
        )


def downgrade() -> None:
    """Take the triggers and the counts away."""
    for what in TRIGGERS:
        op.execute(f"DROP TRIGGER count_tickets_{what.lower()} ON ticket")
    op.execute("DROP FUNCTION count_tickets()")
    op.drop_table("stage_count")
