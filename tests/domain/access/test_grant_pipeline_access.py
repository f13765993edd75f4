"""Granting to one and revoking from one: the grants of others stay, whoever works beside (S11, B18, B20, B22)."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.access import AccessMode, Grantee
from domain.database.model import new_id
from domain.errors import Conflict, Invalid, NotFound, NotPermitted, PlanTooLow
from domain.pipelines import Pipeline
from domain.reference import Ref
from policies import Level, Role, Tier
from tests.support import actions, concurrency, db_state
from tests.support.grant_actions import RESTRICTED, grants, revision, view
from tests.support.world import World


async def test_a_grant_is_added_to_those_there_are(world: World, returns: Pipeline) -> None:
    [before] = await grants(world, returns)
    until = datetime(2999, 1, 1, tzinfo=UTC)
    viewer = view(world.users[Role.VIEWER].id)._replace(until=until)

    await actions.grant(world, returns, viewer)

    kept, added = await grants(world, returns)
    assert (kept.id, kept.granted_at) == (before.id, before.granted_at)
    assert (added.grantee, added.granted_by) == (viewer, world.users[Role.SUPER_ADMIN].id)
    assert await revision(world, returns) == 3


async def test_a_second_grant_to_the_same_takes_the_place_of_the_first(world: World, returns: Pipeline) -> None:
    blue = Grantee(Level.VIEW, team_id=world.teams["blue"].id)

    async with db_state.recorded(world) as happened:
        await actions.grant(world, returns, blue)

    assert [row.grantee for row in await grants(world, returns)] == [blue]
    [event] = happened
    assert event.kind == "PIPELINE_ACCESS_UPDATED"
    assert event.before is not None
    assert event.after is not None
    assert [each["level"] for each in (*event.before["grants"], *event.after["grants"])] == ["EDIT", "VIEW"]


async def test_the_same_grant_again_changes_nothing_and_tells_nothing(world: World, returns: Pipeline) -> None:
    [before] = await grants(world, returns)

    async with db_state.recorded(world) as happened:
        await actions.grant(world, returns, before.grantee)

    assert ([row.id for row in await grants(world, returns)], happened) == ([before.id], [])
    assert await revision(world, returns) == 2


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.OPERATOR, Role.SUPER_ADMIN}])
async def test_only_super_admins_grant_and_revoke(world: World, returns: Pipeline, role: Role) -> None:
    await actions.set_access(world, returns, AccessMode.EVERYONE)

    outcomes = await concurrency.together(
        actions.grant(world, returns, view(world.users[role].id), who=role),
        actions.revoke(world, returns, user=world.users[role].id, who=role),
    )

    assert [type(each) for each in outcomes] == [NotPermitted, NotPermitted]
    assert await grants(world, returns) == []


async def test_below_professional_nothing_is_granted_and_everything_revoked(world: World, returns: Pipeline) -> None:
    viewer = world.users[Role.VIEWER].id
    await actions.grant(world, returns, view(viewer))
    await world.on(Tier.STARTER)

    with pytest.raises(PlanTooLow):
        await actions.grant(world, returns, view(world.users[Role.AGENT].id))
    with pytest.raises(PlanTooLow):
        await actions.grant(world, returns, Grantee(Level.EDIT, user_id=viewer))
    await actions.revoke(world, returns, user=viewer)
    await actions.grant(world, returns, Grantee(Level.VIEW, team_id=world.teams["blue"].id))

    assert [row.level for row in await grants(world, returns)] == ["VIEW"]


async def test_who_is_not_known_is_not_found_before_the_plan_is_looked_at(world: World, returns: Pipeline) -> None:
    await world.on(Tier.FREE)

    with pytest.raises(NotFound) as user:
        await actions.grant(world, returns, view(new_id()))
    with pytest.raises(NotFound) as team:
        await actions.grant(world, returns, Grantee(Level.VIEW, team_id=new_id()))

    assert (user.value.field, team.value.field) == (("to", "userId"), ("to", "teamId"))


async def test_who_left_and_teams_that_ended_are_not_granted_anew(world: World, returns: Pipeline) -> None:
    await db_state.execute(
        world, "UPDATE account_user SET active = false, deactivated_at = now() WHERE name = 'Viewer'"
    )
    await db_state.execute(world, "UPDATE team SET active = false WHERE name = 'Red'")

    with pytest.raises(NotFound):
        await actions.grant(world, returns, view(world.users[Role.VIEWER].id))
    with pytest.raises(NotFound):
        await actions.grant(world, returns, Grantee(Level.VIEW, team_id=world.teams["red"].id))


async def test_what_was_granted_to_who_left_may_stand_in_a_new_list(world: World, returns: Pipeline) -> None:
    viewer, blue = view(world.users[Role.VIEWER].id), Grantee(Level.EDIT, team_id=world.teams["blue"].id)
    await actions.grant(world, returns, viewer)
    await db_state.execute(
        world, "UPDATE account_user SET active = false, deactivated_at = now() WHERE name = 'Viewer'"
    )
    await db_state.execute(world, "UPDATE team SET active = false WHERE name = 'Blue'")

    await actions.set_access(world, returns, RESTRICTED, viewer, blue, view(world.users[Role.AGENT].id))

    assert len(await grants(world, returns)) == 3
    with pytest.raises(NotFound) as other:
        await actions.set_access(world, returns, RESTRICTED, blue, viewer._replace(level=Level.EDIT))
    assert other.value.field == ("grants", "1", "to", "userId")


async def test_who_was_invited_can_be_granted_before_they_join(world: World, returns: Pipeline) -> None:
    await db_state.execute(world, "UPDATE account_user SET active = false WHERE name = 'Viewer'")

    await actions.grant(world, returns, view(world.users[Role.VIEWER].id))

    assert len(await grants(world, returns)) == 2


async def test_a_grant_must_end_in_the_future(world: World, returns: Pipeline) -> None:
    past = view(world.users[Role.VIEWER].id)._replace(until=datetime.now(UTC) - timedelta(seconds=1))

    with pytest.raises(Invalid) as refused:
        await actions.grant(world, returns, past)

    assert refused.value.field == ("until",)


async def test_a_pipeline_takes_five_hundred_grants_and_no_more(
    world: World, returns: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.access.access_change.MOST_GRANTS", 2)
    await actions.grant(world, returns, view(world.users[Role.VIEWER].id))

    with pytest.raises(Invalid, match="at most 2 grants"):
        await actions.grant(world, returns, view(world.users[Role.AGENT].id))
    await actions.revoke(world, returns, user=world.users[Role.VIEWER].id)
    await actions.grant(world, returns, view(world.users[Role.AGENT].id))

    assert len(await grants(world, returns)) == 2


async def test_of_many_grants_at_once_none_is_lost(world: World, returns: Pipeline) -> None:
    users = [user.id for user in world.users.values()]

    outcomes = await concurrency.together(*[actions.grant(world, returns, view(user)) for user in users])

    assert outcomes == [None] * len(users)
    assert {row.user_id for row in await grants(world, returns)} == {None, *users}
    assert await revision(world, returns) == 2 + len(users)


async def test_grants_and_revocations_at_once_are_all_done(world: World, returns: Pipeline) -> None:
    viewer, agent = world.users[Role.VIEWER].id, world.users[Role.AGENT].id
    await actions.grant(world, returns, view(viewer))

    outcomes = await concurrency.together(
        actions.revoke(world, returns, user=viewer),
        actions.grant(world, returns, view(agent)),
        actions.revoke(world, returns, team=world.teams["blue"].id),
    )

    assert outcomes == [None, None, None]
    assert [row.user_id for row in await grants(world, returns)] == [agent]


async def test_of_two_that_rest_on_one_revision_the_second_is_a_conflict(world: World, returns: Pipeline) -> None:
    viewer, agent = view(world.users[Role.VIEWER].id), view(world.users[Role.AGENT].id)

    outcomes = await concurrency.together(
        actions.grant(world, returns, viewer, revision=2),
        actions.grant(world, returns, agent, revision=2),
        actions.revoke(world, returns, team=world.teams["blue"].id, revision=2),
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["Conflict", "Conflict", "NoneType"]


async def test_a_pipeline_that_went_meanwhile_is_not_found(world: World, returns: Pipeline) -> None:
    await actions.delete_pipeline(world, Ref(id=returns.id), who=Role.SUPER_ADMIN)

    with pytest.raises(NotFound):
        await actions.grant(world, returns, view(world.users[Role.VIEWER].id))
    with pytest.raises(NotFound):
        await actions.revoke(world, returns, user=world.users[Role.VIEWER].id)


async def test_a_stale_revision_is_a_conflict_even_where_nothing_would_change(world: World, returns: Pipeline) -> None:
    with pytest.raises(Conflict):
        await actions.revoke(world, returns, user=world.users[Role.VIEWER].id, revision=1)
