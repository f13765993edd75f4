"""Finding: what an actor may not see is not found, by any name and at no delay; the same as what never was (B16, B21).

A pipeline and a ticket are found by the same words everywhere, so these finders are what every door stands behind.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
from sqlalchemy import text

from domain import accounts, pipelines, tickets
from domain.access import AccessMode, Grantee
from domain.errors import NotFound, Refusal
from domain.model import new_id
from domain.pipelines import Pipeline
from domain.reference import Ref
from domain.tickets.finding import lock_ticket
from domain.unit_of_work import UnitOfWork
from policies import Level, Role
from tests.support import deeds, facts, racing
from tests.support.world import World

Lookup = Callable[[UnitOfWork], Awaitable[object]]


@pytest.fixture
async def hidden(world: World) -> Pipeline:
    """A pipeline with a ticket, that nobody but super admins may see."""
    made = await world.add_pipeline(label="Hidden")
    await deeds.open_ticket(world, "Secret", to=Ref(id=made.id))
    await deeds.set_access(world, made, AccessMode.RESTRICTED)
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


async def test_without_a_name_the_default_pipeline_is_found(world: World) -> None:
    async with world.looking(Role.VIEWER) as work:
        assert (await pipelines.find_pipeline(work, None)).internal_name == "support"


async def test_pipelines_and_stages_are_found_by_id_and_by_internal_name(world: World) -> None:
    support = await world.pipeline()
    closed = support.stages[3]

    async with world.looking(Role.VIEWER) as work:
        for ref in (Ref(id=support.id), Ref(internal_name="support")):
            found = await pipelines.find_pipeline(work, ref)
            assert found.id == support.id
            for stage in (Ref(id=closed.id), Ref(internal_name="closed")):
                assert pipelines.find_stage(found, stage).id == closed.id


async def test_a_pipeline_is_found_by_any_of_its_stages(world: World) -> None:
    support, returns = await world.pipeline(), await world.add_pipeline()

    async with world.looking(Role.VIEWER) as work:
        assert (await pipelines.find_pipeline_of_stage(work, support.stages[2].id)).id == support.id
        both = await pipelines.find_pipelines_of_stages(work, [support.stages[0].id, returns.stages[1].id, new_id()])
        assert set(both) == {support.id, returns.id}
        assert [stage.id for stage in both[support.id].stages] == [stage.id for stage in support.stages]


async def test_pipelines_are_listed_in_their_order_with_their_stages_in_theirs(world: World) -> None:
    await world.add_pipeline(label="A")
    await deeds.reorder_stages(world, "closed", "new", "waiting_on_contact", "waiting_on_us")

    async with world.looking(Role.VIEWER) as work:
        support, a = await pipelines.list_pipelines(work)
        by_id = await pipelines.find_pipelines(work, [a.id, support.id, new_id()])

    assert (support.label, a.label) == ("Support Pipeline", "A")
    assert [stage.internal_name for stage in support.stages] == await facts.stage_names(world)
    assert support.stages[0].internal_name == "closed"
    assert set(by_id) == {a.id, support.id}


async def test_what_never_was_is_not_found_and_the_refusal_tells_where_it_was_named(world: World) -> None:
    support = await world.pipeline()
    async with world.looking(Role.SUPER_ADMIN) as work:
        for ref in (Ref(id=new_id()), Ref(internal_name="nothing"), Ref(internal_name="")):
            with pytest.raises(NotFound) as refused:
                await pipelines.find_pipeline(work, ref, field=("to",))
            assert (refused.value.message, refused.value.field) == ("There is no such pipeline.", ("to",))
            with pytest.raises(NotFound):
                pipelines.find_stage(support, ref)
        with pytest.raises(NotFound):
            await pipelines.find_pipeline_of_stage(work, new_id())
        with pytest.raises(NotFound):
            await tickets.find_ticket(work, new_id())


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
    await deeds.move(world, ticket, "new", to=Ref(internal_name="support"), who=Role.SUPER_ADMIN)

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
        racing.at_once(),
    ):
        for ref in (Ref(id=hidden.id), Ref(internal_name=hidden.internal_name)):
            for deed in (
                deeds.rename_pipeline(world, "Mine", to=ref),
                deeds.flip(world, "new", pipelines.StageState.CLOSED, to=ref),
                deeds.delete_pipeline(world, ref),
                deeds.open_ticket(world, to=ref),
            ):
                with pytest.raises(NotFound):
                    await deed


async def test_a_hidden_stage_that_somebody_holds_delays_nobody(world: World, hidden: Pipeline) -> None:
    stage = hidden.stages[0].id
    async with locked(world, "stage", "id", stage), racing.at_once():
        await refusal_of(world, lambda work: pipelines.find_pipeline_of_stage(work, stage))


async def test_a_hidden_ticket_that_somebody_holds_delays_nobody(world: World, hidden: Pipeline) -> None:
    ticket = await secret(world, hidden)
    async with locked(world, "ticket", "id", ticket), racing.at_once():
        for deed in (
            deeds.move(world, ticket, "new"),
            deeds.close(world, ticket),
            deeds.update(world, ticket, subject="Mine"),
            deeds.assign(world, ticket, owner_id=None),
            deeds.delete_ticket(world, ticket),
        ):
            with pytest.raises(NotFound):
                await deed


async def test_a_ticket_outside_the_view_scope_that_somebody_holds_delays_nobody(world: World) -> None:
    ticket = await deeds.open_ticket(world, owner=world.second_agent.id)
    await facts.execute(world, "UPDATE account_user SET view_reach = 'OWN'")

    async with locked(world, "ticket", "id", ticket), racing.at_once():
        with pytest.raises(NotFound):
            await deeds.move(world, ticket, "closed")


@pytest.mark.parametrize(
    ("reach", "unassigned", "found"),
    [
        ("ALL", False, {"own", "mate", "team", "other", "nobody"}),
        ("TEAM", True, {"own", "mate", "team", "nobody"}),
        ("TEAM", False, {"own", "mate", "team"}),
        ("OWN", True, {"own", "nobody"}),
        ("OWN", False, {"own"}),
        ("NONE", True, {"nobody"}),
        ("NONE", False, set()),
    ],
)
async def test_a_view_scope_reaches_as_far_as_it_says(
    world: World, reach: str, unassigned: bool, found: set[str]
) -> None:
    agent, mate, other = (world.users[role].id for role in (Role.AGENT, Role.WORKFLOW_EDITOR, Role.VIEWER))
    blue = world.teams["blue"].id
    await facts.execute(
        world,
        "INSERT INTO team_member (account_id, team_id, user_id) VALUES (:account, :team, :mate)",
        account=world.account_id,
        team=blue,
        mate=mate,
    )
    made = {
        "own": await deeds.open_ticket(world, owner=agent),
        "mate": await deeds.open_ticket(world, owner=mate),
        "team": await deeds.open_ticket(world, owner=other, team=blue),
        "other": await deeds.open_ticket(world, owner=other, team=world.teams["red"].id),
        "nobody": await deeds.open_ticket(world),
    }
    await facts.execute(
        world, "UPDATE account_user SET view_reach = :reach, view_unassigned = :un", reach=reach, un=unassigned
    )

    async with world.looking(Role.AGENT) as work:
        seen = await tickets.find_tickets(work, made.values())
    async with world.looking(Role.SUPER_ADMIN) as work:
        assert len(await tickets.find_tickets(work, made.values())) == len(made)

    assert {name for name, each in made.items() if each in seen} == found


async def test_a_key_is_found_in_either_case_and_at_most_two_tickets_with_it(world: World) -> None:
    made = {await deeds.open_ticket(world, to=Ref(id=(await world.add_pipeline(label="Sup")).id)) for _ in range(3)}

    async with world.looking(Role.VIEWER) as work:
        found = await tickets.find_by_key(work, "sup-1")
        assert await tickets.find_by_key(work, "SUP-2") == []

    assert len(found) == 2
    assert {ticket.id for ticket in found} <= made


async def test_a_key_from_a_hidden_pipeline_finds_nothing_even_where_the_ticket_is_seen_now(
    world: World, hidden: Pipeline
) -> None:
    ticket = await secret(world, hidden)
    await deeds.move(world, ticket, "new", to=Ref(internal_name="support"), who=Role.SUPER_ADMIN)

    async with world.looking(Role.AGENT) as work:
        assert await tickets.find_by_key(work, "HID-1") == []
        assert [each.id for each in await tickets.find_by_key(work, "SUP-1")] == [ticket]
    async with world.looking(Role.SUPER_ADMIN) as work:
        assert [each.id for each in await tickets.find_by_key(work, "HID-1")] == [ticket]


async def test_a_ticket_that_is_hidden_while_somebody_waits_for_it_is_not_found(world: World) -> None:
    ticket = await deeds.open_ticket(world)
    await facts.execute(world, "UPDATE account_user SET view_reach = 'OWN', view_unassigned = true")

    async with world.acting(Role.SUPER_ADMIN) as first:
        found = await tickets.find_ticket(first, ticket)
        support = await pipelines.find_pipeline(first, None)
        changes = {"owner_id": world.second_agent.id}
        await tickets.assign_ticket(first, found, pipeline=support, changes=changes)
        await first.session.flush()
        late = racing.start(deeds.update(world, ticket, subject="Mine"))
        await racing.until_waiting(world)

    with pytest.raises(NotFound):
        await late


async def test_whoever_holds_a_ticket_keeps_others_from_changing_it(world: World) -> None:
    ticket = await deeds.open_ticket(world)

    async with world.acting(Role.AGENT) as first:
        await lock_ticket(first, await tickets.find_ticket(first, ticket))
        late = racing.start(deeds.update(world, ticket, subject="After"))
        await racing.until_waiting(world)
        assert not late.done()
    await late


async def test_users_and_teams_are_found_by_id_and_listed_by_name_while_they_are_active(world: World) -> None:
    agent, left = world.users[Role.AGENT], world.second_agent
    await facts.execute(world, "UPDATE account_user SET active = false WHERE id = :id", id=left.id)
    await facts.execute(world, "UPDATE team SET active = false WHERE name = 'Red'")

    async with world.looking(Role.VIEWER) as work:
        assert (await accounts.find_user(work, agent.id)).name == "Agent"
        assert (await accounts.find_team(work, world.teams["blue"].id)).name == "Blue"
        assert set(await accounts.find_users(work, [agent.id, left.id, None, new_id()])) == {agent.id, left.id}
        assert await accounts.find_users(work, [None]) == {}
        assert [user.name for user in await accounts.list_users(work)] == [
            "Agent",
            "Settings_Editor",
            "Super_Admin",
            "Viewer",
            "Workflow_Editor",
        ]
        assert [team.name for team in await accounts.list_teams(work)] == ["Blue"]
        for gone in (left.id, new_id()):
            with pytest.raises(NotFound) as refused:
                await accounts.find_user(work, gone)
            assert refused.value.field == ("userId",)
        for gone in (world.teams["red"].id, new_id()):
            with pytest.raises(NotFound) as refused:
                await accounts.find_team(work, gone)
            assert refused.value.field == ("teamId",)


async def test_names_of_users_and_teams_are_found_together_also_of_those_who_left(world: World) -> None:
    left, blue = world.second_agent, world.teams["blue"]
    await facts.execute(world, "UPDATE account_user SET active = false WHERE id = :id", id=left.id)

    async with world.looking(Role.VIEWER) as work:
        names = await accounts.find_names(work, [left.id, None, new_id()], [blue.id, None])
        assert await accounts.find_names(work, [None], []) == {}

    assert names == {
        left.id: accounts.Name(left.id, "Second Agent", left.email, active=False),
        blue.id: accounts.Name(blue.id, "Blue", None, active=True),
    }


async def test_a_grant_shows_a_hidden_pipeline_and_its_tickets(world: World, hidden: Pipeline) -> None:
    ticket = await secret(world, hidden)
    grant = Grantee(Level.VIEW, user_id=world.users[Role.AGENT].id)

    await deeds.set_access(world, hidden, AccessMode.RESTRICTED, grant)

    async with world.looking(Role.AGENT) as work:
        assert (await pipelines.find_pipeline(work, Ref(id=hidden.id))).level == Level.VIEW
        assert (await tickets.find_ticket(work, ticket)).subject == "Secret"
