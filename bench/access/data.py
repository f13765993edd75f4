"""Accounts to measure in: as many pipelines, grants, users and teams as asked for, made set by set as the operator.

What is looked at is the same in each of them: one pipeline with the default stages and its tickets, which one agent
reaches by a grant of their own and another by a team's. Everything else is other people's, so that what is shown does
not grow with the account.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from domain import accounts, pipelines
from domain.database.model import new_id
from domain.reference import Ref
from domain.unit_of_work import Sessions, UnitOfWork, reading, writing
from policies import Plan, Role, Tier
from schema.ids import Kind, global_id

CARDS = 200  # tickets in the pipeline that is looked at
ELSEWHERE = 2  # tickets in each of the others
DIRECT, BY_TEAM, ADMIN = "agent with a grant", "agent by a team", "super admin"

_USERS = """
INSERT INTO account_user (account_id, id, name, email, roles)
SELECT :account, uuidv7(), 'User ' || n, 'user-' || n || '@' || :slug || '.test', '{AGENT}'
  FROM generate_series(1, CAST(:users AS int)) AS n"""
_TEAMS = """
INSERT INTO team (account_id, id, name)
SELECT :account, uuidv7(), 'Team ' || n FROM generate_series(1, CAST(:n AS int)) AS n"""
_MEMBERS = """
INSERT INTO team_member (account_id, team_id, user_id)
SELECT :account, t.id, u.id
  FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM team WHERE account_id = :account) AS t
  JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM account_user
         WHERE account_id = :account AND email LIKE 'user-%') AS u ON u.n % CAST(:teams AS int) = t.n"""
_PIPELINES = """
INSERT INTO pipeline (account_id, id, internal_name, label, position, key_prefix, card)
SELECT :account, uuidv7(), 'many_' || n, 'Pipeline ' || n, 1 + n, 'P' || n, '{key,subject}'
  FROM generate_series(1, CAST(:n AS int)) AS n"""
_ACCESS = """
INSERT INTO pipeline_access (account_id, pipeline_id, mode)
SELECT account_id, id, 'RESTRICTED' FROM pipeline WHERE account_id = :account AND NOT is_default"""
_STAGES = """
INSERT INTO stage (account_id, id, pipeline_id, internal_name, label, state, position)
SELECT :account, uuidv7(), p.id, s.internal_name, s.label, s.state, s.position
  FROM pipeline p
  JOIN pipeline d ON d.account_id = p.account_id AND d.is_default
  JOIN stage s ON (s.account_id, s.pipeline_id) = (d.account_id, d.id)
 WHERE p.account_id = :account AND NOT p.is_default"""
_TICKETS = """
INSERT INTO ticket (account_id, id, pipeline_id, stage_id, rank, key, subject, owner_id, created_at, entered_at)
SELECT :account, uuidv7(), p.id, s.id, 'c' || lpad(n::text, 6, '0'), p.key_prefix || '-' || n, 'Ticket ' || n,
       (SELECT id FROM account_user WHERE account_id = :account ORDER BY id LIMIT 1), now(), now()
  FROM pipeline p
 CROSS JOIN generate_series(1, CASE WHEN p.id = :home THEN CAST(:cards AS int) ELSE CAST(:elsewhere AS int) END) AS n
  JOIN stage s ON (s.account_id, s.pipeline_id, s.position) = (p.account_id, p.id, 1 + n % 3)
 WHERE p.account_id = :account"""
_VISITS = """
INSERT INTO visit (account_id, id, ticket_id, pipeline_id, stage_id, entered_at, entered_by_kind)
SELECT account_id, uuidv7(), id, pipeline_id, stage_id, entered_at, 'OPERATOR'
  FROM ticket WHERE account_id = :account"""
_NUMBERS = "UPDATE pipeline SET last_number = 1000000 WHERE account_id = :account"
# Spread over all pipelines but the default one: to other users and, one in ten, to other teams.
_GRANTS = """
WITH size AS (SELECT CAST(:pipelines AS int) AS pipelines, CAST(:users AS int) AS users, CAST(:teams AS int) AS teams),
     g AS (SELECT (n - 1) % pipelines AS pipeline, (n - 1) / pipelines AS round, size.*
             FROM size, generate_series(1, CAST(:grants AS int)) AS n)
