"""Before anything is served: events, outbox, journal and replays."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import APPEND_ONLY, serve, wall

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables and their walls."""
    op.create_table(
        "event",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("object_kind", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("pipeline_from", sa.Uuid(), nullable=True),
        sa.Column("pipeline_to", sa.Uuid(), nullable=True),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("after", postgresql.JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_account_id_object_id_at"), "event", ["account_id", "object_id", "at"], unique=False)
    wall("event", APPEND_ONLY)
    op.create_table(
        "outbox",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "at", "event_id", name=op.f("pk_outbox")),
    )
    serve("outbox", "SELECT, INSERT, DELETE")
    op.create_table(
        "journal_head",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_journal_head")),
    )
    wall("journal_head", "SELECT, INSERT, UPDATE")
    op.create_table(
        "journal_entry",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "number", name=op.f("pk_journal_entry")),
    )
    op.create_index(
        op.f("ix_journal_entry_account_id_event_id"), "journal_entry", ["account_id", "event_id"], unique=True
    )
    wall("journal_entry", APPEND_ONLY)
    op.create_table(
        "replay",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("input_hash", sa.LargeBinary(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "actor_id", "operation", "key", name=op.f("pk_replay")),
    )
    wall("replay")


def downgrade() -> None:
    """Drop what `upgrade` made."""
    op.drop_table("replay")
    op.drop_table("journal_entry")
    op.drop_table("journal_head")
    op.drop_table("outbox")
    op.drop_table("event")
