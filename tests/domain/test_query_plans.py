"""The plans of what is asked most, as the serving role has them: with many grants they use the indexes, since access is
compared in the statement that reads the rows (performance 2, settled choice 4).
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from domain import boards, pipelines, tickets
from domain.access import AccessMode, Grantee
from domain.database.prepared import Prepared
from domain.database.transaction import Session
from domain.pipelines import Pipeline
from domain.reference import Ref
from domain.unit_of_work import UnitOfWork
from policies import Level, Role
from server.database.engine import Database
from tests.support import actions, db_state
from tests.support.bulk_data import crowd
from tests.support.world import World, make_world

GRANTS, PIPELINES, CARDS, FIRST = 2000, 400, 3000, 20
# Read whole they would cost more with every grant and every ticket of the account.
LARGE = {"pipeline_grant", "ticket", "visit"}

_PIPELINES = """
INSERT INTO pipeline (account_id, id, internal_name, label, position, key_prefix, card)
SELECT :account, gen_random_uuid(), 'many_' || n, 'Many', 1000 + n, 'MANY', '{}' FROM generate_series(1, :n) AS n"""
_ACCESS = """
INSERT INTO pipeline_access (account_id, pipeline_id, mode)
SELECT account_id, id, 'RESTRICTED' FROM pipeline WHERE account_id = :account AND label = 'Many'"""
_STAGES = """
INSERT INTO stage (account_id, id, pipeline_id, internal_name, label, state, position)
SELECT account_id, gen_random_uuid(), id, 'new', 'New', 'OPEN', 1 FROM pipeline
 WHERE account_id = :account AND label = 'Many'"""
_USERS = """
INSERT INTO account_user (account_id, id, name)
SELECT :account, gen_random_uuid(), 'Many' FROM generate_series(1, :n)"""
_GRANTS = """
INSERT INTO pipeline_grant (account_id, id, pipeline_id, user_id, level)
SELECT p.account_id, gen_random_uuid(), p.id, u.id, 'EDIT' FROM pipeline p JOIN account_user u USING (account_id)
 WHERE p.account_id = :account AND p.label = 'Many' AND u.name = 'Many'"""


@pytest.fixture(scope="module")
async def crowded(database: Database, owner_engine: AsyncEngine) -> World:
    """An account with many pipelines and grants; the agent has one of them, and their team another."""
    world = await make_world(database.sessions)
    given = {"account": world.account_id}
    await db_state.execute(world, _PIPELINES, **given, n=PIPELINES)
    await db_state.execute(world, _ACCESS, **given)
    await db_state.execute(world, _STAGES, **given)
    await db_state.execute(world, _USERS, **given, n=GRANTS // PIPELINES)
    await db_state.execute(world, _GRANTS, **given)
    home = await world.pipeline()
    for stage in home.stages:
        await crowd(world, stage, CARDS)
    by_user = Grantee(Level.EDIT, user_id=world.users[Role.AGENT].id)
    await actions.set_access(
        world, home, AccessMode.RESTRICTED, by_user, Grantee(Level.VIEW, team_id=world.teams["blue"].id)
    )
    async with owner_engine.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(text("ANALYZE"))
    return world


@contextmanager
def listening(work: UnitOfWork) -> Iterator[list[tuple[str, Any]]]:
    """The statements of a block, with their parameters, as the driver has them."""
    heard: list[tuple[str, Any]] = []
    engine, prepared = work.session.get_bind(), Prepared.rows

    def saw(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        heard.append((statement, parameters))

    async def rows(self: Prepared, session: Session, **values: Any) -> Any:
        heard.append((self.text, self.ordered(values)))
        return await prepared(self, session, **values)

    event.listen(engine, "before_cursor_execute", saw)
    try:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Prepared, "rows", rows)
            yield heard
    finally:
        event.remove(engine, "before_cursor_execute", saw)


async def plans(work: UnitOfWork, heard: list[tuple[str, Any]], *, generic: bool = False) -> list[dict[str, Any]]:
    """The steps of the statements when they are run again as they were: by plans made for their parameters, or by the
    generic ones, which a connection keeps when it was asked some times.
    """
    driver, found = work.session.driver, list[dict[str, Any]]()
    for statement, parameters in heard:
        if not generic:
            told = await driver.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", *parameters)
        else:
            given = ", ".join(map(written, parameters))
            await driver.execute(f"SET LOCAL plan_cache_mode = force_generic_plan; PREPARE asked AS {statement}")
            told = await driver.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE asked ({given})")
            await driver.execute("DEALLOCATE asked")
        found += nodes(told[0]["Plan"])
    return found


def written(value: Any) -> str:
    """A parameter as it is written in SQL: a text, of which the database knows the type."""
    if value is None:
        return "NULL"
    return "'{" + ",".join(map(str, value)) + "}'" if isinstance(value, list) else f"'{value}'"


async def read_whole(work: UnitOfWork, heard: list[tuple[str, Any]], *, generic: bool = False) -> set[str]:
    """The tables that any of the statements reads from one end to the other."""
    steps = await plans(work, heard, generic=generic)
    return {step["Relation Name"] for step in steps if step["Node Type"] == "Seq Scan"}


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan's steps, from the top."""
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)


