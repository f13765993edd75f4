"""One account's rows can be neither seen nor written from another, nor from none: in every table, under the role that
serves (law 8, settled choices 1–3).
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.accounts import Account
from domain.database.tables import METADATA
from server.database.engine import Database
from server.settings import Databases, Settings
from tests.architecture.test_catalogue import OPEN_TABLES
from tests.support.world import World

WALLED = sorted(set(METADATA.tables) - set(OPEN_TABLES))
EVERY_TABLE = pytest.mark.parametrize("table", WALLED)
SET = text("SELECT set_config('app.account', :account, true)")

Two = tuple[World, World]


def column(table: str) -> str:
    """By which a row says whose it is."""
    return "id" if table == Account.__tablename__ else "account_id"


async def enter(connection: AsyncConnection, account: UUID | str | None) -> None:
    if account is not None:
        await connection.execute(SET, {"account": str(account)})


async def count(connection: AsyncConnection, table: str, account: UUID) -> int:
    statement = f"SELECT count(*) FROM {table} WHERE {column(table)} = :account"  # noqa: S608 (names of our own)
    return int((await connection.execute(text(statement), {"account": account})).scalar_one())


@asynccontextmanager
async def inside(database: Database, account: UUID | str | None) -> AsyncIterator[AsyncConnection]:
    """A transaction of the serving role with that account, rolled back in the end; None never names one."""
    async with database.engine.connect() as connection, connection.begin() as transaction:
        await enter(connection, account)
        yield connection
        await transaction.rollback()


async def refused(connection: AsyncConnection, statement: str, **parameters: Any) -> bool:
    """Whether a statement is refused, or touches no row."""
    try:
        async with connection.begin_nested():
            result = await connection.execute(text(statement), parameters)
            return result.rowcount == 0
    except DBAPIError as error:
        return "row-level security" in str(error) or "permission denied" in str(error)


Whose = Callable[[World], UUID | str | None]
FROM_OUTSIDE: list[tuple[str, Whose]] = [
    ("another account", lambda other: other.account_id),
    ("no account", lambda _: None),
    ("an empty account", lambda _: ""),
]
OUTSIDE = pytest.mark.parametrize("whose", [whose for _, whose in FROM_OUTSIDE], ids=[name for name, _ in FROM_OUTSIDE])


@EVERY_TABLE
async def test_an_account_sees_its_own_rows(two_accounts: Two, database: Database, table: str) -> None:
    for world in two_accounts:
        async with inside(database, world.account_id) as connection:
            assert await count(connection, table, world.account_id) > 0


@EVERY_TABLE
@OUTSIDE
async def test_rows_of_an_account_are_invisible_from_outside(
    two_accounts: Two, database: Database, table: str, whose: Whose
) -> None:
    mine, other = two_accounts

    async with inside(database, whose(other)) as connection:
        assert await count(connection, table, mine.account_id) == 0
        everything = await connection.execute(text(f"SELECT {column(table)} FROM {table}"))  # noqa: S608
        assert set(everything.scalars()) <= {other.account_id}


@EVERY_TABLE
@OUTSIDE
async def test_rows_of_an_account_are_not_written_from_outside(
    two_accounts: Two, database: Database, table: str, whose: Whose
) -> None:
    mine, other = two_accounts
    key = column(table)
    async with inside(database, mine.account_id) as connection:
        sample = f"SELECT to_jsonb(t)::text FROM {table} t LIMIT 1"  # noqa: S608 (names of our own)
        row = (await connection.execute(text(sample))).scalar_one()

    async with inside(database, whose(other)) as connection:
        for statement in (
            f"UPDATE {table} SET {key} = {key} WHERE {key} = :account",  # noqa: S608
            f"DELETE FROM {table} WHERE {key} = :account",  # noqa: S608
        ):
            assert await refused(connection, statement, account=mine.account_id), statement
        copy = f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, CAST(:row AS jsonb))"  # noqa: S608
        assert await refused(connection, copy, row=row)


@EVERY_TABLE
async def test_a_row_is_not_given_away_to_another_account(two_accounts: Two, database: Database, table: str) -> None:
    mine, other = two_accounts
    away = f"UPDATE {table} SET {column(table)} = :other"  # noqa: S608 (names of our own)

    async with inside(database, mine.account_id) as connection:
        assert await refused(connection, away, other=other.account_id)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET kind = kind",
        "DELETE FROM event",
        "UPDATE journal_entry SET event_id = event_id",
        "DELETE FROM journal_entry",
    ],
)
async def test_what_happened_is_not_changed_even_from_inside(
    two_accounts: Two, database: Database, statement: str
) -> None:
    async with inside(database, two_accounts[0].account_id) as connection:
        with pytest.raises(DBAPIError, match="permission denied"):
            await connection.execute(text(statement))


@pytest.mark.parametrize("table", sorted(METADATA.tables))
async def test_no_table_is_emptied_at_once(two_accounts: Two, database: Database, table: str) -> None:
    async with inside(database, two_accounts[0].account_id) as connection:
        with pytest.raises(DBAPIError, match="permission denied"):
            await connection.execute(text(f"TRUNCATE {table}"))


@EVERY_TABLE
async def test_a_connection_remembers_no_account_for_its_next_use(
    two_accounts: Two, database: Database, table: str
) -> None:
    mine, _ = two_accounts

    async with database.engine.connect() as connection:
        async with connection.begin():
            await enter(connection, mine.account_id)
            assert await count(connection, table, mine.account_id) > 0
        async with connection.begin():
            assert await count(connection, table, mine.account_id) == 0


async def test_a_connection_that_never_heard_of_an_account_sees_nothing_and_fails_at_nothing(
    two_accounts: Two, databases: Databases, settings: Settings
) -> None:
    fresh = Database(databases, settings)
    try:
        async with fresh.engine.connect() as connection:
            known = text("SELECT current_setting('app.account', true)")
            assert (await connection.execute(known)).scalar_one() is None
            for table in WALLED:
                assert await count(connection, table, two_accounts[0].account_id) == 0
    finally:
        await fresh.close()


async def test_what_is_not_an_account_at_all_is_an_error_and_opens_nothing(database: Database) -> None:
    async with inside(database, "everybody") as connection:
        with pytest.raises(DBAPIError, match="uuid"):
            await connection.execute(text("SELECT * FROM account"))


@EVERY_TABLE
async def test_a_join_reaches_no_further_than_a_table(two_accounts: Two, database: Database, table: str) -> None:
    mine, other = two_accounts
    across = f"""
        SELECT count(*) FROM directory_entry d JOIN {table} t ON t.{column(table)} = d.account_id
         WHERE d.account_id = :account"""  # noqa: S608 (names of our own)

    async with inside(database, other.account_id) as connection:
        assert (await connection.execute(text(across), {"account": mine.account_id})).scalar_one() == 0
