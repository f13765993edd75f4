"""Before anything is served: accounts, people, teams and their tokens."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import serve, wall

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables and their walls."""
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("service_tier", sa.Text(), nullable=False),
        sa.Column("marketing_tier", sa.Text(), nullable=False),
        sa.Column("add_ons", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("time_zone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("locale", sa.Text(), server_default="en", nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    wall("account", "SELECT, INSERT, UPDATE", column="id")
    op.create_table(
        "directory_entry",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", "account_id", name=op.f("pk_directory_entry")),
    )
    op.create_index(
        "uq_directory_entry_slug", "directory_entry", ["name"], unique=True, postgresql_where="kind = 'ACCOUNT'"
    )
    serve("directory_entry")
    op.create_table(
        "identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("email", name=op.f("uq_identity_email")),
    )
    serve("identity", "SELECT, INSERT, UPDATE")
    op.create_table(
        "account_user",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("roles", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("view_reach", sa.Text(), server_default="ALL", nullable=False),
        sa.Column("view_unassigned", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("edit_reach", sa.Text(), server_default="ALL", nullable=False),
        sa.Column("edit_unassigned", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("imported_as", sa.Text(), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_user_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name=op.f("fk_account_user_identity_id")),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_account_user")),
        sa.UniqueConstraint("account_id", "identity_id", name=op.f("uq_account_user_account_id_identity_id")),
        sa.UniqueConstraint("account_id", "imported_as", name=op.f("uq_account_user_account_id_imported_as")),
    )
    op.create_index(op.f("ix_account_user_account_id_name"), "account_user", ["account_id", "name"], unique=False)
    wall("account_user")
    op.create_table(
        "team",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("imported_as", sa.Text(), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_team_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_team")),
        sa.UniqueConstraint("account_id", "imported_as", name=op.f("uq_team_account_id_imported_as")),
    )
    wall("team")
    op.create_table(
        "team_member",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "team_id"],
            ["team.account_id", "team.id"],
            name=op.f("fk_team_member_account_id_team_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["account_user.account_id", "account_user.id"],
            name=op.f("fk_team_member_account_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "team_id", "user_id", name=op.f("pk_team_member")),
    )
    op.create_index(op.f("ix_team_member_account_id_user_id"), "team_member", ["account_id", "user_id"], unique=False)
    wall("team_member")
    op.create_table(
        "token",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("revoked_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("octet_length(secret_hash) = 32", name=op.f("ck_token_sha256")),
        sa.ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["account_user.account_id", "account_user.id"],
            name=op.f("fk_token_account_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_token")),
        sa.UniqueConstraint("account_id", "secret_hash", name=op.f("uq_token_account_id_secret_hash")),
    )
    wall("token")
    op.create_table(
        "throttle",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("window_start", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "window_start", name=op.f("pk_throttle")),
    )
    serve("throttle")


def downgrade() -> None:
    """Drop what `upgrade` made."""
    op.drop_table("throttle")
    op.drop_table("token")
    op.drop_table("team_member")
    op.drop_table("team")
    op.drop_table("account_user")
    op.drop_table("identity")
    op.drop_table("directory_entry")
    op.drop_table("account")
