"""Counting attempts."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import func, select

from domain import accounts
from domain.accounts import AttemptLimit, TooManyAttempts
from domain.accounts.user import Throttle
from domain.unit_of_work import unbound
from tests.support import concurrency
from tests.support.world import World

WINDOW = timedelta(minutes=15)


async def attempt(world: World, *limits: AttemptLimit, window: timedelta = WINDOW) -> TooManyAttempts | None:
    async with unbound(world.sessions) as session:
        return await accounts.count_attempts(session, list(limits), window)


async def counted(world: World, key: str) -> int | None:
    async with unbound(world.sessions) as session:
        return (await session.execute(select(func.sum(Throttle.attempts)).where(Throttle.key == key))).scalar_one()


async def test_attempts_up_to_the_limit_pass_and_the_next_is_told_when_to_come_back(world: World) -> None:
    limit = AttemptLimit(uuid4().hex, 3)

    outcomes = [await attempt(world, limit) for _ in range(4)]

    assert outcomes[:3] == [None, None, None]
    refused = outcomes[3]
    assert refused is not None
    assert 0 < refused.details["retry_after"] <= WINDOW.total_seconds() + 1


async def test_past_the_limit_of_one_key_the_keys_after_it_are_not_counted(world: World) -> None:
    narrow, wide = AttemptLimit(uuid4().hex, 1), AttemptLimit(uuid4().hex, 10)

    outcomes = [await attempt(world, narrow, wide) for _ in range(3)]

    assert [outcome is None for outcome in outcomes] == [True, False, False]
    assert (await counted(world, narrow.key), await counted(world, wide.key)) == (3, 1)


async def test_attempts_at_once_are_all_counted(world: World) -> None:
    limit = AttemptLimit(uuid4().hex, 4)

    outcomes = await concurrency.together(*[attempt(world, limit) for _ in range(8)])

    assert sum(outcome is None for outcome in outcomes) == 4
    assert sum(isinstance(outcome, TooManyAttempts) for outcome in outcomes) == 4


async def test_a_window_ends_by_itself(world: World) -> None:
    limit = AttemptLimit(uuid4().hex, 1)
    await attempt(world, limit)
    async with unbound(world.sessions) as session:
        row = (await session.execute(select(Throttle).where(Throttle.key == limit.key))).scalar_one()
        row.window_start -= WINDOW

    assert await attempt(world, limit) is None


async def test_a_success_forgets_the_attempts_under_one_key_and_takes_one_back_under_the_others(world: World) -> None:
    mine, shared = AttemptLimit(uuid4().hex, 10), AttemptLimit(uuid4().hex, 10)
    for _ in range(3):
        await attempt(world, mine, shared)

    async with unbound(world.sessions) as session:
        await accounts.forget_attempts(session, forget=mine.key, forgive=[shared.key])

    assert (await counted(world, mine.key), await counted(world, shared.key)) == (None, 2)


async def test_counts_of_windows_that_have_ended_are_swept(world: World) -> None:
    past, present = AttemptLimit(uuid4().hex, 10), AttemptLimit(uuid4().hex, 10)
    await attempt(world, past, present)
    async with unbound(world.sessions) as session:
        row = (await session.execute(select(Throttle).where(Throttle.key == past.key))).scalar_one()
        row.window_start -= 2 * WINDOW

    async with unbound(world.sessions) as session:
        await accounts.sweep_attempts(session, WINDOW)

    assert (await counted(world, past.key), await counted(world, present.key)) == (None, 1)
