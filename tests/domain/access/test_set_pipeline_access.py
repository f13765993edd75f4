"""Managing access: only a super admin, only from PROFESSIONAL, whole lists, with before and after (S11, S12, B18, B22).

What access then lets people see is in test_seeing.py, what a lower plan leaves in test_reducing.py, and single grants
in test_granting_one.py.
"""

from datetime import UTC, datetime, timedelta

import pytest

from domain import access, pipelines, tickets
from domain.access import AccessMode, Grantee
from domain.database.model import new_id
from domain.errors import Conflict, Invalid, NotFound, NotPermitted, PlanTooLow
from domain.reference import Ref
from policies import Level, Role, Tier
from tests.support import actions, concurrency, db_state
from tests.support.world import World

EVERYONE, PRIVATE, RESTRICTED = AccessMode.EVERYONE, AccessMode.PRIVATE, AccessMode.RESTRICTED


async def access_of_default(world: World) -> tuple[str, int, list[tuple[object, object, str]]]:
    pipeline = await world.pipeline()
    async with world.looking(Role.OPERATOR) as work:
        row = (await access.find_access(work, [pipeline.id]))[pipeline.id]
        grants = await access.find_grants(work, [pipeline.id])
    return row.mode, row.revision, [(grant.user_id, grant.team_id, grant.level) for grant in grants]


async def test_a_super_admin_decides_on_mode_and_grants(world: World) -> None:
    user, team = world.users[Role.AGENT].id, world.teams["red"].id

    await actions.set_access(
        world, await world.pipeline(), RESTRICTED, Grantee(Level.VIEW, user_id=user), Grantee(Level.EDIT, team_id=team)
    )

    assert await access_of_default(world) == ("RESTRICTED", 2, [(user, None, "VIEW"), (None, team, "EDIT")])


async def test_new_grants_take_the_place_of_all_there_were(world: World) -> None:
    first, second = world.users[Role.AGENT].id, world.users[Role.VIEWER].id
    pipeline = await world.pipeline()
    await actions.set_access(world, pipeline, RESTRICTED, Grantee(Level.VIEW, user_id=first))

    await actions.set_access(
        world, pipeline, RESTRICTED, Grantee(Level.EDIT, user_id=first), Grantee(Level.VIEW, user_id=second)
    )
    await actions.set_access(world, pipeline, EVERYONE, Grantee(Level.VIEW, user_id=second))

    assert await access_of_default(world) == ("EVERYONE", 4, [(second, None, "VIEW")])


async def test_a_grant_remembers_who_gave_it_when_and_until_when(world: World) -> None:
    pipeline, until = await world.pipeline(), datetime.now(UTC) + timedelta(days=1)

    async with db_state.recorded(world) as happened:
        await actions.set_access(
            world, pipeline, RESTRICTED, Grantee(Level.VIEW, user_id=world.users[Role.AGENT].id, until=until)
        )

    async with world.looking(Role.OPERATOR) as work:
        [grant] = await access.find_grants(work, [pipeline.id])
    assert (grant.granted_by, grant.granted_at, grant.until) == (
        world.users[Role.SUPER_ADMIN].id,
        happened[0].at,
        until,
    )


async def test_a_change_of_access_records_before_and_after(world: World) -> None:
    pipeline, user, team = await world.pipeline(), world.users[Role.AGENT].id, world.teams["red"].id
    until = datetime(2999, 1, 1, tzinfo=UTC)
    await actions.set_access(world, pipeline, RESTRICTED, Grantee(Level.VIEW, user_id=user, until=until))

    async with db_state.recorded(world) as happened:
        await actions.set_access(world, pipeline, PRIVATE, Grantee(Level.EDIT, team_id=team))

    [event] = happened
    assert (event.kind, event.object_kind, event.object_id) == ("PIPELINE_ACCESS_UPDATED", "pipeline", pipeline.id)
    assert event.actor_id == world.users[Role.SUPER_ADMIN].id
    assert (event.pipeline_from, event.pipeline_to) == (pipeline.id, pipeline.id)
    assert event.before == {
        "mode": "RESTRICTED",
        "grants": [{"user": str(user), "team": None, "level": "VIEW", "until": "2999-01-01T00:00:00+00:00"}],
    }
    assert event.after == {
        "mode": "PRIVATE",
        "grants": [{"user": None, "team": str(team), "level": "EDIT", "until": None}],
    }


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
async def test_role_and_plan_are_two_gates_with_two_errors(world: World, role: Role, tier: Tier) -> None:
    pipeline = await world.pipeline()
    await world.on(tier)

    [outcome] = await concurrency.together(actions.set_access(world, pipeline, PRIVATE, who=role))

    if role is not Role.SUPER_ADMIN:
        assert isinstance(outcome, NotPermitted)
        assert outcome.details == {"permission": "access:reduce"}
    elif tier in {Tier.FREE, Tier.STARTER}:
        assert isinstance(outcome, PlanTooLow)
        assert outcome.details == {"needed": "PROFESSIONAL", "current": tier.value}
    else:
        assert outcome is None
    assert (await access_of_default(world))[0] == ("PRIVATE" if outcome is None else "EVERYONE")