@pytest.fixture(params=[Role.SUPER_ADMIN, Role.AGENT, Role.VIEWER], ids=lambda role: role.value)
async def looking(request: pytest.FixtureRequest, crowded: World) -> AsyncIterator[UnitOfWork]:
    """A unit of who has everything, two grants, or none."""
    async with crowded.looking(request.param) as work:
        yield work


@pytest.mark.parametrize("generic", [False, True])
async def test_a_board_reads_neither_all_grants_nor_all_tickets(crowded: World, generic: bool) -> None:
    home = await crowded.pipeline()

    for role in (Role.SUPER_ADMIN, Role.AGENT):
        async with crowded.looking(role) as work:
            with listening(work) as heard:
                found = await pipelines.read_pipeline(work, Ref(id=home.id))
                await boards.read_board(work, found, 50)
                await boards.read_rendered_board(work, found, 50)

            assert len(heard) > 2
            assert await read_whole(work, heard, generic=generic) & LARGE == set()


@pytest.mark.parametrize("role", [Role.SUPER_ADMIN, Role.AGENT])
async def test_a_page_is_planned_once_and_not_for_each_request(crowded: World, role: Role) -> None:
    home = await crowded.pipeline()
    async with crowded.looking(role) as work:
        with listening(work) as heard:
            for _ in range(8):
                found = await pipelines.read_pipeline(work, Ref(id=home.id))
                await boards.read_board(work, found, 1)
                await boards.read_stage(work, found.stages[0], 1)
                await boards.read_rendered_board(work, found, 1)
                await boards.read_rendered_stage(work, found.stages[0], 1)
        kept = await work.session.driver.fetch("SELECT statement, generic_plans FROM pg_prepared_statements")

    planned = {row["statement"]: row["generic_plans"] for row in kept}
    assert all(planned[statement] > 0 for statement, _ in heard)


@pytest.mark.parametrize("generic", [False, True])
@pytest.mark.parametrize("role", [Role.SUPER_ADMIN, Role.AGENT])
async def test_of_a_stage_no_more_cards_are_read_than_are_shown(crowded: World, role: Role, generic: bool) -> None:
    home = await crowded.pipeline()
    async with crowded.looking(role) as work:
        found = await pipelines.read_pipeline(work, Ref(id=home.id))
        with listening(work) as heard:
            await boards.read_board(work, found, FIRST)
            await boards.read_stage(work, found.stages[0], FIRST)
            await boards.read_rendered_board(work, found, FIRST)
            await boards.read_rendered_stage(work, found.stages[0], FIRST)

        steps = await plans(work, heard, generic=generic)
    of_tickets = [step for step in steps if step.get("Relation Name") == "ticket"]
    assert len(of_tickets) == 4
    assert {step["Actual Rows"] for step in of_tickets} == {FIRST + 1}
    assert all("Disk" not in str(step) for step in steps)


async def test_a_list_of_pipelines_reads_no_grants_but_the_actors(looking: UnitOfWork) -> None:
    with listening(looking) as heard:
        await pipelines.list_pipelines(looking)

    assert heard
    assert await read_whole(looking, heard) & LARGE == set()


async def test_a_ticket_is_found_by_its_key_and_its_id_by_indexes(looking: UnitOfWork) -> None:
    with listening(looking) as heard:
        found = await tickets.find_by_key(looking, "SUP-100")
        await tickets.find_tickets(looking, [each.id for each in found] or [looking.account_id])

    assert heard
    assert await read_whole(looking, heard) & LARGE == set()


async def test_whoever_has_no_grant_still_sees_nothing(crowded: World) -> None:
    async with crowded.looking(Role.VIEWER) as work:
        found: list[Pipeline] = await pipelines.list_pipelines(work)

    assert found == []
