"""Before this release is served; servers of the release before go on beside it, since the triggers count for them too.
While the shares are made, writing tickets waits: kept counts of the tickets in each stage by their owner and team.
"""

import sqlalchemy as sa
from alembic import op

from migrations.walls import each_account, wall

revision = "0008"
down_revision = "0007"

STANDING = "archived_at IS NULL AND stage_id IS NOT NULL"
WHOSE = "account_id, stage_id, owner_id, team_id"
FUNCTION = """
CREATE FUNCTION {schema}.share_tickets() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $body$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO {schema}.stage_share ({whose}, id, change)
        SELECT {whose}, gen_random_uuid(), count(*) FROM came WHERE {standing} GROUP BY {whose};
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO {schema}.stage_share ({whose}, id, change)
        SELECT {whose}, gen_random_uuid(), -count(*) FROM went WHERE {standing} GROUP BY {whose};
    ELSE
        INSERT INTO {schema}.stage_share ({whose}, id, change)
        SELECT {whose}, gen_random_uuid(), sum(one)
          FROM (SELECT {whose}, 1 AS one FROM came WHERE {standing}
                UNION ALL
                SELECT {whose}, -1 FROM went WHERE {standing}) AS moved
         GROUP BY {whose} HAVING sum(one) <> 0;
    END IF;
    RETURN NULL;
END
$body$"""
TRIGGERS = {
    "INSERT": "REFERENCING NEW TABLE AS came",
    "UPDATE": "REFERENCING OLD TABLE AS went NEW TABLE AS came",
    "DELETE": "REFERENCING OLD TABLE AS went",
}
SHARES = """
INSERT INTO stage_share ({whose}, id, change, folded)
SELECT {whose}, gen_random_uuid(), count(*), true
  FROM ticket WHERE account_id = :account AND {standing} GROUP BY {whose}"""


def upgrade() -> None:
    """Make the table, count what there is account by account, and keep counting."""
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
    schema = connection.execute(sa.text("SELECT quote_ident(current_schema())")).scalar_one()
    op.execute("LOCK TABLE ticket IN SHARE ROW EXCLUSIVE MODE")
    shares = sa.text(SHARES.format(whose=WHOSE, standing=STANDING))
    for account in each_account(connection):
        connection.execute(shares, {"account": account})
    op.execute(FUNCTION.format(schema=schema, standing=STANDING, whose=WHOSE))
    op.execute("REVOKE ALL ON FUNCTION share_tickets() FROM PUBLIC")
    for what, tables in TRIGGERS.items():
        op.execute(
            f"CREATE TRIGGER share_tickets_{what.lower()} AFTER {what} ON ticket {tables} "
            "FOR EACH STATEMENT EXECUTE FUNCTION share_tickets()"
        )


def downgrade() -> None:
    """Take the triggers and the shares away."""
    for what in TRIGGERS:
        op.execute(f"DROP TRIGGER share_tickets_{what.lower()} ON ticket")
    op.execute("DROP FUNCTION share_tickets()")
    op.drop_table("stage_share")
