"""Alembic's environment: runs the revisions on the connection that migrations/run.py hands over.

Statements wait only so long for a lock, since whoever queues behind a waiting one waits too. Row-level security is off,
so that a backfill that it would cut short fails loudly instead (settled choice 3).
"""

from alembic import context
from sqlalchemy import text

from domain.database.tables import METADATA

LIMITS = ("SET lock_timeout = '10s'", "SET statement_timeout = '15min'", "SET row_security = off")

connection = context.config.attributes["connection"]
for limit in LIMITS:
    connection.execute(text(limit))
connection.commit()
context.configure(connection=connection, target_metadata=METADATA, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
