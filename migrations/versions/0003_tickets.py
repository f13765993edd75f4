"""Before anything is served: tickets and the rows of their lives."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import wall

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables and their walls."""
    op.create_table(
        "ticket",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pipeline_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=True),
        sa.Column("rank", sa.Text(collation="C"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), server_default="", nullable=False),
        sa.Column("priority", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("properties", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("entered_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("closed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("archived_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint("priority IN ('LOW', 'MEDIUM', 'HIGH', 'URGENT')", name=op.f("ck_ticket_priority")),
        sa.CheckConstraint("archived_at IS NOT NULL OR stage_id IS NOT NULL", name=op.f("ck_ticket_in_a_stage")),
        sa.ForeignKeyConstraint(
            ["account_id", "owner_id"],
            ["account_user.account_id", "account_user.id"],
            name="fk_ticket_owner",
            ondelete="SET NULL (owner_id)",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "pipeline_id", "stage_id"],
            ["stage.account_id", "stage.pipeline_id", "stage.id"],
            name="fk_ticket_stage",
            ondelete="SET NULL (stage_id)",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "team_id"],
            ["team.account_id", "team.id"],
            name="fk_ticket_team",
            ondelete="SET NULL (team_id)",
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_ticket")),
    )
    op.create_index(
        "ix_ticket_board",
        "ticket",
        ["account_id", "stage_id", "rank", "id"],
        unique=False,
        postgresql_where="archived_at IS NULL",
    )
    op.create_index("ix_ticket_owner", "ticket", ["account_id", "owner_id"], unique=False)
    op.create_index("ix_ticket_pipeline", "ticket", ["account_id", "pipeline_id"], unique=False)
    op.create_index("ix_ticket_team", "ticket", ["account_id", "team_id"], unique=False)
    wall("ticket")
    op.create_table(
        "ticket_key",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("pipeline_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "ticket_id"],
            ["ticket.account_id", "ticket.id"],
            name=op.f("fk_ticket_key_account_id_ticket_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "pipeline_id", "number", name=op.f("pk_ticket_key")),
    )
    op.create_index(op.f("ix_ticket_key_account_id_key"), "ticket_key", ["account_id", "key"], unique=False)
    op.create_index(op.f("ix_ticket_key_account_id_ticket_id"), "ticket_key", ["account_id", "ticket_id"], unique=False)
    wall("ticket_key")
    op.create_table(
        "visit",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("pipeline_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("entered_by_kind", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("left_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("left_by_kind", sa.Text(), nullable=True),
        sa.Column("left_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("left_at >= entered_at", name=op.f("ck_visit_forward")),
        sa.ForeignKeyConstraint(
            ["account_id", "ticket_id"],
            ["ticket.account_id", "ticket.id"],
            name=op.f("fk_visit_account_id_ticket_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_visit")),
    )
    op.create_index(
        op.f("ix_visit_account_id_ticket_id_entered_at"),
        "visit",
        ["account_id", "ticket_id", "entered_at"],
        unique=False,
    )
    op.create_index(
        "uq_visit_open", "visit", ["account_id", "ticket_id"], unique=True, postgresql_where="left_at IS NULL"
    )
    wall("visit")
    op.create_table(
        "closure",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("reopened_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("reopened_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id", "ticket_id"],
            ["ticket.account_id", "ticket.id"],
            name=op.f("fk_closure_account_id_ticket_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_closure")),
    )
    op.create_index(op.f("ix_closure_account_id_ticket_id"), "closure", ["account_id", "ticket_id"], unique=False)
    op.create_index(
        "uq_closure_open", "closure", ["account_id", "ticket_id"], unique=True, postgresql_where="reopened_at IS NULL"
    )
    wall("closure")
    op.create_table(
        "archival",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("archived_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("archived_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id", "ticket_id"],
            ["ticket.account_id", "ticket.id"],
            name=op.f("fk_archival_account_id_ticket_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_archival")),
    )
    op.create_index(op.f("ix_archival_account_id_ticket_id"), "archival", ["account_id", "ticket_id"], unique=False)
    wall("archival")
    op.create_table(
        "imported_ticket",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("row_digests", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "ticket_id"],
            ["ticket.account_id", "ticket.id"],
            name=op.f("fk_imported_ticket_account_id_ticket_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "ticket_id", name=op.f("pk_imported_ticket")),
        sa.UniqueConstraint("account_id", "source", "number", name=op.f("uq_imported_ticket_account_id_source_number")),
    )
    wall("imported_ticket")


def downgrade() -> None:
    """Drop what `upgrade` made."""
    op.drop_table("imported_ticket")
    op.drop_table("archival")
    op.drop_table("closure")
    op.drop_table("visit")
    op.drop_table("ticket_key")
    op.drop_table("ticket")
