"""How an app comes in: as itself, with what it was given, and noted now and then (B18, B32)."""

import pytest

from domain import apps, pipelines, properties, tickets
from domain.actor import ActorKind, AppReach, TicketScope
from domain.errors import NotPermitted
from domain.tickets import TicketDraft
from policies import Permission, Role, Tier
from tests.support import db_state
from tests.support.app_actions import make_robot
from tests.support.world import World


async def test_an_app_comes_in_as_itself_with_what_it_was_given_and_no_role(world: World) -> None:
    support = (await world.pipeline()).id
    robot = await make_robot(world, Permission.PIPELINE_VIEW, reach=AppReach.LISTED, listed=[support])

    async with robot.looking() as work:
        actor = work.actor

    assert (actor.kind, actor.id, actor.user_id) == (ActorKind.APP, robot.id, None)
    assert (actor.roles, actor.permissions) == (frozenset(), frozenset({Permission.PIPELINE_VIEW}))
    assert (actor.reach, actor.listed) == (AppReach.LISTED, frozenset({support}))
    assert (actor.view, actor.edit, actor.is_super_admin) == (TicketScope(), TicketScope(), False)


async def test_a_permission_that_no_app_can_have_is_nothing_even_where_it_is_stored(world: World) -> None:
    robot = await make_robot(world)
    await db_state.execute(world, "UPDATE app SET permissions = '{app:manage,ticket:view,no:such}'")

    async with robot.looking() as work:
        assert work.actor.permissions == {Permission.TICKET_VIEW}


async def test_a_use_is_written_down_with_its_address_and_again_when_that_is_old(world: World) -> None:
    robot = await make_robot(world)

    async with db_state.recorded(world) as happened:
        for due in (True, False):
            async with robot.acting(address="192.0.2.7") as work:
                assert work.actor.use_is_stale is due
                await apps.note_use(work)

    (secret,) = await robot.secrets()
    assert secret.last_used_address == "192.0.2.7"
    assert [(event.kind, event.object_id, event.actor_kind, event.address) for event in happened] == [
        ("APP_USED", robot.id, "APP", "192.0.2.7")
    ]
    await db_state.execute(world, "UPDATE app_secret SET last_used_at = last_used_at - interval '6 minutes'")
    async with robot.acting(address="192.0.2.8") as work:
        assert work.actor.use_is_stale
        await apps.note_use(work)
    assert (await robot.secrets())[0].last_used_address == "192.0.2.8"


async def test_a_first_use_is_to_be_written_down(world: World) -> None:
    robot = await make_robot(world)

    async with robot.looking() as work:
        assert work.actor.use_is_stale


async def test_what_a_person_does_is_no_use_of_an_app(world: World) -> None:
    await make_robot(world)

    async with db_state.recorded(world) as happened, world.acting(Role.SUPER_ADMIN) as work:
        await apps.note_use(work)

    assert happened == []


async def test_what_an_app_does_is_recorded_as_done_by_the_app(world: World) -> None:
    robot = await make_robot(world)

    async with db_state.recorded(world) as happened, robot.acting() as work:
        support = await pipelines.find_pipeline(work, None)
        ticket = await tickets.create_ticket(work, support, TicketDraft("By a robot"))

    (visit,) = await db_state.visits(world, ticket)
    assert (visit.entered_by_kind, visit.entered_by) == ("APP", robot.id)
    assert {(event.actor_kind, event.actor_id) for event in happened} == {("APP", robot.id)}


@pytest.mark.parametrize("tier", [Tier.FREE, Tier.STARTER])
async def test_the_plan_binds_an_app_as_it_binds_people(world: World, tier: Tier) -> None:
    robot = await make_robot(world)

    await world.on(tier)

    async with robot.looking() as work:
        assert work.actor.plan.service is tier


async def test_an_app_sees_itself_and_no_other_app(world: World) -> None:
    robot, other = await make_robot(world), await make_robot(world, name="Other")

    async with robot.looking() as work:
        found = await apps.find_apps(work, [robot.id, other.id])
        listed = await apps.list_apps(work)
        secrets = await apps.find_secrets(work, [each.id for each in (*await robot.secrets(), *await other.secrets())])

    assert set(found) == {robot.id}
    assert [each.app.id for each in listed] == [robot.id]
    assert {each.secret.app_id for each in secrets.values()} == {robot.id}


async def test_apps_are_listed_by_name_with_their_newest_secrets_first(world: World) -> None:
    support = (await world.pipeline()).id
    await make_robot(world, name="Zoe")
    robot = await make_robot(world, name="Abe", reach=AppReach.LISTED, listed=[support])
    for _ in range(2):
        async with world.acting(Role.SUPER_ADMIN) as work:
            await apps.rotate_app_secret(work, robot.id)

    async with world.looking(Role.SUPER_ADMIN) as work:
        first, second = await apps.list_apps(work)

    assert [first.app.name, second.app.name] == ["Abe", "Zoe"]
    assert (list(first.listed), list(second.listed)) == ([support], [])
    assert [each.secret.id for each in first.secrets] == [each.id for each in reversed(await robot.secrets())]
    assert first.sponsored


async def test_an_app_defines_properties_where_it_may_and_only_there(world: World) -> None:
    able, unable = await make_robot(world, Permission.PROPERTY_EDIT), await make_robot(world, Permission.TICKET_WRITE)

    async with able.acting() as work:
        assert set(await properties.define_properties(work, ["Order number"])) == {"Order number"}
    async with unable.acting() as work:
        with pytest.raises(NotPermitted):
            await properties.define_properties(work, ["Weight"])
