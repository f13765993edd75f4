"""Tokens that nobody has are counted, for each network and each account, and past a limit they hear RATE_LIMITED, while
whoever has a good one never notices.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import delete, select

from domain import accounts
from domain.accounts.user import Throttle
from domain.database.model import new_id
from domain.unit_of_work import unbound
from policies import Role
from resolvers.throttle import SignInLimits
from server.auth.passwords import Argon2Passwords
from server.database.engine import Database
from server.settings import Settings
from tests.support import db_state
from tests.support.client import GRAPHQL, Api, cheap_passwords, make_api, token_of
from tests.support.statements import Statements, counting
from tests.support.world import World, make_world

HERE, ELSEWHERE = "203.0.113.40", "203.0.113.41"
MANY = "{ viewer { user { id } } account { id } again: account { id } }"


@pytest.fixture
async def world(database: Database) -> World:
    """An account of the test's own."""
    return await make_world(database.sessions)


@pytest.fixture
async def api(database: Database, settings: Settings) -> AsyncIterator[Api]:
    """The application with room for three guesses from a network, and five for an account; and with no counts yet."""
    async with unbound(database.sessions) as session:
        await session.execute(delete(Throttle))
    passwords: Argon2Passwords = cheap_passwords()
    limits = SignInLimits(guesses_per_address=3, guesses_per_account=5)
    made = make_api(database, settings, passwords, sign_in=limits)
    yield made
    await made.http.aclose()
    passwords.close()


async def send(
    api: Api, token: str, address: str = HERE, *, document: str = MANY, accept: str = GRAPHQL
) -> httpx.Response:
    """The response to an operation with a token, from a network address."""
    async with api.reaching(address) as http:
        headers = {"accept": accept, "authorization": f"Bearer {token}"}
        return await http.post("/graphql", json={"query": document}, headers=headers)


def guess(account_id: UUID) -> str:
    """A token that nobody has, of some account or none."""
    return accounts.make_token(account_id)[0]


def said(response: httpx.Response) -> set[str]:
    """The codes of a response."""
    return {error["extensions"]["code"] for error in response.json().get("errors", [])}


async def counts(api: Api) -> list[int]:
    """All counts that are kept."""
    async with unbound(api.database.sessions) as session:
        return sorted((await session.execute(select(Throttle.attempts))).scalars())


async def test_past_the_limit_a_guess_is_told_when_to_come_back(api: Api, world: World) -> None:
    answers = [await send(api, guess(world.account_id)) for _ in range(5)]

    assert [said(each) for each in answers] == [{"UNAUTHENTICATED"}] * 3 + [{"RATE_LIMITED"}] * 2
    assert [each.status_code for each in answers] == [200] * 3 + [429] * 2
    assert 1 <= int(answers[4].headers["retry-after"]) <= 900
    assert "data" not in answers[4].json()
    assert (await send(api, guess(world.account_id), accept="application/json")).status_code == 429
    assert said(await send(api, guess(world.account_id), ELSEWHERE)) == {"UNAUTHENTICATED"}


async def test_a_good_token_is_never_hindered_and_costs_no_statement_more(api: Api, world: World) -> None:
    token = await token_of(world, Role.AGENT)
    costs: list[int] = []

    async def cost() -> None:
        with counting(api.engine) as counted:
            assert said(await send(api, token)) == set()
        costs.append(counted.total)

    await cost()
    for _ in range(5):
        await send(api, guess(world.account_id))
    await cost()

    assert costs[0] == costs[1]


async def test_one_account_is_guarded_against_guesses_from_many_networks(api: Api, world: World) -> None:
    answers = [await send(api, guess(world.account_id), f"203.0.113.{50 + number}") for number in range(7)]

    assert [said(each) for each in answers] == [{"UNAUTHENTICATED"}] * 5 + [{"RATE_LIMITED"}] * 2
    assert said(await send(api, guess(new_id()), "203.0.113.60")) == {"UNAUTHENTICATED"}