INSERT INTO pipeline_grant (account_id, id, pipeline_id, user_id, team_id, level)
SELECT :account, uuidv7(), p.id, CASE WHEN round % 10 < 9 THEN u.id END, CASE WHEN round % 10 = 9 THEN t.id END, 'EDIT'
  FROM g
  JOIN (SELECT id, row_number() OVER (ORDER BY position) - 1 AS n FROM pipeline
         WHERE account_id = :account AND NOT is_default) AS p ON p.n = g.pipeline
  JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM account_user
         WHERE account_id = :account AND email LIKE 'user-%') AS u ON u.n = (g.pipeline * 7 + g.round) % g.users
  JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM team
         WHERE account_id = :account AND name LIKE 'Team %') AS t ON t.n = (g.pipeline + g.round / 10) % g.teams
 WHERE p.id <> :home
    ON CONFLICT DO NOTHING"""
_OWN_GRANTS = """
INSERT INTO pipeline_grant (account_id, id, pipeline_id, user_id, team_id, level)
VALUES (:account, uuidv7(), :home, :user, NULL, 'EDIT'), (:account, uuidv7(), :home, NULL, :team, 'EDIT')"""
_HOME = "SELECT id FROM pipeline WHERE account_id = :account AND internal_name = 'many_' || :middle"


@dataclass(frozen=True)
class Size:
    """How much there is in an account."""

    pipelines: int
    grants: int
    users: int
    teams: int


@dataclass(frozen=True)
class Filled:
    """An account and what is looked at in it, as clients name it; `tokens` are those of the three who look."""

    account_id: UUID
    size: Size
    pipeline: str
    stages: list[str]
    tickets: list[str]
    tokens: dict[str, str]
    grants: int


async def fill(sessions: Sessions, slug: str, size: Size) -> Filled:
    """Make an account of this size."""
    account_id, plan = new_id(), Plan(Tier.ENTERPRISE, Tier.FREE)
    async with writing(sessions, account_id, accounts.as_founder(account_id, plan)) as work:
        await pipelines.create_account(work, name=slug.title(), slug=slug, plan=plan)
    operator = accounts.operator(account_id)
    async with writing(sessions, account_id, operator) as work:
        people = {name: await _add(work, name, slug) for name in (ADMIN, DIRECT, BY_TEAM)}
        await work.session.flush()
        team = await accounts.add_team(work, name="Looking", members=[people[BY_TEAM]])
        team_id = team.id
    async with writing(sessions, account_id, operator) as work:
        home = await _crowd(work, size, slug)
        own = {"account": account_id, "home": home, "user": people[DIRECT], "team": team_id}
        await work.session.execute(text(_OWN_GRANTS), own)
    tokens = {name: await _token(sessions, account_id, user) for name, user in people.items()}
    return await _look(sessions, account_id, size, home, tokens)


async def _add(work: UnitOfWork, name: str, slug: str) -> UUID:
    role = Role.SUPER_ADMIN if name == ADMIN else Role.AGENT
    email = f"{name.replace(' ', '-')}@{slug}.test"
    return (await accounts.add_user(work, name=name.title(), email=email, roles=frozenset({role}))).id


async def _crowd(work: UnitOfWork, size: Size, slug: str) -> UUID:
    """Everything else that is in the account; the pipeline in its middle is the one that is looked at."""
    given = {"account": work.account_id}

    async def run(statement: str, **more: object) -> None:
        await work.session.execute(text(statement), {**given, **more})

    await run(_USERS, users=size.users, slug=slug)
    await run(_TEAMS, n=size.teams)
    await run(_MEMBERS, teams=size.teams + 1)
    await run(_PIPELINES, n=size.pipelines)
    await run(_ACCESS)
    await run(_STAGES)
    middle = str(max(1, size.pipelines // 2))
    home: UUID = (await work.session.execute(text(_HOME), {**given, "middle": middle})).scalar_one()
    await run(_TICKETS, home=home, cards=CARDS, elsewhere=ELSEWHERE)
    await run(_VISITS)
    await run(_NUMBERS)
    # As many more as the looked-at pipeline, which has two of its own, is left out of.
    grants = size.grants - 2
    spread = grants * size.pipelines // max(1, size.pipelines - 1) + 1
    await run(_GRANTS, home=home, grants=spread, pipelines=size.pipelines, users=size.users, teams=size.teams)
    return home


async def _token(sessions: Sessions, account_id: UUID, user_id: UUID) -> str:
    async with writing(sessions, account_id, accounts.member(account_id, user_id)) as work:
        token, _ = await accounts.issue_token(work, user_id, timedelta(days=1))
    return token


async def _look(sessions: Sessions, account_id: UUID, size: Size, home: UUID, tokens: dict[str, str]) -> Filled:
    async with reading(sessions, account_id, accounts.operator(account_id)) as work:
        found = await pipelines.find_pipeline(work, Ref(id=home))
        some = "SELECT id FROM ticket WHERE account_id = :account AND pipeline_id = :home ORDER BY id LIMIT 20"
        tickets = (await work.session.execute(text(some), {"account": account_id, "home": home})).scalars().all()
        count = "SELECT count(*) FROM pipeline_grant WHERE account_id = :account"
        grants = (await work.session.execute(text(count), {"account": account_id})).scalar_one()
    return Filled(
        account_id=account_id,
        size=size,
        pipeline=global_id(Kind.PIPELINE, home),
        stages=[global_id(Kind.STAGE, stage.id) for stage in found.stages],
        tickets=[global_id(Kind.TICKET, ticket) for ticket in tickets],
        tokens=tokens,
        grants=grants,
    )
