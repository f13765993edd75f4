"""Before this release is served, and after every server of an older checkout is stopped: they ask for the old names. No
release came before it. Nothing is rewritten: the columns that say who created a row are called `created_by` everywhere.
"""

from alembic import op

revision = "0009"
down_revision = "0008"

# Table and the name that its column had.
RENAMED = (("app", "made_by"), ("app_secret", "made_by"), ("pipeline_access", "creator_id"))
NAME = "created_by"
KEY = "fk_pipeline_access_account_id_"


def upgrade() -> None:
    """Rename the columns, and the foreign key that is named after one."""
    for table, old in RENAMED:
        op.alter_column(table, old, new_column_name=NAME)
    op.execute(f"ALTER TABLE pipeline_access RENAME CONSTRAINT {KEY}creator_id TO {KEY}{NAME}")


def downgrade() -> None:
    """Give them their old names."""
    op.execute(f"ALTER TABLE pipeline_access RENAME CONSTRAINT {KEY}{NAME} TO {KEY}creator_id")
    for table, old in RENAMED:
        op.alter_column(table, NAME, new_column_name=old)
