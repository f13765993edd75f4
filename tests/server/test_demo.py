"""The demo account: who and what is in it, and the same tickets for the same seed wherever they are invented."""

import hashlib
import os
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from domain import access, accounts, pipelines
from domain.access import AccessMode
from domain.accounts import Team, User
from domain.imports import ImportSummary
from domain.tickets.ticket import ImportedTicket, Ticket
from domain.tickets.visit import Visit
from domain.unit_of_work import reading, unbound
from policies import Role
from server.auth.passwords import Argon2Passwords
from server.database.embedded import Cluster
from server.database.engine import Database
from server.demo import PEOPLE, SLUG, fill_demo, find_demo, found_demo
from server.demo.random_tickets import REFERENCE, invent
from server.errors import CannotStart
from server.settings import Settings
from tests.support import actions, db_state
from tests.support import cluster as support
from tests.support.world import LIMITS, World


@pytest.fixture
async def database(cluster: Cluster, settings: Settings) -> AsyncIterator[Database]:
    """A database without any account."""
    name = f"demo_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    async with support.fresh_database(cluster, name) as addresses:
        opened = Database(addresses, settings)
        yield opened
        await opened.close()


@pytest.fixture
async def demo(database: Database) -> tuple[World, dict[str, str]]:
    """The demo account without tickets, and its passwords."""
    account_id, passwords = await found_demo(database.sessions, LIMITS)
    async with reading(database.sessions, account_id, accounts.operator(account_id)) as work:
        users = {user.email: user for user in await accounts.list_users(work)}
        teams = {team.name: team for team in await accounts.list_teams(work)}
    by_role = {person.role: users[person.email] for person in reversed(PEOPLE)}
    return World(database.sessions, account_id, SLUG, by_role, users["ben@demo.test"], teams), passwords


async def fill(world: World, count: int, seed: int = 1) -> ImportSummary:
    """Fill it."""
    return await fill_demo(world.sessions, world.account_id, count, seed, lambda _: None)


async def test_everybody_is_there_and_can_sign_in(demo: tuple[World, dict[str, str]]) -> None:
    world, passwords = demo
    hasher = Argon2Passwords()

    users = {user.email: user for user in await db_state.rows(world, select(User))}
    assert {email: user.role_set for email, user in users.items()} == {
        "ada@demo.test": {Role.SUPER_ADMIN},
        "sam@demo.test": {Role.SETTINGS_EDITOR},
        "wes@demo.test": {Role.WORKFLOW_EDITOR},
        "amy@demo.test": {Role.AGENT},
        "ben@demo.test": {Role.AGENT},
        "vic@demo.test": {Role.VIEWER},
    }
    assert len(await db_state.rows(world, select(Team))) == 2
    assert passwords.keys() == users.keys()
    assert len(set(passwords.values())) == len(users)
    for email, password in passwords.items():
        async with unbound(world.sessions) as session:
            identity = await accounts.find_identity(session, email)
        assert identity is not None
        assert await hasher.verify(identity.password_hash, password)
    hasher.close()


async def test_it_is_on_enterprise_with_three_pipelines_one_of_them_restricted(
    demo: tuple[World, dict[str, str]],
) -> None:
    world, _ = demo

    async with world.looking(Role.SUPER_ADMIN) as work:
        everything = await pipelines.list_pipelines(work)
        modes = await access.find_access(work, [pipeline.id for pipeline in everything])
        account = await accounts.find_account(work)
    async with world.looking(Role.VIEWER) as work:
        seen_by_vic = await pipelines.list_pipelines(work)

    assert account.service_tier == "ENTERPRISE"
    assert [pipeline.label for pipeline in everything] == ["Support Pipeline", "Onboarding", "Billing"]
    assert [modes[pipeline.id].mode for pipeline in everything] == [
        AccessMode.EVERYONE,
        AccessMode.EVERYONE,
        AccessMode.RESTRICTED,
    ]
    assert [pipeline.label for pipeline in seen_by_vic] == ["Support Pipeline", "Onboarding"]
    assert await find_demo(world.sessions) == world.account_id


async def test_tickets_are_as_they_were_invented(demo: tuple[World, dict[str, str]]) -> None:
    world, _ = demo
    await fill(world, 60)

    origins = {each.ticket_id: int(each.number) for each in await db_state.rows(world, select(ImportedTicket))}
    stages = {stage.id: (pipeline.label, stage.internal_name)
              for pipeline in [await world.pipeline(), *(await other_pipelines(world))]
              for stage in pipeline.stages}  # fmt: skip
    emails = {user.id: user.email for user in await db_state.rows(world, select(User))}
    for ticket in await db_state.rows(world, select(Ticket)):
        label, history = invent(1, origins[ticket.id])
        last = history.steps[-1]
        assert ticket.stage_id is not None
        assert stages[ticket.stage_id] == (label, last.stage)
        assert (ticket.subject, ticket.content, ticket.priority) == last.says[:3]
        assert (emails[ticket.owner_id] if ticket.owner_id else None) == last.says.owner
        assert (ticket.created_at, ticket.entered_at) == (history.steps[0].at, history.entered_at)
    assert len(origins) == 60
    await db_state.assert_sound(world)


async def other_pipelines(world: World) -> list[pipelines.Pipeline]:
    """All but the default one."""
    async with world.looking(Role.SUPER_ADMIN) as work:
        return [pipeline for pipeline in await pipelines.list_pipelines(work) if not pipeline.is_default]


async def test_the_same_seed_again_adds_only_what_is_missing(demo: tuple[World, dict[str, str]]) -> None:
    world, _ = demo

    first, again, more, other = (
        await fill(world, 20),
        await fill(world, 20),
        await fill(world, 30),
        await fill(world, 5, 2),
    )

    assert (first.new, again.new, again.unchanged) == (20, 0, 20)
    assert (more.new, more.unchanged, other.new) == (10, 20, 5)
    assert len(await db_state.rows(world, select(Visit))) == first.visits + more.visits + other.visits


async def test_a_pipeline_that_is_no_longer_what_it_was_is_told(demo: tuple[World, dict[str, str]]) -> None:
    world, _ = demo
    await actions.delete_stage(world, "waiting_on_us")

    with pytest.raises(CannotStart, match="no longer has its pipeline 'Support Pipeline'"):
        await fill(world, 5)


def test_what_is_invented_is_the_same_everywhere_and_always() -> None:
    told = hashlib.sha256()
    for place in range(1, 301):
        label, history = invent(7, place)
        steps = [(step.at.isoformat(), step.stage, str(step.actor), *map(str, step.says)) for step in history.steps]
        told.update(f"{label} {history.number} {steps} {history.digests.hex()}".encode())

    assert told.hexdigest() == "586ae20a34293230d8426c9dc95577283dfbc39f1c91fc32aba61fa2aae85de5"


def test_it_is_lifelike() -> None:
    invented = [invent(1, place) for place in range(1, 2001)]

    ends = [history.steps[-1].stage for label, history in invented if label == "Support Pipeline"]
    assert 0.2 < sum(end != "closed" for end in ends) / len(ends) < 0.6
    assert {"new", "waiting_on_us", "waiting_on_contact", "closed"} == set(ends)
    assert all(history.steps[-1].at < REFERENCE for _, history in invented)
    assert len({history.steps[0].says.subject for _, history in invented}) > 500
    assert len({history.steps[0].says.content for _, history in invented}) > 1500
