"""Before this release is served; servers of the release before go on beside it: custom roles, apps, invitations, and
what sessions need to be listed and ended.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import serve, wall

revision = "0005"
down_revision = "0004"

TIME = postgresql.TIMESTAMP(timezone=True)
NOW = sa.text("now()")


def upgrade() -> None:
    """Make the tables and their walls, and add the columns."""
    _add_columns()
    _make_links()
    _make_roles()
    _make_apps()
    _make_invitations()


def _add_columns() -> None:
    op.add_column("identity", sa.Column("verified_at", TIME, nullable=True))
    op.add_column("identity", sa.Column("epoch", sa.BigInteger(), server_default="1", nullable=False))
    op.add_column("account_user", sa.Column("deactivated_at", TIME, nullable=True))
    op.add_column("token", sa.Column("epoch", sa.BigInteger(), server_default="1", nullable=False))
    op.add_column("token", sa.Column("address", sa.Text(), nullable=True))
    op.add_column("token", sa.Column("last_used_at", TIME, server_default=NOW, nullable=False))
    op.add_column("token", sa.Column("last_used_address", sa.Text(), nullable=True))
    op.create_index(op.f("ix_token_account_id_user_id"), "token", ["account_id", "user_id"], unique=False)


def _make_links() -> None:
    op.create_table(
        "identity_link",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column("linked_at", TIME, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"], name=op.f("fk_identity_link_identity_id")),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_identity_link")),
        sa.UniqueConstraint("identity_id", "issuer", name=op.f("uq_identity_link_identity_id_issuer")),
    )
    serve("identity_link", "SELECT, INSERT, DELETE")


def _make_roles() -> None:
    op.create_table(
        "custom_role",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("permissions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", TIME, server_default=NOW, nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_custom_role_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_custom_role")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_custom_role_account_id_name")),
    )
    wall("custom_role")
    op.create_table(
        "custom_role_holder",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("given_at", TIME, server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "role_id"],
            ["custom_role.account_id", "custom_role.id"],
            name=op.f("fk_custom_role_holder_account_id_role_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["account_user.account_id", "account_user.id"],
            name=op.f("fk_custom_role_holder_account_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "role_id", "user_id", name=op.f("pk_custom_role_holder")),
    )
    op.create_index(
        op.f("ix_custom_role_holder_account_id_user_id"), "custom_role_holder", ["account_id", "user_id"], unique=False
    )
    wall("custom_role_holder")


def _make_apps() -> None:
    op.create_table(
        "app",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("permissions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("reach", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("sponsor_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", TIME, server_default=NOW, nullable=False),
        sa.Column("deleted_at", TIME, nullable=True),
        sa.Column("deleted_by", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.CheckConstraint("reach IN ('ALL', 'EVERYONE', 'LISTED')", name=op.f("ck_app_reach")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_app_account_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["account_id", "sponsor_id"],
            ["account_user.account_id", "account_user.id"],
            name=op.f("fk_app_account_id_sponsor_id"),
            ondelete="SET NULL (sponsor_id)",
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_app")),
    )
    op.create_index(op.f("ix_app_account_id_sponsor_id"), "app", ["account_id", "sponsor_id"], unique=False)
    wall("app", "SELECT, INSERT, UPDATE")
    op.create_table(
        "app_pipeline",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("app_id", sa.Uuid(), nullable=False),
        sa.Column("pipeline_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "app_id"],
            ["app.account_id", "app.id"],
            name=op.f("fk_app_pipeline_account_id_app_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "pipeline_id"],
            ["pipeline.account_id", "pipeline.id"],
            name=op.f("fk_app_pipeline_account_id_pipeline_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "app_id", "pipeline_id", name=op.f("pk_app_pipeline")),
    )
    op.create_index(
        op.f("ix_app_pipeline_account_id_pipeline_id"), "app_pipeline", ["account_id", "pipeline_id"], unique=False
    )
    wall("app_pipeline")
    _make_app_secrets()


def _make_app_secrets() -> None:
    op.create_table(
        "app_secret",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("app_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", TIME, server_default=NOW, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME, nullable=True),
        sa.Column("last_used_at", TIME, nullable=True),
        sa.Column("last_used_address", sa.Text(), nullable=True),
        sa.CheckConstraint("octet_length(secret_hash) = 32", name=op.f("ck_app_secret_sha256")),
        sa.ForeignKeyConstraint(
            ["account_id", "app_id"],
            ["app.account_id", "app.id"],
            name=op.f("fk_app_secret_account_id_app_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_app_secret")),
        sa.UniqueConstraint("account_id", "secret_hash", name=op.f("uq_app_secret_account_id_secret_hash")),
    )
    op.create_index(op.f("ix_app_secret_account_id_app_id"), "app_secret", ["account_id", "app_id"], unique=False)
    wall("app_secret")


def _make_invitations() -> None:
    op.create_table(
        "invitation",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.Column("invited_at", TIME, server_default=NOW, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("accepted_at", TIME, nullable=True),
        sa.Column("cancelled_at", TIME, nullable=True),
        sa.Column("cancelled_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("octet_length(secret_hash) = 32", name=op.f("ck_invitation_sha256")),
        sa.ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["account_user.account_id", "account_user.id"],
            name=op.f("fk_invitation_account_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("account_id", "secret_hash", name=op.f("uq_invitation_account_id_secret_hash")),
    )
    op.create_index(
        "uq_invitation_open",
        "invitation",
        ["account_id", "user_id"],
        unique=True,
        postgresql_where="accepted_at IS NULL AND cancelled_at IS NULL",
    )
    wall("invitation")


def downgrade() -> None:
    """Drop what `upgrade` made."""
    for table in ("invitation", "app_secret", "app_pipeline", "app", "custom_role_holder", "custom_role"):
        op.drop_table(table)
    op.drop_table("identity_link")
    op.drop_index(op.f("ix_token_account_id_user_id"), table_name="token")
    for column in ("last_used_address", "last_used_at", "address", "epoch"):
        op.drop_column("token", column)
    op.drop_column("account_user", "deactivated_at")
    op.drop_column("identity", "epoch")
    op.drop_column("identity", "verified_at")
