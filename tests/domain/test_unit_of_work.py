"""The unit of work: one transaction that only its end commits, one account, the database's clock, events with the
change (laws 2 and 3, settled choices 3, 9, 10).
"""

from datetime import UTC, datetime, timedelta

import pytest
from asyncpg import UniqueViolationError
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from domain import accounts
from domain.accounts import Account
from domain.database.model import new_id
from domain.errors import Conflict, Invalid, Unauthenticated
from domain.events.event import EventKind, Outbox
from domain.pipelines import Pipeline
from domain.unit_of_work import Imported, reading, unbound, writing
from policies import Role
from tests.support import concurrency, db_state
from tests.support.world import World

NAME = text("SELECT name FROM account")
RENAME = text("UPDATE account SET name = :name")


async def name(world: World) -> str:
    async with world.looking(Role.OPERATOR) as work:
        return str((await work.session.execute(NAME)).scalar_one())


async def test_leaving_a_unit_commits_it(world: World) -> None:
    async with world.acting(Role.OPERATOR) as work:
        await work.session.execute(RENAME, {"name": "Changed"})

    assert await name(world) == "Changed"


@pytest.mark.parametrize("raised", [RuntimeError("a bug"), Invalid("a refusal")])
async def test_raising_anything_rolls_a_unit_back_with_its_events(world: World, raised: Exception) -> None:
    before = await name(world)

    async def fail() -> None:
        async with world.acting(Role.OPERATOR) as work:
            await work.session.execute(RENAME, {"name": "Changed"})
            work.record(EventKind.PLAN_UPDATED, "account", world.account_id)
            await work.write_events()
            raise raised

    async with db_state.recorded(world) as happened:
        with pytest.raises(type(raised)):
            await fail()

    assert await name(world) == before
    assert happened == []


async def test_what_a_unit_changes_is_seen_by_nobody_before_it_ends(world: World) -> None:
    before = await name(world)

    async with world.acting(Role.OPERATOR) as work:
        await work.session.execute(RENAME, {"name": "Changed"})
        assert await name(world) == before


async def test_a_reading_unit_changes_nothing(world: World) -> None:
    with pytest.raises(DBAPIError, match="read-only"):
        async with world.looking(Role.OPERATOR) as work:
            await work.session.execute(RENAME, {"name": "Changed"})


async def test_everything_that_a_reading_unit_reads_was_true_at_one_moment(world: World) -> None:
    async with world.looking(Role.OPERATOR) as work:
        first = (await work.session.execute(NAME)).scalar_one()
        await db_state.execute(world, "UPDATE account SET name = 'Changed'")
        second = (await work.session.execute(NAME)).scalar_one()

    assert first == second
    assert await name(world) == "Changed"


async def test_a_unit_is_confined_to_its_account_and_the_connection_forgets_it(world: World) -> None:
    asked = text("SELECT current_setting('app.account', true), current_setting('statement_timeout')")
    async with world.looking(Role.OPERATOR) as work:
        assert tuple((await work.session.execute(asked)).one()) == (str(world.account_id), "30s")

    async with world.sessions() as session:
        account, limit = (await session.execute(asked)).one()
    assert not account
    assert limit != "30s"


async def test_a_unit_of_no_account_reaches_no_table_of_tenants(world: World) -> None:
    async with unbound(world.sessions) as session:
        assert (await session.execute(select(Account))).all() == []
        assert (await session.execute(select(Pipeline))).all() == []


async def test_the_first_reading_of_the_clock_decides_and_a_later_one_moves_it_forward_only(world: World) -> None:
    async with world.acting(Role.OPERATOR) as work:
        first = await work.clock()
        assert await work.clock() == first
        assert await work.clock(not_before=first - timedelta(hours=1)) == first
        later = first + timedelta(hours=1)
        assert await work.clock(not_before=later) == later
        assert await work.clock() == later
    assert abs(first - datetime.now(UTC)) < timedelta(minutes=1)


async def test_the_clock_is_read_when_it_is_asked_for_not_when_the_unit_began(world: World) -> None:
    async with world.acting(Role.OPERATOR) as work:
        began = (await work.session.execute(text("SELECT now()"))).scalar_one()
        assert await work.clock() > began


