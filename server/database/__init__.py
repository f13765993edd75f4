"""The connection to PostgreSQL: engine, pool, migrations, and the embedded server."""
