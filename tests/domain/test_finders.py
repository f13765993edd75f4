"""Finding pipelines, stages, tickets, users and teams by what integrations call them and people see (B16, B21, S23).

What is hidden is in test_hiding.py.
"""

import pytest

from domain import accounts, pipelines, tickets
from domain.database.model import new_id
from domain.errors import NotFound
from domain.reference import Ref
from domain.tickets.locks import lock_ticket
from policies import Role
from tests.support import actions, concurrency, db_state
from tests.support.world import World


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
    await actions.reorder_stages(world, "closed", "new", "waiting_on_contact", "waiting_on_us")

    async with world.looking(Role.VIEWER) as work:
        support, a = await pipelines.list_pipelines(work)
        by_id = await pipelines.find_pipelines(work, [a.id, support.id, new_id()])

    assert (support.label, a.label) == ("Support Pipeline", "A")
    assert [stage.internal_name for stage in support.stages] == await db_state.stage_names(world)
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
    await db_state.execute(
        world,
        "INSERT INTO team_member (account_id, team_id, user_id) VALUES (:account, :team, :mate)",
        account=world.account_id,
        team=blue,
        mate=mate,
    )
    made = {
        "own": await actions.open_ticket(world, owner=agent),
        "mate": await actions.open_ticket(world, owner=mate),
        "team": await actions.open_ticket(world, owner=other, team=blue),
        "other": await actions.open_ticket(world, owner=other, team=world.teams["red"].id),
        "nobody": await actions.open_ticket(world),
    }
    await db_state.execute(
        world, "UPDATE account_user SET view_reach = :reach, view_unassigned = :un", reach=reach, un=unassigned
    )

    async with world.looking(Role.AGENT) as work:
        seen = await tickets.find_tickets(work, made.values())
    async with world.looking(Role.SUPER_ADMIN) as work:
        assert len(await tickets.find_tickets(work, made.values())) == len(made)

    assert {name for name, each in made.items() if each in seen} == found


async def test_a_key_is_found_in_either_case_and_at_most_two_tickets_with_it(world: World) -> None:
    made = {await actions.open_ticket(world, to=Ref(id=(await world.add_pipeline(label="Sup")).id)) for _ in range(3)}

    async with world.looking(Role.VIEWER) as work:
        found = await tickets.find_by_key(work, "sup-1")
        assert await tickets.find_by_key(work, "SUP-2") == []

    assert len(found) == 2
    assert {ticket.id for ticket in found} <= made


async def test_whoever_holds_a_ticket_keeps_others_from_changing_it(world: World) -> None:
    ticket = await actions.open_ticket(world)

    async with world.acting(Role.AGENT) as first:
        await lock_ticket(first, await tickets.find_ticket(first, ticket))
        late = concurrency.start(actions.update(world, ticket, subject="After"))
        await concurrency.until_waiting(world)
        assert not late.done()
    await late


async def test_users_and_teams_are_found_by_id_and_listed_by_name_while_they_are_active(world: World) -> None:
    agent, left = world.users[Role.AGENT], world.second_agent
    await db_state.execute(world, "UPDATE account_user SET active = false WHERE id = :id", id=left.id)
    await db_state.execute(world, "UPDATE team SET active = false WHERE name = 'Red'")

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
    await db_state.execute(world, "UPDATE account_user SET active = false WHERE id = :id", id=left.id)

    async with world.looking(Role.VIEWER) as work:
        names = await accounts.find_names(work, [left.id, None, new_id()], [blue.id, None])
        assert await accounts.find_names(work, [None], []) == {}

    assert names == {
        left.id: accounts.Name(left.id, "Second Agent", left.email, active=False, revision=left.revision),
        blue.id: accounts.Name(blue.id, "Blue", None, active=True, revision=1),
    }


async def test_the_latest_visits_of_a_ticket_are_shown_and_no_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = await actions.open_ticket(world)
    for stage in ("waiting_on_us", "new", "waiting_on_us"):
        await actions.move(world, ticket, stage=stage)
    monkeypatch.setattr("domain.tickets.finders.MOST_VISITS", 2)

    async with world.looking(Role.AGENT) as work:
        shown = await tickets.list_visits(work, [ticket])

    assert shown == sorted(shown, key=lambda visit: visit.entered_at)
    assert [visit.id for visit in shown] == [visit.id for visit in (await db_state.visits(world, ticket))[-2:]]
