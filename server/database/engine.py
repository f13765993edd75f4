"""The way to the database: engine, sessions, and the checks that make it safe to serve.

What is asked of the database lives in `domain/`; tables are made by server/database/migrate.py, as another role.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import orjson
from sqlalchemy import NullPool, event, text
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, async_sessionmaker, create_async_engine

from domain.database.transaction import Session, Sessions
from domain.unit_of_work import sqlstate
from migrations.walls import SERVING
from server.database.pool import BoundedPool
from server.errors import CannotStart
from server.settings import Databases, Settings

OLDEST_SERVER = 15
_CONNECT_SECONDS = 10
# Of the driver, and of what SQLAlchemy makes of it.
_UNREACHABLE = (OSError, asyncpg.InterfaceError, AsyncAdapt_asyncpg_dbapi.InterfaceError)
_AWAY = {"08", "53", "57"}  # classes of errors: connection, resources, an operator's intervention

_FACTS = text("""
    SELECT current_setting('server_version_num')::int / 10000 AS version,
           current_user AS name,
           rolsuper AS superuser,
           rolbypassrls AS unbound,
           EXISTS (SELECT FROM pg_class
                    WHERE relnamespace = ANY (SELECT oid FROM pg_namespace WHERE nspname = ANY (current_schemas(false)))
                      AND relkind IN ('r', 'p')
                      AND pg_has_role(relowner, 'USAGE')) AS owner,
           EXISTS (SELECT FROM pg_roles AS serving
                    WHERE serving.rolname = :serving AND pg_has_role(serving.oid, 'USAGE')) AS serves
      FROM pg_roles
     WHERE rolname = current_user""")
_ALLOWED = text("""
    SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int""")
_REVISION = text("SELECT version_num FROM alembic_version")
_TELL = text("SELECT pg_notify(:channel, each) FROM unnest(CAST(:said AS text[])) AS each")
_READABLE = text("SELECT to_regclass('alembic_version') IS NOT NULL")


def _written(value: Any) -> str:
    return orjson.dumps(value).decode()


_ENGINE: dict[str, Any] = {
    "json_serializer": _written,
    "json_deserializer": orjson.loads,
    "hide_parameters": True,  # else what people wrote would stand in logged tracebacks
}


class Database:
    """A pool of connections as the serving role; `sessions` is what every other part of the program is given."""

    def __init__(self, databases: Databases, settings: Settings, *, name: str = "sluicegate") -> None:
        arguments = _connecting(databases.serving, settings.statement_cache, name, assumed=databases.shared)
        self._alone = _outside_the_pool(arguments)
        self.engine: AsyncEngine = create_async_engine(
            "postgresql+asyncpg://",
            connect_args=arguments,
            poolclass=BoundedPool,
            pool_size=settings.pool_size,
            max_overflow=0,
            pool_timeout=settings.pool_seconds,
            **_ENGINE,
        )
        event.listen(self.engine.sync_engine, "checkout", _refuse_dead)
        self.sessions: Sessions = async_sessionmaker(self.engine, class_=Session, expire_on_commit=False)

    async def revision(self) -> str | None:
        """The revision that the tables are at, or None where there are none yet."""
        async with self.engine.connect() as connection:
            if not (await connection.execute(_READABLE)).scalar_one():
                return None
            return (await connection.execute(_REVISION)).scalar_one_or_none()

    async def check(self) -> None:
        """Refuse, with CannotStart, a server that is too old and a role that row-level security would not bind."""
        async with connected(self.engine) as connection:
            facts = (await connection.execute(_FACTS, {"serving": SERVING})).one()
        refuse_old(facts.version)
        for wrong, what in (
            (facts.superuser, "is a superuser"),
            (facts.unbound, "has BYPASSRLS"),
            (facts.owner, "owns tables"),
        ):
            if wrong:
                raise CannotStart(
                    f"The role {facts.name} {what}, and accounts would not be walled off from each other: "
                    f"let SLUICEGATE_DATABASE_URL name a role of its own that is a member of {SERVING}."
                )
        if not facts.serves:
            raise CannotStart(
                f"The role {facts.name} is no member of {SERVING}: run `python -m server migrate` with "
                "SLUICEGATE_OWNER_DATABASE_URL set."
            )

    async def allowed(self) -> int:
        """How many connections PostgreSQL lets in for everybody together."""
        async with self.engine.connect() as connection:
            allowed: int = (await connection.execute(_ALLOWED)).scalar_one()
            return allowed

    async def tell(self, channel: str, said: Collection[str]) -> None:
        """Say something to every process that listens on a channel, in a transaction of its own."""
        async with self.engine.begin() as connection:
            await connection.execute(_TELL, {"channel": channel, "said": list(said)})

    @asynccontextmanager
    async def listening(self, channel: str, hear: Callable[[str], None]) -> AsyncIterator[asyncio.Event]:
        """A connection of its own, outside the pool, that hears what is said on a channel; the event is set when it is
        lost.
        """
        over = asyncio.Event()
        connection = await asyncpg.connect(**self._alone)
        try:
            connection.add_termination_listener(lambda _: over.set())
            await connection.add_listener(channel, lambda _connection, _pid, _channel, said: hear(said))
            yield over
        finally:
            connection.terminate()  # it has nothing to finish, and may be dead

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def owner_engine(url: str) -> AsyncEngine:
    """Connections as the role that owns the tables: for migrating, and nothing else."""
    return create_async_engine(
        "postgresql+asyncpg://",
        connect_args=_connecting(url, 0, "sluicegate migrating", assumed=False),
        poolclass=NullPool,
        **_ENGINE,
    )


@asynccontextmanager
async def connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """The first connection of a program; CannotStart says why there is none."""
    try:
        connection = await engine.connect()
    except (OSError, DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        said = str(getattr(error, "orig", None) or error).strip().splitlines()
        raise CannotStart(f"The database does not let us in: {said[0] if said else type(error).__name__}.") from None
    try:
        yield connection
    finally:
        await connection.close()


def lost(error: Exception) -> bool:
    """Whether an error says that the database cannot be reached just now, and not that we asked for nonsense."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    state = sqlstate(error) if isinstance(error, DBAPIError) else getattr(error, "sqlstate", None)
    return isinstance(error, _UNREACHABLE) or (state or "")[:2] in _AWAY


