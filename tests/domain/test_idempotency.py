"""Idempotency: an operation sent again with its key is done once and answers the same (B29, settled choice 16)."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from domain.database.model import new_id
from domain.errors import Invalid, NotFound
from domain.idempotency import (
    LONGEST_KEY,
    IdempotentRequest,
    KeyReused,
    Replay,
    begin_request,
    complete_request,
    sweep_replays,
)
from policies import Role
from server.database.engine import Database
from tests.support import concurrency, db_state
from tests.support.world import World, make_world

ONCE = IdempotentRequest("renamePipeline", "Helpdesk", "key")


async def perform(
    world: World, once: IdempotentRequest, *, who: Role = Role.AGENT, subject: UUID | None = None
) -> tuple[bool, Any]:
    """Do something once: whether it was done by this very call, and what it touched."""
    async with world.acting(who) as work:
        done = await begin_request(work, once)
        if done is not None:
            return False, done
        touched = subject or new_id()
        await complete_request(work, once, touched)
        return True, touched


async def kept(world: World) -> list[Replay]:
    return await db_state.rows(world, select(Replay))


async def test_without_a_key_everything_is_done_and_nothing_is_kept(world: World) -> None:
    once = IdempotentRequest("renamePipeline", "Helpdesk")

    assert [(await perform(world, once))[0] for _ in range(2)] == [True, True]
    assert await kept(world) == []


async def test_the_same_key_and_input_again_answers_what_was_touched(world: World) -> None:
    _, touched = await perform(world, ONCE)

    assert await perform(world, ONCE) == (False, touched)


async def test_the_same_key_with_another_input_is_refused(world: World) -> None:
    await perform(world, ONCE)

    with pytest.raises(KeyReused) as refused:
        await perform(world, ONCE._replace(fingerprint="Service desk"))

    assert refused.value.field == ("idempotencyKey",)


async def test_a_key_is_of_one_actor_one_operation_and_one_account(world: World, database: Database) -> None:
    other = await make_world(database.sessions)
    await perform(world, ONCE)

    assert (await perform(world, ONCE, who=Role.SUPER_ADMIN))[0]
    assert (await perform(world, ONCE, who=Role.OPERATOR))[0]
    assert (await perform(world, ONCE._replace(operation="deletePipeline")))[0]
    assert (await perform(other, ONCE))[0]


async def test_a_refused_operation_leaves_its_key_free_and_is_judged_anew(world: World) -> None:
    async def decline() -> None:
        async with world.acting(Role.AGENT) as work:
            await begin_request(work, ONCE)
            raise NotFound("ticket")

    with pytest.raises(NotFound):
        await decline()

    assert (await perform(world, ONCE))[0]


async def test_an_operation_that_fails_leaves_its_key_free(world: World) -> None:
    async def fail() -> None:
        async with world.acting(Role.AGENT) as work:
            await begin_request(work, ONCE)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()

    assert (await perform(world, ONCE))[0]


@pytest.mark.parametrize("key", ["", "x" * (LONGEST_KEY + 1)])
async def test_a_key_has_one_to_two_hundred_and_fifty_five_characters(world: World, key: str) -> None:
    with pytest.raises(Invalid) as refused:
        await perform(world, ONCE._replace(key=key))

    assert refused.value.field == ("idempotencyKey",)
    assert (await perform(world, ONCE._replace(key="x" * LONGEST_KEY)))[0]


async def test_of_the_same_operation_sent_many_times_at_once_one_is_done(world: World) -> None:
    outcomes = await concurrency.together(*[perform(world, ONCE) for _ in range(6)])

    assert sum(done for done, _ in outcomes) == 1
    assert len({touched for _, touched in outcomes}) == 1


async def test_a_second_request_waits_for_the_first_and_answers_the_same(world: World) -> None:
    subject = new_id()

    async with world.acting(Role.AGENT) as first:
        assert await begin_request(first, ONCE) is None
        second = concurrency.start(perform(world, ONCE))
        await concurrency.until_waiting(world)
        await complete_request(first, ONCE, subject)

    assert await second == (False, subject)


async def test_a_second_request_is_done_when_the_first_one_that_it_waited_for_failed(world: World) -> None:
    late = []

    async def fail() -> None:
        async with world.acting(Role.AGENT) as first:
            await begin_request(first, ONCE)
            late.append(concurrency.start(perform(world, ONCE)))
            await concurrency.until_waiting(world)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()

    assert (await late[0])[0]


async def test_a_key_that_has_served_for_a_day_is_free_again(world: World, database: Database) -> None:
    other = await make_world(database.sessions)
    for each in (world, other):
        await perform(each, ONCE)
        await db_state.execute(each, "UPDATE replay SET at = now() - interval '25 hours'")
    await perform(world, ONCE._replace(key="younger"))

    await sweep_replays(world.sessions, world.account_id)

    assert [row.key for row in await kept(world)] == ["younger"]
    assert (await perform(world, ONCE))[0]
    assert not (await perform(other, ONCE))[0]
