"""Bringing a database to this release: what the migrations make is what the models say, and roles are made once."""

from sqlalchemy.ext.asyncio import AsyncEngine

from migrations.running import differences, newest
from server.database import Database
from server.migrating import migrate
from server.settings import Databases


async def test_the_tables_are_what_the_models_say(owner_engine: AsyncEngine) -> None:
    async with owner_engine.connect() as connection:
        found = await connection.run_sync(differences)

    assert found == []


async def test_the_serving_role_can_tell_the_revision(database: Database) -> None:
    assert await database.revision() == newest()


async def test_migrating_twice_changes_nothing(databases: Databases) -> None:
    again = await migrate(databases)

    assert again == (newest(), newest())
