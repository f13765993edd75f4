"""What a plan below PROFESSIONAL leaves of managing access: to narrow it and to lift it (B20, decision 18)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access import AccessMode, AccessState, Grantee, is_restriction
from domain.errors import Conflict, PlanTooLow
from domain.reference import Ref
from policies import Level, Role, Tier
from tests.support import actions, db_state
from tests.support.world import World

EVERYONE, PRIVATE, RESTRICTED = AccessMode.EVERYONE, AccessMode.PRIVATE, AccessMode.RESTRICTED
NOW = datetime(2030, 1, 1, tzinfo=UTC)
PAST, SOON, LATE = NOW - timedelta(days=1), NOW + timedelta(days=1), NOW + timedelta(days=9)
KIM, LEE, BLUE = UUID(int=1), UUID(int=2), UUID(int=3)

VIEW, EDIT = Grantee(Level.VIEW, user_id=KIM), Grantee(Level.EDIT, user_id=KIM)
OTHER, TEAM = Grantee(Level.EDIT, user_id=LEE), Grantee(Level.VIEW, team_id=BLUE)


def until(grant: Grantee, end: datetime) -> Grantee:
    return grant._replace(until=end)


@pytest.mark.parametrize("grants", [[], [VIEW], [EDIT, TEAM]])
@pytest.mark.parametrize(
    ("before", "after", "reduces"),
    [
        (RESTRICTED, EVERYONE, True),
        (PRIVATE, EVERYONE, True),
        (EVERYONE, EVERYONE, True),
        (PRIVATE, PRIVATE, True),
        (RESTRICTED, RESTRICTED, True),
        (RESTRICTED, PRIVATE, True),
        (EVERYONE, PRIVATE, False),
        (EVERYONE, RESTRICTED, False),
    ],
)
def test_a_mode_is_lifted_or_narrowed_and_nothing_that_is_open_is_restricted(
    before: AccessMode, after: AccessMode, *, reduces: bool, grants: list[Grantee]
) -> None:
    assert is_restriction(AccessState(before, grants), AccessState(after, grants), NOW) is reduces


@pytest.mark.parametrize("mode", AccessMode)
@pytest.mark.parametrize(
    ("before", "after", "reduces"),
    [
        ([VIEW, OTHER], [VIEW], True),
        ([VIEW, OTHER], [OTHER, VIEW], True),
        ([EDIT], [VIEW], True),
        ([EDIT], [until(EDIT, SOON)], True),
        ([until(EDIT, LATE)], [until(VIEW, SOON)], True),
        ([until(EDIT, PAST)], [until(EDIT, PAST)], True),
        ([], [VIEW], False),
        ([VIEW], [EDIT], False),
        ([VIEW], [until(EDIT, SOON)], False),
        ([until(VIEW, SOON)], [VIEW], False),
        ([until(VIEW, SOON)], [until(VIEW, LATE)], False),
        ([until(VIEW, PAST)], [until(VIEW, SOON)], False),
        ([EDIT], [Grantee(Level.VIEW, user_id=LEE)], False),
        ([EDIT], [Grantee(Level.VIEW, team_id=KIM)], False),
        ([EDIT], [EDIT, TEAM], False),
    ],
)
def test_grants_become_fewer_lower_and_shorter_only_under_every_mode(
    before: list[Grantee], after: list[Grantee], *, reduces: bool, mode: AccessMode
) -> None:
    assert is_restriction(AccessState(mode, before), AccessState(mode, after), NOW) is reduces


def test_from_private_to_restricted_nobody_comes_in_by_a_grant_that_slept() -> None:
    private = AccessState(PRIVATE, [VIEW, until(OTHER, PAST)])

    assert not is_restriction(private, AccessState(RESTRICTED, [VIEW]), NOW)
    assert is_restriction(private, AccessState(RESTRICTED, [until(OTHER, PAST)]), NOW)
    assert is_restriction(private, AccessState(RESTRICTED, []), NOW)


def test_lifting_a_restriction_is_no_way_to_grant_something_for_later() -> None:
    assert not is_restriction(AccessState(RESTRICTED, [VIEW]), AccessState(EVERYONE, [EDIT]), NOW)


ENDS = st.sampled_from([None, PAST, SOON, LATE])
ONE = st.builds(
    Grantee, level=st.sampled_from([Level.VIEW, Level.EDIT]), user_id=st.sampled_from([KIM, LEE]), until=ENDS
)
A_TEAM = st.builds(Grantee, level=st.sampled_from([Level.VIEW, Level.EDIT]), team_id=st.just(BLUE), until=ENDS)
GRANTS = st.lists(ONE | A_TEAM, max_size=3, unique_by=lambda grant: (grant.user_id, grant.team_id))
STANDINGS = st.builds(AccessState, st.sampled_from(AccessMode), GRANTS)
RANKS = {None: 0, Level.VIEW: 1, Level.EDIT: 2}


def level(of: AccessState, user: UUID, teams: set[UUID], at: datetime) -> int:
    """What somebody who neither made the pipeline nor is a super admin has on it, as `seeing` says it in SQL."""
    if of.mode is not RESTRICTED:
        return RANKS[Level.EDIT if of.mode is EVERYONE else None]
    mine = [each for each in of.grants if each.user_id == user or each.team_id in teams]
    return max((RANKS[each.level] for each in mine if each.until is None or each.until > at), default=0)


@given(STANDINGS, STANDINGS)
def test_a_reduction_gives_nobody_more_now_or_later_unless_it_lifts(before: AccessState, after: AccessState) -> None:
    if not is_restriction(before, after, NOW) or after.mode is EVERYONE:
        return

    for user in (KIM, LEE):
        for teams in (set[UUID](), {BLUE}):
            for at in (NOW, SOON, LATE):
                assert level(after, user, teams, at) <= level(before, user, teams, at)


@given(STANDINGS, STANDINGS, STANDINGS)
def test_no_row_of_reductions_leads_further_than_one(
    first: AccessState, second: AccessState, third: AccessState
) -> None:
    if is_restriction(first, second, NOW) and is_restriction(second, third, NOW):
        assert is_restriction(first, third, NOW)


@given(STANDINGS)
def test_leaving_everything_as_it_is_reduces(standing: AccessState) -> None:
    assert is_restriction(standing, standing, NOW)


@pytest.mark.parametrize("tier", [Tier.FREE, Tier.STARTER])
async def test_after_a_downgrade_access_is_narrowed_and_lifted_and_never_widened(world: World, tier: Tier) -> None:
    returns, agent = await world.add_pipeline(), world.users[Role.AGENT].id
    edit, blue = Grantee(Level.EDIT, user_id=agent), Grantee(Level.VIEW, team_id=world.teams["blue"].id)
    await actions.set_access(world, returns, RESTRICTED, edit, blue)
    await world.on(tier)

    for mode, grants in (
        (RESTRICTED, [edit, blue, Grantee(Level.VIEW, user_id=world.users[Role.VIEWER].id)]),
        (RESTRICTED, [edit, blue._replace(level=Level.EDIT)]),
        (EVERYONE, [edit, blue._replace(level=Level.EDIT)]),
    ):
        with pytest.raises(PlanTooLow):
            await actions.set_access(world, returns, mode, *grants)
    async with db_state.recorded(world) as happened:
        await actions.set_access(world, returns, RESTRICTED, edit._replace(level=Level.VIEW), blue)
        await actions.set_access(world, returns, RESTRICTED, edit._replace(level=Level.VIEW))
        await actions.set_access(world, returns, PRIVATE)
        await actions.set_access(world, returns, RESTRICTED)
        await actions.set_access(world, returns, EVERYONE)
    with pytest.raises(PlanTooLow):
        await actions.set_access(world, returns, PRIVATE)

    assert db_state.kinds(happened) == ["PIPELINE_ACCESS_UPDATED"] * 5


async def test_setting_what_stands_is_no_change_on_any_plan(world: World) -> None:
    returns = await world.add_pipeline()
    grant = Grantee(Level.EDIT, user_id=world.users[Role.AGENT].id)
    await actions.set_access(world, returns, RESTRICTED, grant)
    await world.on(Tier.FREE)

    async with db_state.recorded(world) as happened:
        await actions.set_access(world, returns, RESTRICTED, grant)

    assert happened == []


async def test_the_plan_is_looked_at_before_the_revision(world: World) -> None:
    returns = await world.add_pipeline()
    await world.on(Tier.FREE)

    with pytest.raises(PlanTooLow):
        await actions.set_access(world, returns, PRIVATE, expected_revision=4711)
    with pytest.raises(Conflict):
        await actions.set_access(world, returns, EVERYONE, expected_revision=4711)


async def test_a_deleted_pipeline_takes_its_grants_with_it_on_any_plan(world: World) -> None:
    returns = await world.add_pipeline()
    await actions.set_access(world, returns, RESTRICTED, Grantee(Level.EDIT, user_id=world.users[Role.AGENT].id))
    await world.on(Tier.FREE)

    await actions.delete_pipeline(world, Ref(id=returns.id), who=Role.SUPER_ADMIN)

    assert [each.kind for each in await db_state.events(world, returns.id)][-1] == "PIPELINE_DELETED"