async def test_a_whole_document_is_one_guess_and_nothing_is_written_past_the_limit(api: Api, world: World) -> None:
    kept: list[list[int]] = []
    for _ in range(6):
        await send(api, guess(world.account_id))
        kept.append(await counts(api))

    assert kept == [[1, 1], [2, 2], [3, 3], [3, 3], [3, 3], [3, 3]]


@pytest.mark.parametrize("end", ["expired", "revoked", "deactivated", "an older password"])
async def test_a_token_that_somebody_had_is_turned_away_without_being_counted(api: Api, world: World, end: str) -> None:
    lifetime = timedelta(seconds=-1) if end == "expired" else timedelta(hours=1)
    token = await token_of(world, Role.AGENT, lifetime=lifetime)
    ends = {
        "expired": "UPDATE token SET revoked_at = NULL",
        "revoked": "UPDATE token SET revoked_at = now()",
        "deactivated": "UPDATE account_user SET active = false WHERE name = 'Agent'",
        "an older password": "UPDATE token SET epoch = 0",
    }
    await db_state.execute(world, ends[end])

    answers = [await send(api, token) for _ in range(6)]

    assert [said(each) for each in answers] == [{"UNAUTHENTICATED"}] * 6
    assert await counts(api) == []


@pytest.mark.parametrize("token", ["x", f"sg_{'0' * 31}_x", "sgapp", "eyJhbGciOiJIUzI1NiJ9.e30.c2ln"])
async def test_what_cannot_be_a_token_asks_the_database_nothing(api: Api, token: str) -> None:
    with counting(api.engine) as counted:
        answers = [await send(api, token) for _ in range(5)]

    assert [said(each) for each in answers] == [{"UNAUTHENTICATED"}] * 5
    assert counted.total == 0


async def test_secrets_of_apps_are_guarded_alike(api: Api, world: World) -> None:
    def app_guess() -> str:
        return accounts.make_token(world.account_id, accounts.BearerKind.APP)[0]

    answers = [await send(api, app_guess()) for _ in range(4)]

    assert [said(each) for each in answers] == [{"UNAUTHENTICATED"}] * 3 + [{"RATE_LIMITED"}]


async def test_mutations_are_guarded_as_queries_are(api: Api, world: World) -> None:
    document = 'mutation { a: createPipeline(input: {label: "A"}) { userErrors { code } } }'

    answers = [await send(api, guess(world.account_id), document=document) for _ in range(4)]

    assert [each.status_code for each in answers] == [200, 200, 200, 429]


async def test_guessing_locks_nobody_out_of_signing_in(api: Api, world: World) -> None:
    for _ in range(5):
        await send(api, guess(world.account_id))

    document = 'mutation { signIn(input: {email: "nobody@nowhere.test", password: "x"}) { userErrors { code } } }'
    async with api.reaching(HERE) as http:
        answer: dict[str, Any] = (await http.post("/graphql", json={"query": document})).json()

    assert answer["data"]["signIn"]["userErrors"] == [{"code": "SIGN_IN_FAILED"}]


async def test_a_window_ends_by_itself(api: Api, world: World) -> None:
    for _ in range(4):
        await send(api, guess(world.account_id))
    async with unbound(api.database.sessions) as session:
        for row in (await session.execute(select(Throttle))).scalars():
            row.window_start -= timedelta(minutes=15)

    assert said(await send(api, guess(world.account_id))) == {"UNAUTHENTICATED"}


async def test_a_failing_guess_costs_a_fixed_number_of_statements(api: Api, world: World) -> None:
    costs: list[Statements] = []
    for _ in range(5):
        with counting(api.engine) as counted:
            await send(api, guess(world.account_id))
        costs.append(counted)

    # Tenant, admission, whether somebody had it; then tenant, what was counted, and, within the limits, two counts.
    assert [each.total for each in costs] == [7, 7, 7, 5, 5]
