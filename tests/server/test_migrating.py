"""Bringing a database to this release: what the migrations make is what the models say, and roles are made once."""

import os
from dataclasses import replace
from uuid import UUID

from alembic import command
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.accounts import User
from domain.events.kind_renames import RENAMED
from migrations.run import _config, differences, newest
from policies import Role
from server.database.embedded import Cluster
from server.database.engine import Database
from server.database.engine import owner_engine as owner_engine_of
from server.database.migrate import migrate
from server.settings import Databases, Settings
from tests.support import actions, db_state
from tests.support import cluster as support
from tests.support.audit_chain import record_as_stored, seal, troubles
from tests.support.world import World, make_world


async def test_the_tables_are_what_the_models_say(owner_engine: AsyncEngine) -> None:
    async with owner_engine.connect() as connection:
        found = await connection.run_sync(differences)

    assert found == []


async def test_the_serving_role_can_tell_the_revision(database: Database) -> None:
    assert await database.revision() == newest()


async def test_migrating_twice_changes_nothing(databases: Databases) -> None:
    again = await migrate(databases)

    assert again == (newest(), newest())


async def test_what_is_kept_of_tickets_that_are_there_is_made_by_migrating(
    cluster: Cluster, settings: Settings
) -> None:
    name = f"test_before_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    async with support.fresh_database(cluster, name) as databases:
        world = await _world_of_tickets(databases, settings)
        await _migrate_back(databases, "0006")
        await migrate(databases)

        database = Database(databases, settings)
        await db_state.assert_sound(replace(world, sessions=database.sessions))
        await database.close()


async def test_the_audit_chain_of_events_with_old_kinds_stands_after_migrating(
    cluster: Cluster, settings: Settings
) -> None:
    name = f"test_kinds_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    async with support.fresh_database(cluster, name) as databases:
        before = Database(databases, settings)
        world = await make_world(before.sessions)
        await record_as_stored(world, *RENAMED, object_id=world.teams["blue"].id)
        await seal(world)
        await before.close()
        await _migrate_back(databases, "0006")
        await migrate(databases)

        after = Database(databases, settings)
        world = replace(world, sessions=after.sessions)
        stored = {event.kind for event in await db_state.events(world)}
        assert await troubles(world) == []
        assert stored >= set(RENAMED)
        await after.close()


async def test_users_keep_their_roles_when_these_are_renamed(cluster: Cluster, settings: Settings) -> None:
    name = f"test_roles_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    async with support.fresh_database(cluster, name) as databases:
        world = await _world_of_tickets(databases, settings)
        before = await _roles(databases, settings, world)
        await _migrate_back(databases, "0009")
        between = await _roles(databases, settings, world)
        await migrate(databases)

        assert between == {user: [role.lower() for role in roles] for user, roles in before.items()}
        assert await _roles(databases, settings, world) == before
        assert ["SUPER_ADMIN"] in before.values()


async def _roles(databases: Databases, settings: Settings, world: World) -> dict[UUID, list[str]]:
    database = Database(databases, settings)
    users = await db_state.rows(replace(world, sessions=database.sessions), select(User))
    await database.close()
    return {user.id: user.roles for user in users}


async def _world_of_tickets(databases: Databases, settings: Settings) -> World:
    database = Database(databases, settings)
    worlds = [await make_world(database.sessions) for _ in range(2)]
    for world in worlds:
        red, owners = world.teams["red"].id, (None, world.second_agent.id, world.second_agent.id)
        *_, gone = [await actions.open_ticket(world, owner=owner, team=red) for owner in owners for _ in range(2)]
        await actions.delete_ticket(world, gone, who=Role.SUPER_ADMIN)
    await database.close()
    return worlds[0]


async def _migrate_back(databases: Databases, revision: str) -> None:
    assert databases.owner is not None
    engine = owner_engine_of(databases.owner)
    async with engine.connect() as connection:
        await connection.run_sync(lambda sync: command.downgrade(_config(sync), revision))
    await engine.dispose()