async def test_a_stale_revision_of_the_access_is_a_conflict(world: World) -> None:
    pipeline = await world.pipeline()
    await actions.set_access(world, pipeline, PRIVATE, expected_revision=1)

    with pytest.raises(Conflict) as refused:
        await actions.set_access(world, pipeline, EVERYONE, expected_revision=1)

    assert refused.value.details == {"revision": 2}
    assert (await access_of_default(world))[0] == "PRIVATE"


async def test_of_two_changes_at_once_that_rest_on_one_revision_one_is_a_conflict(world: World) -> None:
    pipeline = await world.pipeline()

    outcomes = await concurrency.together(
        actions.set_access(world, pipeline, PRIVATE, expected_revision=1),
        actions.set_access(world, pipeline, RESTRICTED, expected_revision=1),
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["Conflict", "NoneType"]


async def test_two_changes_at_once_leave_the_grants_of_one_of_them(world: World) -> None:
    pipeline, users = await world.pipeline(), list(world.users.values())

    outcomes = await concurrency.together(
        *[actions.set_access(world, pipeline, RESTRICTED, Grantee(Level.VIEW, user_id=each.id)) for each in users]
    )

    assert outcomes == [None] * len(users)
    mode, revision, grants = await access_of_default(world)
    assert (mode, revision, len(grants)) == ("RESTRICTED", 1 + len(users), 1)


async def test_users_and_teams_that_are_not_of_the_account_are_not_found(world: World) -> None:
    pipeline = await world.pipeline()
    known = Grantee(Level.VIEW, user_id=world.users[Role.AGENT].id)

    with pytest.raises(NotFound) as user:
        await actions.set_access(world, pipeline, RESTRICTED, known, Grantee(Level.VIEW, user_id=new_id()))
    with pytest.raises(NotFound) as team:
        await actions.set_access(world, pipeline, RESTRICTED, Grantee(Level.VIEW, team_id=new_id()))

    assert user.value.field == ("grants", "1", "to", "userId")
    assert team.value.field == ("grants", "0", "to", "teamId")
    assert await access_of_default(world) == ("EVERYONE", 1, [])


async def test_a_grant_that_has_ended_already_is_refused(world: World) -> None:
    past = Grantee(Level.VIEW, user_id=world.users[Role.AGENT].id, until=datetime(2020, 1, 1, tzinfo=UTC))

    with pytest.raises(Invalid) as refused:
        await actions.set_access(world, await world.pipeline(), RESTRICTED, past)

    assert refused.value.field == ("grants", "0", "until")


async def test_nobody_is_granted_twice(world: World) -> None:
    twice = [Grantee(level, user_id=world.users[Role.AGENT].id) for level in (Level.VIEW, Level.EDIT)]

    with pytest.raises(Invalid) as refused:
        await actions.set_access(world, await world.pipeline(), RESTRICTED, *twice)

    assert refused.value.field == ("grants",)


async def test_more_than_five_hundred_grants_are_refused(world: World) -> None:
    many = [Grantee(Level.VIEW, user_id=new_id()) for _ in range(access.MOST_GRANTS + 1)]

    with pytest.raises(Invalid, match="500"):
        await actions.set_access(world, await world.pipeline(), RESTRICTED, *many)


async def test_access_to_a_pipeline_that_goes_meanwhile_is_not_found(world: World) -> None:
    returns = await world.add_pipeline()

    async with world.acting(Role.SUPER_ADMIN) as first:
        await tickets.delete_pipeline(first, await pipelines.find_pipeline(first, Ref(id=returns.id)))
        late = concurrency.start(actions.set_access(world, returns, PRIVATE))
        await concurrency.until_waiting(world)

    with pytest.raises(NotFound):
        await late
