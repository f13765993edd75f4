"""What an actor may not see is not found, by any name and at no delay: the same answer as what never was (B16, B21)."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
from sqlalchemy import text

from domain import pipelines, tickets
from domain.access import AccessMode, Grantee
from domain.database.model import new_id
from domain.errors import NotFound, Refusal
from domain.pipelines import Pipeline
from domain.reference import Ref
from domain.unit_of_work import UnitOfWork
from policies import Level, Role
from tests.support import actions, concurrency, db_state
from tests.support.world import World

Lookup = Callable[[UnitOfWork], Awaitable[object]]


@pytest.fixture
async def hidden(world: World) -> Pipeline:
    """A pipeline with a ticket, that nobody but super admins may see."""
    made = await world.add_pipeline(label="Hidden")
    await actions.open_ticket(world, "Secret", to=Ref(id=made.id))
    await actions.set_access(world, made, AccessMode.RESTRICTED)
    return made


async def refusal_of(world: World, lookup: Lookup, *, who: Role = Role.AGENT) -> Refusal:
    async with world.acting(who) as work:
        with pytest.raises(NotFound) as refused:
            await lookup(work)
    return refused.value


async def secret(world: World, hidden: Pipeline) -> UUID:
    async with world.looking(Role.OPERATOR) as work:
        [ticket] = await tickets.find_by_key(work, f"{hidden.key_prefix}-1")
    return ticket.id


async def test_a_hidden_pipeline_is_not_found_by_any_name_and_not_listed(world: World, hidden: Pipeline) -> None:
    nothing = await refusal_of(world, lambda work: pipelines.find_pipeline(work, Ref(id=new_id())))
    ways: list[Lookup] = [
        lambda work: pipelines.find_pipeline(work, Ref(id=hidden.id)),
        lambda work: pipelines.find_pipeline(work, Ref(internal_name=hidden.internal_name)),
        lambda work: pipelines.lock_pipeline(work, Ref(id=hidden.id)),
        lambda work: pipelines.lock_pipeline(work, Ref(internal_name=hidden.internal_name)),
    ]

    for way in ways:
        refused = await refusal_of(world, way)
        assert (refused.code, refused.message) == (nothing.code, nothing.message)
    async with world.looking(Role.AGENT) as work:
        assert [each.label for each in await pipelines.list_pipelines(work)] == ["Support Pipeline"]
        assert await pipelines.find_pipelines(work, [hidden.id]) == {}
        assert await pipelines.find_pipelines_of_stages(work, [hidden.stages[0].id]) == {}
        with pytest.raises(NotFound, match="no such stage"):
            await pipelines.find_pipeline_of_stage(work, hidden.stages[0].id)


async def test_the_tickets_of_a_hidden_pipeline_are_not_found_by_id_or_key(world: World, hidden: Pipeline) -> None:
    ticket = await secret(world, hidden)

    refused = await refusal_of(world, lambda work: tickets.find_ticket(work, ticket))
    never = await refusal_of(world, lambda work: tickets.find_ticket(work, new_id()))

    assert (refused.code, refused.message, refused.field) == (never.code, never.message, never.field)
    async with world.looking(Role.AGENT) as work:
        assert await tickets.find_tickets(work, [ticket]) == {}
        assert await tickets.find_by_key(work, f"{hidden.key_prefix}-1") == []
        assert await tickets.list_visits(work, [ticket]) == []


async def test_a_super_admin_finds_everything(world: World, hidden: Pipeline) -> None:
    ticket = await secret(world, hidden)

    async with world.looking(Role.SUPER_ADMIN) as work:
        assert (await pipelines.find_pipeline(work, Ref(id=hidden.id))).level == Level.EDIT
        assert (await tickets.find_ticket(work, ticket)).editable


async def test_a_ticket_that_left_a_hidden_pipeline_keeps_hidden_where_it_was(world: World, hidden: Pipeline) -> None:
    ticket = await secret(world, hidden)
    await actions.move(world, ticket, "new", to=Ref(internal_name="support"), who=Role.SUPER_ADMIN)

    async with world.looking(Role.AGENT) as work:
        assert (await tickets.find_ticket(work, ticket)).key == "SUP-1"
        seen = await tickets.list_visits(work, [ticket])
    async with world.looking(Role.SUPER_ADMIN) as work:
        everything = await tickets.list_visits(work, [ticket])

    support = await world.pipeline()
    assert [visit.pipeline_id for visit in seen] == [support.id]
    assert [visit.pipeline_id for visit in everything] == [hidden.id, support.id]


@asynccontextmanager
async def locked(world: World, table: str, column: str, id: UUID) -> AsyncIterator[None]:
    """Somebody else holds a row, as hard as it can be held."""
    async with world.acting(Role.OPERATOR) as work:
        statement = f"SELECT 1 FROM {table} WHERE {column} = :id FOR UPDATE"  # noqa: S608 (names of our own)
        assert (await work.session.execute(text(statement), {"id": id})).scalar_one() == 1
        yield


async def test_a_hidden_pipeline_that_somebody_holds_delays_nobody(world: World, hidden: Pipeline) -> None:
    async with (
        locked(world, "pipeline", "id", hidden.id),
        locked(world, "pipeline_access", "pipeline_id", hidden.id),
        concurrency.at_once(),
    ):
        for ref in (Ref(id=hidden.id), Ref(internal_name=hidden.internal_name)):
            for deed in (
                actions.rename_pipeline(world, "Mine", to=ref),
                actions.flip(world, "new", pipelines.StageState.CLOSED, to=ref),
                actions.delete_pipeline(world, ref),
                actions.open_ticket(world, to=ref),
            ):
                with pytest.raises(NotFound):
                    await deed


async def test_a_hidden_stage_that_somebody_holds_delays_nobody(world: World, hidden: Pipeline) -> None:
    stage = hidden.stages[0].id
    async with locked(world, "stage", "id", stage), concurrency.at_once():
        await refusal_of(world, lambda work: pipelines.find_pipeline_of_stage(work, stage))


async def test_a_hidden_ticket_that_somebody_holds_delays_nobody(world: World, hidden: Pipeline) -> None:
    ticket = await secret(world, hidden)
    async with locked(world, "ticket", "id", ticket), concurrency.at_once():
        for deed in (
            actions.move(world, ticket, "new"),
            actions.close(world, ticket),
            actions.update(world, ticket, subject="Mine"),
            actions.assign(world, ticket, owner_id=None),
            actions.delete_ticket(world, ticket),
        ):
            with pytest.raises(NotFound):
                await deed


async def test_a_ticket_outside_the_view_scope_that_somebody_holds_delays_nobody(world: World) -> None:
    ticket = await actions.open_ticket(world, owner=world.second_agent.id)
    await db_state.execute(world, "UPDATE account_user SET view_reach = 'OWN'")

    async with locked(world, "ticket", "id", ticket), concurrency.at_once():
        with pytest.raises(NotFound):
            await actions.move(world, ticket, "closed")


async def test_a_key_from_a_hidden_pipeline_finds_nothing_even_where_the_ticket_is_seen_now(
    world: World, hidden: Pipeline
) -> None:
    ticket = await secret(world, hidden)
    await actions.move(world, ticket, "new", to=Ref(internal_name="support"), who=Role.SUPER_ADMIN)

    async with world.looking(Role.AGENT) as work:
        assert await tickets.find_by_key(work, "HID-1") == []
        assert [each.id for each in await tickets.find_by_key(work, "SUP-1")] == [ticket]
    async with world.looking(Role.SUPER_ADMIN) as work:
        assert [each.id for each in await tickets.find_by_key(work, "HID-1")] == [ticket]


async def test_a_ticket_that_is_hidden_while_somebody_waits_for_it_is_not_found(world: World) -> None:
    ticket = await actions.open_ticket(world)
    await db_state.execute(world, "UPDATE account_user SET view_reach = 'OWN', view_unassigned = true")

    async with world.acting(Role.SUPER_ADMIN) as first:
        found = await tickets.find_ticket(first, ticket)
        support = await pipelines.find_pipeline(first, None)
        changes = {"owner_id": world.second_agent.id}
        await tickets.assign_ticket(first, found, pipeline=support, changes=changes)
        await first.session.flush()
        late = concurrency.start(actions.update(world, ticket, subject="Mine"))
        await concurrency.until_waiting(world)

    with pytest.raises(NotFound):
        await late


async def test_a_grant_shows_a_hidden_pipeline_and_its_tickets(world: World, hidden: Pipeline) -> None:
    ticket = await secret(world, hidden)
    grant = Grantee(Level.VIEW, user_id=world.users[Role.AGENT].id)

    await actions.set_access(world, hidden, AccessMode.RESTRICTED, grant)

    async with world.looking(Role.AGENT) as work:
        assert (await pipelines.find_pipeline(work, Ref(id=hidden.id))).level == Level.VIEW
        assert (await tickets.find_ticket(work, ticket)).subject == "Secret"
