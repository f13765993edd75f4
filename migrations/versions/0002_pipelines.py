"""Before anything is served: pipelines, stages, access and properties."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import wall

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables and their walls."""
    op.create_table(
        "pipeline",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("internal_name", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("key_prefix", sa.Text(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("is_default", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("card", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_pipeline_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_pipeline")),
        sa.UniqueConstraint("account_id", "internal_name", name=op.f("uq_pipeline_account_id_internal_name")),
        sa.UniqueConstraint(
            "account_id",
            "position",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("uq_pipeline_account_id_position"),
        ),
    )
    op.create_index("uq_pipeline_default", "pipeline", ["account_id"], unique=True, postgresql_where="is_default")
    wall("pipeline")
    op.create_table(
        "stage",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pipeline_id", sa.Uuid(), nullable=False),
        sa.Column("internal_name", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("rank_epoch", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint("state IN ('OPEN', 'CLOSED')", name=op.f("ck_stage_state")),
        sa.ForeignKeyConstraint(
            ["account_id", "pipeline_id"],
            ["pipeline.account_id", "pipeline.id"],
            name=op.f("fk_stage_account_id_pipeline_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_stage")),
        sa.UniqueConstraint("account_id", "pipeline_id", "id", name=op.f("uq_stage_account_id_pipeline_id_id")),
        sa.UniqueConstraint("account_id", "pipeline_id", "internal_name", name="uq_stage_internal_name"),
        sa.UniqueConstraint(
            "account_id", "pipeline_id", "position", deferrable=True, initially="DEFERRED", name="uq_stage_position"
        ),
    )
    wall("stage")
    op.create_table(
        "pipeline_access",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("pipeline_id", sa.Uuid(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("creator_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint("mode IN ('EVERYONE', 'PRIVATE', 'RESTRICTED')", name=op.f("ck_pipeline_access_mode")),
        sa.ForeignKeyConstraint(
            ["account_id", "creator_id"],
            ["account_user.account_id", "account_user.id"],
            name=op.f("fk_pipeline_access_account_id_creator_id"),
            ondelete="SET NULL (creator_id)",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "pipeline_id"],
            ["pipeline.account_id", "pipeline.id"],
            name=op.f("fk_pipeline_access_account_id_pipeline_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "pipeline_id", name=op.f("pk_pipeline_access")),
    )
    wall("pipeline_access")
    op.create_table(
        "pipeline_grant",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pipeline_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("until", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("granted_by", sa.Uuid(), nullable=True),
        sa.Column("granted_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("level IN ('VIEW', 'EDIT')", name=op.f("ck_pipeline_grant_level")),
        sa.CheckConstraint("num_nonnulls(user_id, team_id) = 1", name=op.f("ck_pipeline_grant_one_grantee")),
        sa.ForeignKeyConstraint(
            ["account_id", "pipeline_id"],
            ["pipeline.account_id", "pipeline.id"],
            name=op.f("fk_pipeline_grant_account_id_pipeline_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "team_id"],
            ["team.account_id", "team.id"],
            name=op.f("fk_pipeline_grant_account_id_team_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["account_user.account_id", "account_user.id"],
            name=op.f("fk_pipeline_grant_account_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_pipeline_grant")),
        sa.UniqueConstraint("account_id", "pipeline_id", "team_id", name="uq_pipeline_grant_team"),
        sa.UniqueConstraint(
            "account_id", "pipeline_id", "user_id", name=op.f("uq_pipeline_grant_account_id_pipeline_id_user_id")
        ),
    )
    op.create_index(
        op.f("ix_pipeline_grant_account_id_team_id"), "pipeline_grant", ["account_id", "team_id"], unique=False
    )
    op.create_index(
        op.f("ix_pipeline_grant_account_id_user_id"), "pipeline_grant", ["account_id", "user_id"], unique=False
    )
    wall("pipeline_grant")
    op.create_table(
        "property",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("internal_name", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_property_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_property")),
        sa.UniqueConstraint("account_id", "internal_name", name=op.f("uq_property_account_id_internal_name")),
    )
    wall("property")


def downgrade() -> None:
    """Drop what `upgrade` made."""
    op.drop_table("property")
    op.drop_table("pipeline_grant")
    op.drop_table("pipeline_access")
    op.drop_table("stage")
    op.drop_table("pipeline")
