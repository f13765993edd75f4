"""Making accounts to measure on: people and pipeline by the product's own verbs, tickets by set-based SQL.

An account's slug says what is in it, so whatever is there already is not made again. Nothing is random.
"""

from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import asyncpg
from sqlalchemy import update

from domain import accounts, pipelines
from domain.accounts import User
from domain.actor import Reach
from domain.database.model import new_id
from domain.pipelines import Pipeline, StageDraft, StageState
from domain.unit_of_work import Sessions, UnitOfWork, reading, unbound, writing
from policies import Plan, Role, Tier

_SEED = "1"
_USERS, _TEAMS = 50, 5
_HERE = Path(__file__).parent
_PLAN = Plan(Tier.ENTERPRISE, Tier.FREE)
_LIMITS = dict.fromkeys(Tier, 100)
_LABEL = "Service"


class Size(NamedTuple):
    """How much one account holds."""

    tickets: int
    stages: int = 6


def slug_of(size: Size, number: int) -> str:
    """What the account of that size and number is called."""
    return f"bench-{size.tickets}-{size.stages}-{number}"


def email_of(role: Role, slug: str) -> str:
    """The address of the super admin, or of the agent who sees the tickets of a team."""
    return f"{role.value.replace('_', '-')}@{slug}.test"


async def make_account(sessions: Sessions, owner: asyncpg.Connection, size: Size, number: int) -> UUID:
    """The account of that size and number, made unless it is there and whole."""
    slug = slug_of(size, number)
    async with unbound(sessions) as session:
        found = await accounts.look_up(session, accounts.DirectoryKind.ACCOUNT, slug)
    account = found[0].account_id if found else await _found(sessions, slug, size.stages)
    async with reading(sessions, account, accounts.operator(account)) as work:
        pipeline = await service_pipeline(work)
        users = [user.id for user in await accounts.list_users(work)]
        teams = [team.id for team in await accounts.list_teams(work)]
    if pipeline.last_number < size.tickets:
        await _fill(owner, account, pipeline, (sorted(users), sorted(teams)), (size.tickets, f"{_SEED} {slug}"))
    return account


async def service_pipeline(work: UnitOfWork) -> Pipeline:
    """The pipeline that holds the tickets."""
    return next(each for each in await pipelines.list_pipelines(work) if each.label == _LABEL)


async def _found(sessions: Sessions, slug: str, stages: int) -> UUID:
    account = new_id()
    async with writing(sessions, account, accounts.as_founder(account, _PLAN)) as work:
        await pipelines.create_account(work, name=slug, slug=slug, plan=_PLAN)
        people = [await _add(work, f"Agent {place:02}", f"agent-{place}@{slug}.test") for place in range(_USERS - 2)]
        await _add(work, "Super Admin", email_of(Role.SUPER_ADMIN, slug), Role.SUPER_ADMIN)
        scoped = await _add(work, "Agent of a team", email_of(Role.AGENT, slug))
        people.append(scoped)
        for place in range(_TEAMS):
            await accounts.add_team(work, name=f"Team {place + 1}", members=people[place::_TEAMS])
        await work.session.execute(
            update(User)
            .where(User.account_id == account, User.id == scoped)
            .values(view_reach=Reach.TEAM.value, view_unassigned=False)
        )
        drafts = [StageDraft(f"Stage {place + 1}", _state(place, stages)) for place in range(stages)]
        await pipelines.create_pipeline(work, label=_LABEL, stages=drafts, limits=_LIMITS)
    return account


def _state(place: int, stages: int) -> StageState:
    """The last third is closed."""
    return StageState.CLOSED if place >= stages - max(1, stages // 3) else StageState.OPEN


async def _add(work: UnitOfWork, name: str, email: str, role: Role = Role.AGENT) -> UUID:
    user = await accounts.add_user(work, name=name, email=email, roles=frozenset({role}))
    await work.session.flush()
    return user.id


async def _fill(
    owner: asyncpg.Connection,
    account: UUID,
    pipeline: Pipeline,
    people: tuple[list[UUID], list[UUID]],
    counted: tuple[int, str],
) -> None:
    closed = [stage.state == StageState.CLOSED.value for stage in pipeline.stages]
    stages = [stage.id for stage in pipeline.stages]
    await owner.execute(_sql("rank"))
    async with owner.transaction():
        await owner.execute("SELECT set_config('app.account', $1, true)", str(account))
        (count, seed), (users, teams) = counted, people
        arguments = (account, pipeline.id, pipeline.key_prefix, count, stages, closed, users, teams, seed)
        await owner.execute(_sql("tickets"), *arguments, timeout=None)
        await owner.execute(_sql("lives"), account, pipeline.id)


def _sql(name: str) -> str:
    return (_HERE / f"{name}.sql").read_text(encoding="utf-8")
