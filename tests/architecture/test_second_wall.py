"""Row-level security is the second wall (settled choice 3): with the filter by account taken out of every statement, no
row of another account comes back, in any table and through any field of the API.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from sqlalchemy import SelectBase, event, select

from domain.accounts import Account
from domain.database.model import Base
from domain.database.prepared import Prepared, forget_prepared
from policies import Role
from server.database.embedded import SUPERUSER, Cluster
from server.database.engine import Database
from server.settings import Databases, Settings
from tests.architecture.test_catalogue import OPEN_TABLES
from tests.support.client import Api, cheap_passwords, make_api
from tests.support.fixtures import Scenery, furnish
from tests.support.operations import arguments, queries
from tests.support.sensitive_fields import reveal
from tests.support.world import World, make_world

MODELS = sorted(
    (mapper.class_ for mapper in Base.registry.mappers if mapper.class_.__tablename__ not in OPEN_TABLES),
    key=lambda model: str(model.__tablename__),
)
# How a statement says whose rows it wants: by its parameter, or by those of another table.
NAMED = re.compile(r"(?:[\w.]*\baccount_id|\baccount\.id) = (\$\d+::UUID)")
JOINED = re.compile(r"[\w.]*\baccount_id = [\w.]*\baccount_id\b|\baccount\.id = \w+\.account_id\b")


@contextmanager
def forgetting_accounts(database: Database) -> Iterator[list[str]]:
    """A block in which every statement has lost each criterion of an account; those that had one are listed."""
    lost: list[str] = []

    def without(statement: str) -> str:
        said = JOINED.sub("true", NAMED.sub(r"\1 IS NOT NULL", statement))
        if said != statement:
            lost.append(said)
        return said

    def forget(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> tuple[str, Any]:
        return without(statement), parameters

    class Forgetting(Prepared):
        __slots__ = ()

        def __init__(self, statement: SelectBase) -> None:
            super().__init__(statement)
            self.text = without(self.text)

    event.listen(database.engine.sync_engine, "before_cursor_execute", forget, retval=True)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("domain.database.prepared.Prepared", Forgetting)
            forget_prepared()
            yield lost
    finally:
        forget_prepared()
        event.remove(database.engine.sync_engine, "before_cursor_execute", forget)


@pytest.fixture(scope="module")
async def api(database: Database, settings: Settings) -> AsyncIterator[Api]:
    """The application, which looks out over the second wall only."""
    passwords = cheap_passwords()
    made = make_api(database, settings, passwords)
    yield made
    await made.http.aclose()
    passwords.close()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: str(model.__tablename__))
async def test_a_statement_that_names_no_account_finds_the_rows_of_its_own_alone(
    two_accounts: tuple[World, World], model: type[Any]
) -> None:
    for world in two_accounts:
        async with world.looking(Role.OPERATOR) as work:
            found = (await work.session.execute(select(model))).scalars().all()

        assert found
        assert {row.id if model is Account else row.account_id for row in found} == {world.account_id}


async def test_no_field_of_the_api_shows_another_account_when_every_filter_by_account_is_lost(
    api: Api, database: Database
) -> None:
    mine, theirs = (
        await furnish(await make_world(database.sessions)),
        await furnish(await make_world(database.sessions)),
    )
    client = await api.client(mine.world)

    with forgetting_accounts(database) as lost:
        answers = [
            await reveal(client, field, arguments(field, actor_params))
            for field in queries()
            for actor_params in (mine, theirs)
        ]

    assert len(lost) > len(answers)
    assert [name for name in secrets(mine) if name not in json.dumps(answers)] == []
    assert [name for name in secrets(theirs) if name in json.dumps(answers)] == []


async def test_without_the_wall_the_same_statements_would_find_both(
    two_accounts: tuple[World, World], cluster: Cluster, databases: Databases
) -> None:
    """So it is the wall that holds, and not something else."""
    connection = await asyncpg.connect(cluster.url(SUPERUSER, urlsplit(databases.serving).path.strip("/")))
    try:
        for model in MODELS:
            key = "id" if model is Account else "account_id"
            found = await connection.fetch(f"SELECT DISTINCT {key} FROM {model.__tablename__}")  # noqa: S608
            assert {world.account_id for world in two_accounts} <= {row[0] for row in found}
    finally:
        await connection.close()


def secrets(has: Scenery) -> list[str]:
    """What only its own account may be told."""
    return [has.pipeline, has.stage, has.ticket, has.user, has.team, has.world.slug.title()]
