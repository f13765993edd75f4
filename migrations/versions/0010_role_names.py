"""Before this release is served, and after every server of an older checkout is stopped: they know no role by these
names. No release came before it. Users hold roles under the names that the API and the rules have, such as SUPER_ADMIN.
"""

import sqlalchemy as sa
from alembic import op

from migrations.walls import each_account

revision = "0010"
down_revision = "0009"

# Text in and text out, since arrays have no function that changes the case of what they hold.
RENAME = "UPDATE account_user SET roles = CAST({case}(CAST(roles AS text)) AS text[]) WHERE account_id = :account"


def upgrade() -> None:
    """Write the roles of all users in capitals, account by account."""
    _write("upper")


def downgrade() -> None:
    """Write them in small letters."""
    _write("lower")


def _write(case: str) -> None:
    connection = op.get_bind()
    for account in each_account(connection):
        connection.execute(sa.text(RENAME.format(case=case)), {"account": account})
