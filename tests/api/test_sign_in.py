"""signIn: from an e-mail address and a password to a token, and failures that are all alike (settled choice 1)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from policies import Role
from resolvers.throttle import SignInLimits
from server.auth.passwords import Argon2Passwords
from server.database.engine import Database
from server.settings import Settings
from tests.support import db_state
from tests.support.client import Api, Client, Json, make_api
from tests.support.operations import Apart
from tests.support.world import World, make_world

OPERATION = Apart("It takes no token.")


PASSWORD = "correct horse battery staple"
FAILED = {
    "__typename": "PlainError",
    "code": "SIGN_IN_FAILED",
    "message": "The e-mail address or the password is not right.",
    "field": None,
}
_addresses = count(1)


class CountingPasswords(Argon2Passwords):
    """The real thing, which counts how often it verified."""

    verified = 0

    async def verify(self, stored: str | None, password: str) -> bool:
        """Verify and count."""
        self.verified += 1
        return await super().verify(stored, password)


def email_of(world: World, role: Role = Role.AGENT) -> str:
    """The e-mail address of somebody."""
    return world.users[role].email or ""


async def give_password(world: World, passwords: Argon2Passwords, role: Role = Role.AGENT) -> None:
    """Let somebody in the world have the password."""
    statement = "UPDATE identity SET password_hash = :hash WHERE email = :email"
    await db_state.execute(world, statement, hash=await passwords.hash(PASSWORD), email=email_of(world, role))


async def sign_in(api: Api, address: str | None = None, **given: Any) -> Json:
    """Try to sign in, from a network address that nobody has used unless one is given."""
    async with api.reaching(address or f"198.51.100.{next(_addresses)}") as http:
        return await Client(http).do("signIn", "token expiresAt user { email }", **given)


async def test_the_right_password_gives_a_token_that_holds(api: Api, world: World, passwords: Argon2Passwords) -> None:
    await give_password(world, passwords)

    done = await sign_in(api, email=email_of(world).upper(), password=PASSWORD)

    assert done["userErrors"] == []
    assert done["user"] == {"email": email_of(world)}
    assert datetime.fromisoformat(done["expiresAt"]) - datetime.now(UTC) > timedelta(days=29)
    viewer = await api.bearing(done["token"]).run("{ viewer { roles account { slug } } }")
    assert viewer["viewer"] == {"roles": ["AGENT"], "account": {"slug": world.slug}}
    assert "SIGNED_IN" in db_state.kinds(await db_state.events(world, world.users[Role.AGENT].id))


@pytest.mark.parametrize("account", [None, "its own"])
async def test_the_account_may_be_named_or_be_null(
    api: Api, world: World, passwords: Argon2Passwords, account: str | None
) -> None:
    await give_password(world, passwords)

    done = await sign_in(api, email=email_of(world), password=PASSWORD, account=account and world.slug)

    assert done["token"]


async def test_all_failures_are_one_and_cost_one_verification(
    database: Database, settings: Settings, passwords: Argon2Passwords, world: World
) -> None:
    counting = CountingPasswords(passwords._hasher)
    api = make_api(database, settings, counting)
    other = await make_world(database.sessions)
    for role in (Role.AGENT, Role.VIEWER):
        await give_password(world, passwords, role)
    await db_state.execute(world, "UPDATE account_user SET active = false WHERE name = 'Viewer'")
    right = {"email": email_of(world), "password": PASSWORD}
    failing: list[Mapping[str, str]] = [
        {"email": "nobody@nowhere.test", "password": PASSWORD},
        {"email": "", "password": ""},
        {**right, "password": "guess"},
        {**right, "password": ""},
        {**right, "account": other.slug},
        {**right, "account": "never-was"},
        {**right, "account": ""},
        {**right, "email": email_of(world, Role.VIEWER)},
        {**right, "email": email_of(world, Role.SETTINGS_EDITOR)},
    ]

    answers = [await sign_in(api, **given) for given in failing]

    assert answers == [{"token": None, "expiresAt": None, "user": None, "userErrors": [FAILED]}] * len(failing)
    assert counting.verified == len(failing)
    counting.close()
    await api.http.aclose()


async def test_who_is_in_several_accounts_hears_which_after_the_password_was_right(
    api: Api, database: Database, world: World, passwords: Argon2Passwords
) -> None:
    domain = email_of(world).split("@")[1]
    second = await make_world(database.sessions, email=domain)
    await give_password(world, passwords)
    given = {"email": email_of(world), "password": PASSWORD}

    unnamed = await sign_in(api, **given)
    guessed = await sign_in(api, **{**given, "password": "guess"})
    named = await sign_in(api, **given, account=second.slug)
    await db_state.execute(second, "UPDATE account_user SET active = false")
    only_one_left = await sign_in(api, **given)

    (needed,) = unnamed["userErrors"]
    assert (needed["__typename"], needed["code"]) == ("AccountNeededError", "ACCOUNT_NEEDED")
    assert needed["field"] == ["input", "account"]
    assert {each["slug"] for each in needed["accounts"]} == {world.slug, second.slug}
    assert unnamed["token"] is None
    assert guessed["userErrors"] == [FAILED]
    assert second.account_id.hex in named["token"]
    assert world.account_id.hex in only_one_left["token"]


@pytest.fixture
async def strict(database: Database, settings: Settings, passwords: Argon2Passwords) -> Api:
    """The application with few attempts: three an e-mail address, five a network address."""
    return make_api(database, settings, passwords, sign_in=SignInLimits(per_email=3, per_address=5))


async def test_too_many_attempts_for_an_address_must_wait_even_with_the_right_password(
    strict: Api, world: World, passwords: Argon2Passwords
) -> None:
    await give_password(world, passwords)
    guess = {"email": email_of(world), "password": "guess"}
    here, elsewhere = "203.0.113.1", "203.0.113.2"

    failed = [(await sign_in(strict, here, **guess))["userErrors"] for _ in range(3)]
    (refused,) = (await sign_in(strict, here, **{**guess, "password": PASSWORD}))["userErrors"]
    (with_capitals,) = (await sign_in(strict, here, **{**guess, "email": email_of(world).upper()}))["userErrors"]
    from_elsewhere = await sign_in(strict, elsewhere, **{**guess, "password": PASSWORD})

    assert failed == [[FAILED]] * 3
    assert (refused["__typename"], refused["code"]) == ("TooManyAttemptsError", "TOO_MANY_ATTEMPTS")
    assert 1 <= refused["retryAfter"] <= 900
    assert refused["field"] is None
    assert with_capitals["code"] == "TOO_MANY_ATTEMPTS"
    assert from_elsewhere["token"]


async def test_unknown_addresses_are_throttled_alike_and_many_of_them_together(strict: Api) -> None:
    guesses = [{"email": f"nobody-{number}@nowhere.test", "password": "guess"} for number in range(6)]

    one = [(await sign_in(strict, "203.0.113.3", **guesses[0]))["userErrors"][0]["code"] for _ in range(4)]
    many = [(await sign_in(strict, "203.0.113.4", **guess))["userErrors"][0]["code"] for guess in guesses]

    assert one == ["SIGN_IN_FAILED"] * 3 + ["TOO_MANY_ATTEMPTS"]
    assert many == ["SIGN_IN_FAILED"] * 5 + ["TOO_MANY_ATTEMPTS"]


async def test_a_success_begins_the_counting_anew(strict: Api, world: World, passwords: Argon2Passwords) -> None:
    await give_password(world, passwords)
    guess, right = ({"email": email_of(world), "password": password} for password in ("guess", PASSWORD))

    done = [await sign_in(strict, "203.0.113.5", **given) for given in (guess, guess, right, guess, guess, right)]

    assert [bool(each["token"]) for each in done] == [False, False, True, False, False, True]
