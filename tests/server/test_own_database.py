"""A database of the operator's own: two roles, or one address for both, and no role that could see over the walls."""

from collections.abc import AsyncIterator

import pytest

from server.database.embedded import APP, DATABASE, OWNER, SUPERUSER, Cluster
from server.settings import Databases
from tests.support.cluster import as_superuser
from tests.support.process import command, serving

KEY = "0123456789abcdef" * 2


@pytest.fixture(scope="module")
async def empty(cluster: Cluster, databases: Databases) -> AsyncIterator[str]:
    """The name of a database without tables, in a cluster that knows our roles from another one."""
    assert databases.serving
    name = "own_database"
    await as_superuser(cluster, f"CREATE DATABASE {name} OWNER {OWNER}")
    yield name
    await as_superuser(cluster, f"DROP DATABASE {name} WITH (FORCE)")


def test_it_is_migrated_by_its_owner_and_served_by_another(cluster: Cluster, empty: str) -> None:
    app, owner = cluster.url(APP, empty), cluster.url(OWNER, empty)

    too_early = command("serve", "--port", "0", SLUICEGATE_DATABASE_URL=app, SLUICEGATE_SECRET_KEY=KEY)
    without_owner = command("migrate", SLUICEGATE_DATABASE_URL=app)
    migrated = command("migrate", SLUICEGATE_DATABASE_URL=app, SLUICEGATE_OWNER_DATABASE_URL=owner)
    with serving(SLUICEGATE_DATABASE_URL=app, SLUICEGATE_SECRET_KEY=KEY) as server:
        readiness = server.get("/readyz")

    assert "The database is at revision none and this release needs" in too_early.stderr
    assert "Migrating needs SLUICEGATE_OWNER_DATABASE_URL" in without_owner.stderr
    assert (migrated.returncode, "from nothing" in migrated.stdout) == (0, True)
    assert readiness.status_code == 200


def test_one_address_for_both_is_served_with_a_warning(databases: Databases) -> None:
    assert databases.owner is not None

    with serving(DATABASE_URL=databases.owner, SLUICEGATE_SECRET_KEY=KEY) as server:
        readiness = server.get("/readyz")

    assert "DATABASE_URL stands for the owner and for the role that serves" in server.greeting
    assert readiness.status_code == 200


@pytest.mark.parametrize(("role", "what"), [(SUPERUSER, "is a superuser"), (OWNER, "owns tables")])
def test_a_role_that_no_wall_would_bind_may_not_serve(
    cluster: Cluster, databases: Databases, role: str, what: str
) -> None:
    name = databases.serving.split("@/")[1].split("?")[0]

    refused = command(
        "serve", "--port", "0", SLUICEGATE_DATABASE_URL=cluster.url(role, name), SLUICEGATE_SECRET_KEY=KEY
    )

    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert f"The role {role} {what}" in refused.stderr


def test_a_key_of_ones_own_is_needed_with_it(databases: Databases) -> None:
    refused = command("serve", "--port", "0", SLUICEGATE_DATABASE_URL=databases.serving)

    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "SLUICEGATE_SECRET_KEY is needed" in refused.stderr


def test_a_database_that_is_not_there_is_told_in_a_sentence(cluster: Cluster) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"

    absent = command("serve", "--port", "0", SLUICEGATE_DATABASE_URL=nowhere, SLUICEGATE_SECRET_KEY=KEY)
    unknown = command(
        "serve", "--port", "0", SLUICEGATE_DATABASE_URL=cluster.url("who", DATABASE), SLUICEGATE_SECRET_KEY=KEY
    )

    assert (absent.returncode, absent.stderr.count("\n")) == (1, 1)
    assert "The database does not let us in: " in absent.stderr
    assert 'The database does not let us in: role "who" does not exist.' in unknown.stderr
