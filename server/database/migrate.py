"""Brings a database to this release: the group role that serves, then Alembic's revisions, one migrator at a time.

Roles belong to the whole cluster and may be there already, from another database: so they are not made by a revision
(settled choice 2).
"""

from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from sqlalchemy import TextClause, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.unit_of_work import sqlstate
from migrations.run import newest, upgrade
from migrations.walls import SERVING
from server.database.engine import Database, connected, owner_engine, refuse_old
from server.errors import CannotStart
from server.settings import Databases

_ONE_AT_A_TIME = 0x51_1C_E6_A7E  # a number of ours among PostgreSQL's advisory locks
_NOT_ALLOWED = "42501"

_VERSION = text("SELECT current_setting('server_version_num')::int / 10000")
_LOCK = text("SELECT pg_advisory_lock(:key)")
_ROLE_IS_THERE = text("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :role)")
# Not MEMBER: since PostgreSQL 16 whoever made a role is its member without the right to use it.
_MAY_USE = text("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :login AND pg_has_role(oid, :role, 'USAGE'))")
# Another database's migrator may be making the same role: advisory locks reach no further than one database.
_MAKE_ROLE = text(f"""
    DO $$ BEGIN
        CREATE ROLE {SERVING} NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$""")
_SHOW_REVISION = text(f"GRANT SELECT ON alembic_version TO {SERVING}")


class Migrated(NamedTuple):
    """The revisions before (None: there were no tables) and after."""

    before: str | None
    after: str

    def __str__(self) -> str:
        """A sentence for people."""
        if self.before == self.after:
            return f"The tables are at revision {self.after}."
        return f"Migrated the tables from {self.before or 'nothing'} to revision {self.after}."


async def migrate(databases: Databases) -> Migrated:
    """Bring the tables to the newest revision, as their owner; CannotStart where the owner may not, or is unknown."""
    if databases.owner is None:
        raise CannotStart(
            "Migrating needs SLUICEGATE_OWNER_DATABASE_URL: the database as the role that owns the tables."
        )
    engine = owner_engine(databases.owner)
    try:
        async with connected(engine) as connection:
            refuse_old((await connection.execute(_VERSION)).scalar_one())
            await connection.execute(_LOCK, {"key": _ONE_AT_A_TIME})
            await connection.commit()
            await _make_roles(connection, _login(databases))
            before, after = await connection.run_sync(upgrade)
            await connection.execute(_SHOW_REVISION)
            await connection.commit()
            return Migrated(before, after)
    finally:
        await engine.dispose()


async def require_newest(database: Database) -> None:
    """CannotStart where the tables are not those of this release."""
    found = await database.revision()
    if found != newest():
        raise CannotStart(
            f"The database is at revision {found or 'none'} and this release needs {newest()}: "
            "run `python -m server migrate` with SLUICEGATE_OWNER_DATABASE_URL set."
        )


async def _make_roles(connection: AsyncConnection, login: str | None) -> None:
    if not (await connection.execute(_ROLE_IS_THERE, {"role": SERVING})).scalar_one():
        await _allowed(connection, f"CREATE ROLE {SERVING} NOLOGIN", _MAKE_ROLE)
    if login is None or (await connection.execute(_MAY_USE, {"login": login, "role": SERVING})).scalar_one():
        return
    grant = f"GRANT {SERVING} TO {connection.dialect.identifier_preparer.quote(login)}"
    await _allowed(connection, grant, text(grant))


async def _allowed(connection: AsyncConnection, said: str, statement: TextClause) -> None:
    try:
        await connection.execute(statement)
        await connection.commit()
    except DBAPIError as error:
        if sqlstate(error) == _NOT_ALLOWED:
            raise CannotStart(f"The owner's role may not do this, so let a superuser run `{said}` once.") from None
        raise


def _login(databases: Databases) -> str | None:
    """The role that will serve, as far as its address tells."""
    parts = urlsplit(databases.serving)
    return unquote(parts.username) if parts.username else next(iter(parse_qs(parts.query).get("user", [])), None)