def refuse_old(version: int) -> None:
    """CannotStart where the server's major version is older than what the migrations are written for."""
    if version < OLDEST_SERVER:
        raise CannotStart(f"The database is PostgreSQL {version}; at least {OLDEST_SERVER} is needed.")


def _refuse_dead(connection: Any, _record: Any, _proxy: Any) -> None:
    """Let the pool begin anew where a connection was lost while it lay idle, as all are when the database restarts."""
    if connection.driver_connection.is_closed():
        raise InvalidatePoolError


def _connecting(url: str, statement_cache: int, name: str, *, assumed: bool) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "dsn": url,
        "timeout": _CONNECT_SECONDS,
        "server_settings": {"application_name": name, "timezone": "UTC"},
        "statement_cache_size": statement_cache,
        "prepared_statement_cache_size": statement_cache,
        "max_cached_statement_lifetime": 0,  # as long as the connection: a timer for each would be work for nothing
    }
    if assumed:
        arguments["server_settings"]["role"] = SERVING
    if statement_cache == 0:
        # Behind a pooler several of us share a connection, and their counted names would collide.
        arguments["prepared_statement_name_func"] = lambda: f"sluicegate_{uuid4().hex}"
    return arguments


def _outside_the_pool(arguments: dict[str, Any]) -> dict[str, Any]:
    """The same for the driver alone, which knows less than SQLAlchemy's dialect."""
    ours = {"prepared_statement_cache_size", "prepared_statement_name_func"}
    return {name: value for name, value in arguments.items() if name not in ours}
