"""The walls around a new table: what the serving role may do, and row-level security per account (settled choices 2,
3).

The serving role owns nothing; FORCE binds the owner too, so that a mistake in a backfill fails instead of leaking.
"""

from collections.abc import Iterator
from uuid import UUID

import sqlalchemy as sa
from alembic import op

SERVING = "sluicegate_serving"
READ_WRITE = "SELECT, INSERT, UPDATE, DELETE"
APPEND_ONLY = "SELECT, INSERT"

_ACCOUNT = "NULLIF(current_setting('app.account', true), '')::uuid"


def serve(table: str, privileges: str = READ_WRITE) -> None:
    """Let the serving role use a table, as far as `privileges` say."""
    op.execute(f"GRANT {privileges} ON {table} TO {SERVING}")


def wall(table: str, privileges: str = READ_WRITE, *, column: str = "account_id") -> None:
    """Serve a table of tenants: rows of the transaction's account alone can be seen or written."""
    serve(table, privileges)
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY of_account ON {table} USING ({column} = {_ACCOUNT}) WITH CHECK ({column} = {_ACCOUNT})")


def each_account(connection: sa.Connection) -> Iterator[UUID]:
    """The accounts one by one, each entered while it is dealt with, since the wall binds the owner too."""
    accounts = connection.execute(sa.text("SELECT account_id FROM directory_entry WHERE kind = 'ACCOUNT'"))
    entering = sa.text("SELECT set_config('app.account', :account, true), set_config('row_security', :wall, true)")
    for account in accounts.scalars().all():
        connection.execute(entering, {"account": str(account), "wall": "on"})
        yield account
    connection.execute(entering, {"account": "", "wall": "off"})
