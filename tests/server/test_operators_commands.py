"""What operators and scripts call: `token`, `plan` and `demo`, and how they decline."""

import re
import subprocess
from collections.abc import Callable

import pytest

from domain import accounts
from domain.accounts import VerifiedIdentity
from domain.unit_of_work import reading, unbound
from policies import Role
from server.database.engine import Database
from server.settings import Databases
from tests.support.cluster import scratch
from tests.support.process import command
from tests.support.world import World, make_world

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(databases: Databases) -> Run:
    """Runs a command on the database of the tests."""
    addresses = {"SLUICEGATE_DATABASE_URL": databases.serving, "SLUICEGATE_OWNER_DATABASE_URL": databases.owner or ""}
    return lambda *arguments: command(*arguments, **addresses)


@pytest.fixture
async def world(database: Database) -> World:
    """An account of its own."""
    return await make_world(database.sessions)


async def test_a_token_stands_alone_and_lets_its_user_in(world: World, run: Run) -> None:
    user = world.users[Role.AGENT]

    done = run("token", str(user.email).upper())

    assert (done.returncode, done.stderr) == (0, "")
    _, account_id, secret_hash = accounts.read_token(done.stdout.removesuffix("\n"))
    async with reading(world.sessions, account_id, accounts.session(account_id, secret_hash)) as work:
        assert work.actor.id == user.id


async def test_who_is_in_several_accounts_must_say_which(database: Database, run: Run) -> None:
    first = await make_world(database.sessions, email="twice.test")
    second = await make_world(database.sessions, email="twice.test")

    unnamed = run("token", "agent@twice.test")
    named = run("token", "agent@twice.test", "--account", second.slug)

    assert (unnamed.returncode, unnamed.stdout) == (1, "")
    assert re.search(f"--account: .*{min(first.slug, second.slug)}, {max(first.slug, second.slug)}", unnamed.stderr)
    assert accounts.read_token(named.stdout.strip()).account_id == second.account_id


async def test_who_was_linked_to_an_identity_provider_is_unlinked(world: World, run: Run) -> None:
    email = str(world.users[Role.AGENT].email)
    async with unbound(world.sessions) as session:
        identity = await accounts.find_identity(session, email)
    assert identity is not None
    async with world.acting(Role.AGENT) as work:
        vouched = VerifiedIdentity("https://id.test", world.slug, email)
        await accounts.link_identity(work, world.users[Role.AGENT].id, identity, vouched)

    first, again = run("unlink", email), run("unlink", email)

    assert (first.returncode, again.returncode) == (0, 0)
    assert first.stdout == f"{email} is linked anew at the next sign-in by the identity provider.\n"
    assert again.stdout == f"{email} was not linked to an identity provider.\n"


async def test_there_is_no_token_for_nobody(world: World, run: Run) -> None:
    unknown = run("token", "nobody@demo.test")
    elsewhere = run("token", "nobody@demo.test", "--account", world.slug)

    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert unknown.stderr == "sluicegate: There is no user 'nobody@demo.test'.\n"
    assert elsewhere.stderr == f"sluicegate: There is no user 'nobody@demo.test' in the account {world.slug!r}.\n"


async def test_an_operator_sets_the_plan(world: World, run: Run) -> None:
    done = run("plan", "professional", "--marketing", "STARTER", "--account", world.slug)

    async with world.looking(Role.OPERATOR) as work:
        account = await accounts.find_account(work)
    assert done.returncode == 0
    assert done.stdout == f"The account {world.slug} is on PROFESSIONAL, and on STARTER of marketing.\n"
    assert (account.service_tier, account.marketing_tier) == ("PROFESSIONAL", "STARTER")


def test_a_plan_that_is_none_is_refused(run: Run) -> None:
    assert run("plan", "PLATINUM").returncode == 2


def test_the_demo_is_made_once_and_the_only_account_needs_no_name() -> None:
    data_dir = scratch("operators")

    made = command("demo", "--tickets", "12", "--seed", "3", "--data-dir", data_dir)
    again = command("demo", "--tickets", "12", "--seed", "3", "--data-dir", data_dir)
    plan = command("plan", "STARTER", "--data-dir", data_dir)

    assert re.findall(r"^  (\w+)@demo\.test +(\w+) +\S{16}$", made.stdout, re.MULTILINE) == [
        ("ada", "SUPER_ADMIN"),
        ("sam", "SETTINGS_EDITOR"),
        ("wes", "WORKFLOW_EDITOR"),
        ("amy", "AGENT"),
        ("ben", "AGENT"),
        ("vic", "VIEWER"),
    ]
    assert "The demo account has 12 tickets of seed 3." in made.stdout
    assert "12/12" in made.stderr
    assert again.stdout == "The demo account has 12 tickets of seed 3; 12 of them were there already.\n"
    assert plan.stdout.startswith("The account demo is on STARTER")