async def test_an_event_says_who_did_what_when_and_from_where(world: World) -> None:
    user, thing, source, target = world.users[Role.AGENT].id, new_id(), new_id(), new_id()

    unit = writing(world.sessions, world.account_id, accounts.member(world.account_id, user), "192.0.2.7")
    before, after = {"stage": "a"}, {"stage": "b"}
    async with db_state.recorded(world) as happened, unit as work:
        work.record(EventKind.TICKET_MOVED, "ticket", thing, before=before, after=after, pipelines=(source, target))
        at = await work.clock()

    [event] = happened
    assert (event.kind, event.object_kind, event.object_id, event.at) == ("TICKET_MOVED", "ticket", thing, at)
    assert (event.actor_kind, event.actor_id, event.address) == ("PERSON", user, "192.0.2.7")
    assert (event.pipeline_from, event.pipeline_to) == (source, target)
    assert (event.before, event.after) == (before, after)


async def test_beside_each_event_is_an_outbox_row_and_both_are_written_once(world: World) -> None:
    async with db_state.recorded(world) as happened, world.acting(Role.OPERATOR) as work:
        work.record(EventKind.TICKET_UPDATED, "ticket", new_id())
        await work.write_events()
        await work.write_events()
        work.record(EventKind.TICKET_UPDATED, "ticket", new_id())

    waiting = await db_state.rows(world, select(Outbox).where(Outbox.account_id == world.account_id))
    assert len(happened) == 2
    assert {event.id for event in happened} <= {row.event_id for row in waiting}


async def test_hundreds_of_events_of_one_unit_are_all_written_in_their_order(world: World) -> None:
    things = [new_id() for _ in range(300)]

    async with db_state.recorded(world) as happened, world.acting(Role.OPERATOR) as work:
        for place, thing in enumerate(things):
            work.record(EventKind.TICKET_UPDATED, "ticket", thing, after={"place": place} if place % 2 else None)

    assert [event.object_id for event in happened] == things
    assert [event.after for event in happened[:2]] == [None, {"place": 1}]


async def test_imported_history_has_its_own_time_and_author(world: World) -> None:
    long_ago, by = datetime(2020, 1, 1, tzinfo=UTC), new_id()

    async with db_state.recorded(world) as happened, world.acting(Role.OPERATOR) as work:
        work.record(EventKind.TICKET_CREATED, "ticket", new_id(), imported=Imported(long_ago, by))
        work.record(EventKind.TICKET_CREATED, "ticket", new_id())

    assert [(event.at == long_ago, event.actor_kind, event.actor_id) for event in happened] == [
        (True, "IMPORTED", by),
        (False, "OPERATOR", None),
    ]


async def test_of_two_units_that_wait_for_each_other_one_is_a_conflict(world: World) -> None:
    users = [world.users[Role.AGENT].id, world.users[Role.VIEWER].id]
    arrived: list[int] = []

    async def rename_both(order: list[int]) -> None:
        async with world.acting(Role.OPERATOR) as work:
            for index in order:
                statement = update(accounts.User).where(accounts.User.id == users[index]).values(name="Renamed")
                await work.session.execute(statement)
                arrived.append(index)
                while len(arrived) < 2:
                    await work.session.execute(text("SELECT pg_sleep(0.01)"))

    outcomes = await concurrency.together(rename_both([0, 1]), rename_both([1, 0]))

    assert sorted(type(each).__name__ for each in outcomes) == ["Conflict", "NoneType"]


@pytest.mark.parametrize("state", ["40001", "40P01", "55P03"])
async def test_a_lost_race_is_a_conflict(world: World, state: str) -> None:
    with pytest.raises(Conflict, match="try again"):
        async with world.acting(Role.OPERATOR) as work:
            await work.session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '{state}'; END $$"))


async def test_any_other_error_of_the_database_is_a_bug_and_stays_one(world: World) -> None:
    with pytest.raises(IntegrityError):
        async with world.acting(Role.OPERATOR) as work:
            await work.session.execute(text("UPDATE account_user SET identity_id = gen_random_uuid()"))


async def test_what_is_checked_at_commit_fails_the_unit_too(world: World) -> None:
    async def change() -> None:
        async with world.acting(Role.OPERATOR) as work:
            await work.session.execute(text("UPDATE stage SET position = 1"))
            work.record(EventKind.STAGES_REORDERED, "pipeline", new_id())

    async with db_state.recorded(world) as happened:
        with pytest.raises(UniqueViolationError, match="uq_stage_position"):
            await change()

    assert happened == []


async def test_an_actor_who_is_not_admitted_has_no_unit(world: World) -> None:
    for unit in (writing, reading):
        with pytest.raises(Unauthenticated):
            async with unit(world.sessions, world.account_id, accounts.member(world.account_id, new_id())):
                raise AssertionError("somebody unknown was admitted")
