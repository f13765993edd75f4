"""Before this release is served; servers of the release before go on beside it, since the trigger counts for them too.
While the shares are made, writing tickets waits: kept counts of the tickets in each stage by their owner and team.
"""

from importlib import import_module

import sqlalchemy as sa
from alembic import op

from migrations.walls import each_account, wall

revision = "0008"
down_revision = "0007"

before = import_module("migrations.versions.0007_stage_counts")

WHOSE = "account_id, stage_id, owner_id, team_id"
FUNCTION = """
CREATE OR REPLACE FUNCTION {schema}.count_tickets() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF TG_OP = 'INSERT' THEN
        WITH shares AS (
            INSERT INTO {schema}.stage_share ({whose}, id, change)
            SELECT {whose}, gen_random_uuid(), count(*) FROM came WHERE {standing} GROUP BY {whose}
            RETURNING account_id, stage_id, change) {totals};
    ELSIF TG_OP = 'DELETE' THEN
        WITH shares AS (
            INSERT INTO {schema}.stage_share ({whose}, id, change)
            SELECT {whose}, gen_random_uuid(), -count(*) FROM went WHERE {standing} GROUP BY {whose}
            RETURNING account_id, stage_id, change) {totals};
    ELSE
        WITH shares AS (
            INSERT INTO {schema}.stage_share ({whose}, id, change)
            SELECT {whose}, gen_random_uuid(), sum(one)
              FROM (SELECT {whose}, 1 AS one FROM came WHERE {standing}
                    UNION ALL
                    SELECT {whose}, -1 FROM went WHERE {standing}) AS moved
             GROUP BY {whose} HAVING sum(one) <> 0
            RETURNING account_id, stage_id, change) {totals};
    END IF;
    RETURN NULL;
END
$body$"""
# What the shares of a stage changed by together, the stage changed by.
TOTALS = """
        INSERT INTO {schema}.stage_count (account_id, stage_id, id, change)
        SELECT account_id, stage_id, gen_random_uuid(), sum(change)
          FROM shares GROUP BY account_id, stage_id HAVING sum(change) <> 0"""
SHARES = """
INSERT INTO stage_share ({whose}, id, change, folded)
SELECT {whose}, gen_random_uuid(), count(*), true
  FROM ticket WHERE account_id = :account AND {standing} GROUP BY {whose}"""


def upgrade() -> None:
    """Make the table, count what there is account by account, and keep counting both."""
    op.create_table(
        "stage_share",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.Column("folded", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("account_id", "stage_id", "id", name=op.f("pk_stage_share")),
    )
    op.create_index(
        op.f("ix_stage_share_account_id"), "stage_share", ["account_id"], postgresql_where=sa.text("NOT folded")
    )
    wall("stage_share", "SELECT, INSERT, DELETE")
    connection = op.get_bind()
    op.execute("LOCK TABLE ticket IN SHARE ROW EXCLUSIVE MODE")
    shares = sa.text(SHARES.format(whose=WHOSE, standing=before.STANDING))
    for account in each_account(connection):
        connection.execute(shares, {"account": account})
    schema = _schema()
    totals = TOTALS.format(schema=schema)
    op.execute(FUNCTION.format(schema=schema, standing=before.STANDING, whose=WHOSE, totals=totals))


def downgrade() -> None:
    """Count stages alone again, and take the shares away."""
    earlier: str = before.FUNCTION.format(schema=_schema(), standing=before.STANDING)
    op.execute(earlier.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    op.drop_table("stage_share")


def _schema() -> str:
    schema: str = op.get_bind().execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    return schema
