"""Explaining a decision: it says what finders and the gate do, for every permission, and by which facts (B17)."""

from uuid import UUID

import pytest
from hypothesis import Phase, given, settings

from domain import access, pipelines, tickets
from domain.access import AccessMode, Explanation, Facts, Grantee, StepKind
from domain.accounts import User
from domain.actor import Actor
from domain.authorization import denial
from domain.database.model import new_id
from domain.errors import NotFound, NotPermitted, Refusal, Unauthenticated
from domain.pipelines import Pipeline
from domain.reference import Ref
from policies import Level, Permission, Role, Tier
from server.database.engine import Database
from tests.support import actions, db_state
from tests.support.random_access import CONSTELLATIONS, Constellation, Sky, make_sky
from tests.support.world import World, make_world

OF_TICKETS = {Permission.TICKET_WRITE, Permission.TICKET_DELETE}
Codes = dict[Permission, str | None]


@pytest.fixture(scope="module")
async def sky(database: Database) -> Sky:
    """One world for all constellations."""
    return await make_sky(await make_world(database.sessions))


def judged(actor: Actor, level: str | None, *, editable: bool) -> Codes:
    """What the gate answers to every permission once a finder has shown the thing."""
    refusals = {
        act: denial(actor, act, level=level, in_scope=editable if act in OF_TICKETS else True) for act in Permission
    }
    return {act: refusal.code if refusal else None for act, refusal in refusals.items()}


async def real(sky: Sky, user: User) -> tuple[Codes, Codes]:
    """What really happens to a user who comes to the pipeline, and to the ticket, with every permission."""
    hidden: Codes = dict.fromkeys(Permission, NotFound.code)
    try:
        async with sky.world.looking(user) as work:
            pipeline = await pipelines.find_pipeline(work, Ref(id=sky.pipeline.id))
            of_pipeline = judged(work.actor, pipeline.level, editable=work.actor.edits_tickets)
            found = await tickets.find_tickets(work, [sky.ticket])
            seen = [judged(work.actor, pipeline.level, editable=bool(each.editable)) for each in found.values()]
            return of_pipeline, seen[0] if seen else hidden
    except (NotFound, Unauthenticated):
        return hidden, hidden


async def explained(sky: Sky, user: User) -> tuple[Codes, Codes]:
    """What a super admin is told about the same."""
    async with sky.world.looking(Role.SUPER_ADMIN) as work:
        known = await access.find_facts(work, user.id, sky.pipeline.id)
        sight = await tickets.find_sight(work, await tickets.find_ticket(work, sky.ticket), known.actor)
    of_pipeline = {act: access.explain(known, act) for act in Permission}
    of_ticket = {act: access.explain(known, act, sight) for act in Permission}
    for each in (*of_pipeline.values(), *of_ticket.values()):
        assert_whole(each)
    return {act: each.code for act, each in of_pipeline.items()}, {act: each.code for act, each in of_ticket.items()}


def assert_whole(explanation: Explanation) -> None:
    """Every step is told, in its order, and the facts agree with the outcome."""
    assert [step.kind for step in explanation.steps] == list(StepKind)
    assert (explanation.code is None) == all(step.passed for step in explanation.steps)
    counting = [grant.level for grant in explanation.facts.grants if grant.counts]
    known = explanation.facts
    if known.mode is AccessMode.RESTRICTED and not known.actor.is_super_admin and known.actor.permissions:
        assert min(counting, default=None) == known.level
    passed = {step.kind: step.passed for step in explanation.steps}
    assert passed[StepKind.PERMISSION] == bool(explanation.roles or explanation.custom_roles)


@given(CONSTELLATIONS)
@settings(max_examples=60, phases=[Phase.generate])
async def test_in_every_constellation_it_says_what_finders_and_the_gate_do(
    sky: Sky, constellation: Constellation
) -> None:
    await sky.lay(constellation)

    for user in sky.members:
        assert await explained(sky, user) == await real(sky, user)


@pytest.fixture
async def returns(world: World) -> Pipeline:
    """A restricted pipeline."""
    made = await world.add_pipeline()
    await actions.set_access(world, made, AccessMode.RESTRICTED)
    return made


async def facts_about(world: World, user: UUID, pipeline: Pipeline, *, by: Role = Role.SUPER_ADMIN) -> Facts:
    async with world.looking(by) as work:
        return await access.find_facts(work, user, pipeline.id)


async def test_the_grants_that_count_are_told_from_those_that_do_not(world: World, returns: Pipeline) -> None:
    agent, admin = world.users[Role.AGENT].id, world.users[Role.SUPER_ADMIN].id
    await actions.grant(world, returns, Grantee(Level.EDIT, user_id=agent))
    await actions.grant(world, returns, Grantee(Level.VIEW, team_id=world.teams["blue"].id))
    await actions.grant(world, returns, Grantee(Level.EDIT, team_id=world.teams["red"].id))
    await db_state.execute(world, "UPDATE pipeline_grant SET until = now() WHERE user_id IS NOT NULL")

    known = await facts_about(world, agent, returns)

    ended, through_blue = known.grants
    assert (ended.level, ended.team_id, ended.counts) == (Level.EDIT, None, False)
    assert ended.until is not None
    assert (through_blue.level, through_blue.team_id) == (Level.VIEW, world.teams["blue"].id)
    assert (through_blue.by, through_blue.until, through_blue.counts) == (admin, None, True)
    explanation = access.explain(known, Permission.TICKET_WRITE)
    assert (explanation.code, known.level) == (NotPermitted.code, Level.VIEW)
    assert explanation.sentence == "ticket:write needs EDIT level, and Agent has VIEW."


@pytest.mark.parametrize(
    ("permission", "tier", "code", "said"),
    [
        (Permission.STAGE_ADD, Tier.FREE, "PLAN_TOO_LOW", "needs the STARTER plan"),
        (Permission.STAGE_ADD, Tier.STARTER, None, "Settings_Editor may do this: stage:add."),
        (Permission.TICKET_WRITE, Tier.STARTER, "NOT_PERMITTED", "AGENT is the least that does"),
    ],
)
async def test_the_first_step_that_does_not_let_pass_is_the_answer(
    world: World, permission: Permission, tier: Tier, code: str | None, said: str
) -> None:
    await world.on(tier)

    known = await facts_about(world, world.users[Role.SETTINGS_EDITOR].id, await world.pipeline())

    explanation = access.explain(known, permission)
    assert explanation.code == code
    assert said in explanation.sentence


async def test_who_is_not_active_is_never_allowed_and_it_says_so(world: World) -> None:
    admin = world.users[Role.SETTINGS_EDITOR]
    await db_state.execute(
        world, "UPDATE account_user SET active = false, roles = '{SUPER_ADMIN}' WHERE id = :id", id=admin.id
    )

    explanation = access.explain(await facts_about(world, admin.id, await world.pipeline()), Permission.PIPELINE_VIEW)

    assert explanation.code == NotFound.code
    assert explanation.sentence == "Settings_Editor is not an active user of the account."
    assert [step.kind for step in explanation.steps if not step.passed] == [StepKind.TENANT]


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.SUPER_ADMIN, Role.OPERATOR}])
async def test_others_ask_about_themselves_and_nobody_else(world: World, role: Role) -> None:
    pipeline = await world.pipeline()

    mine = await facts_about(world, world.users[role].id, pipeline, by=role)
    refused: list[type[Refusal]] = []
    for other in (world.users[Role.SUPER_ADMIN].id, new_id()):
        with pytest.raises(NotPermitted) as refusal:
            await facts_about(world, other, pipeline, by=role)
        refused.append(type(refusal.value))

    assert mine.actor.id == world.users[role].id
    assert refused == [NotPermitted, NotPermitted]


async def test_nobody_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        await facts_about(world, new_id(), await world.pipeline())
