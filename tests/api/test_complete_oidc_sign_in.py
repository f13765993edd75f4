"""beginOidcSignIn and completeOidcSignIn: from a certified provider to a token, for members and for nobody else (B32,
decision 23).

What is believed of a provider is proved in tests/server/test_oidc_*.py.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from policies import Role
from resolvers.throttle import SignInLimits
from server.auth.oidc.handles import SIGN_INS
from server.auth.oidc.provider import OpenIdProvider
from server.auth.oidc.registration import Registration
from server.auth.passwords import Argon2Passwords
from server.database.engine import Database
from server.graphql.cursors import SealedCursors
from server.settings import Settings
from tests.support import db_state
from tests.support.client import SECRET as KEY
from tests.support.client import Api, Client, Json, make_api
from tests.support.openid import CALLBACK, CLIENT, SECRET, OpenId, account, provider
from tests.support.operations import Apart
from tests.support.world import World, make_world

OPERATION = Apart("It takes no token.")


BEGIN = "authorizationUrl handle expiresAt"
COMPLETE = "token expiresAt user { email } userErrors { ... on AccountNeededError { handle } }"
FAILED = ("SIGN_IN_FAILED", "You cannot be signed in by the identity provider.")
_numbers = count(1)


@pytest.fixture(scope="module")
def there() -> Iterator[OpenId]:
    """A provider that knows nobody yet."""
    with provider({}) as running:
        yield running


def trusting(there: OpenId) -> OpenIdProvider:
    """What the application asks."""
    registration = Registration(there.issuer, CLIENT, (CALLBACK,), SECRET)
    return OpenIdProvider(registration, SealedCursors(KEY, SIGN_INS))


@pytest.fixture(scope="module")
async def here(there: OpenId, database: Database, settings: Settings, passwords: Argon2Passwords) -> AsyncIterator[Api]:
    """The application, with that provider."""
    made = make_api(database, settings, passwords, oidc=trusting(there))
    yield made
    await made.http.aclose()


def login(there: OpenId, email: str | None, subject: str = "", *, verified: bool = True) -> str:
    """A login name of somebody whom the provider knows by that address."""
    name = f"login-{next(_numbers)}"
    there.know(**{name: account(subject or name, email or "", verified=verified)})
    return name


async def come_back(there: OpenId, client: Client, name: str) -> Json:
    """What the client holds when somebody was at the provider and is back."""
    begun = await client.do("beginOidcSignIn", BEGIN, redirectUri=CALLBACK)
    assert begun["userErrors"] == []
    back = await asyncio.to_thread(there.sign_in, begun["authorizationUrl"], name)
    return {"handle": begun["handle"], "code": back.code, "state": back.state}


async def sign_in(there: OpenId, client: Client, name: str, **given: Any) -> Json:
    """The answer to somebody who signs in."""
    return await client.do("completeOidcSignIn", COMPLETE, **await come_back(there, client, name), **given)


def refusal(done: Json) -> tuple[str, str]:
    """Why nobody was let in."""
    [error] = done["userErrors"]
    assert (done["token"], done["user"]) == (None, None)
    return error["code"], error["message"]


async def test_a_member_whom_the_provider_vouches_for_gets_a_token_that_holds(
    there: OpenId, here: Api, world: World
) -> None:
    agent = world.users[Role.AGENT]

    done = await sign_in(there, here.nobody, login(there, str(agent.email).upper()))

    assert done["userErrors"] == []
    assert done["user"] == {"email": agent.email}
    assert datetime.fromisoformat(done["expiresAt"]) - datetime.now(UTC) > timedelta(days=29)
    viewer = await here.bearing(done["token"]).run("{ viewer { account { slug } } }")
    assert viewer == {"viewer": {"account": {"slug": world.slug}}}
    linked, signed_in = (await db_state.events(world, agent.id))[-2:]
    assert [linked.kind, signed_in.kind] == ["IDENTITY_LINKED", "SIGNED_IN"]
    assert (signed_in.after or {})["by"] == "OIDC"
    assert signed_in.address == "192.0.2.1"


async def test_whoever_is_no_member_is_not_let_in_whatever_the_reason(there: OpenId, here: Api, world: World) -> None:
    await db_state.execute(
        world, "UPDATE account_user SET active = false, deactivated_at = now() WHERE name = 'Viewer'"
    )
    known = login(there, world.users[Role.AGENT].email)
    assert (await sign_in(there, here.nobody, known))["token"]
    failing: list[tuple[str, Json]] = [
        (login(there, f"stranger@{world.slug}.test"), {}),
        (login(there, world.users[Role.VIEWER].email), {}),
        (login(there, world.users[Role.SETTINGS_EDITOR].email, verified=False), {}),
        (login(there, world.users[Role.AGENT].email), {}),  # the address, of somebody whom the provider made anew
        (known, {"account": "never-was"}),
        (known, {"state": "another"}),
        (known, {"code": "another"}),
        (known, {"handle": "another"}),
    ]

    answers = []
    for name, given in failing:
        held = await come_back(there, here.nobody, name)
        answers.append(refusal(await here.nobody.do("completeOidcSignIn", COMPLETE, **{**held, **given})))

    assert answers == [FAILED] * len(failing)


async def test_what_was_redeemed_is_redeemed_once(there: OpenId, here: Api, world: World) -> None:
    held = await come_back(there, here.nobody, login(there, world.users[Role.AGENT].email))

    first = await here.nobody.do("completeOidcSignIn", COMPLETE, **held)
    again = await here.nobody.do("completeOidcSignIn", COMPLETE, **held)

    assert first["token"]
    assert refusal(again) == FAILED


async def test_who_is_in_several_accounts_goes_on_by_another_handle(
    there: OpenId, here: Api, database: Database, world: World
) -> None:
    email = str(world.users[Role.AGENT].email)
    second = await make_world(database.sessions, email=email.split("@")[1])
    name = login(there, email)

    unnamed = await sign_in(there, here.nobody, name)
    [needed] = unnamed["userErrors"]
    named = await here.nobody.do("completeOidcSignIn", COMPLETE, handle=needed["handle"], account=second.slug)
    elsewhere = await here.nobody.do("completeOidcSignIn", COMPLETE, handle=needed["handle"], account="never-was")
    at_once = await sign_in(there, here.nobody, name, account=world.slug)

    assert (needed["code"], needed["field"]) == ("ACCOUNT_NEEDED", ["input", "account"])
    assert {each["slug"] for each in needed["accounts"]} == {world.slug, second.slug}
    assert unnamed["token"] is None
    assert second.account_id.hex in named["token"]
    assert refusal(elsewhere) == FAILED
    assert world.account_id.hex in at_once["token"]


async def test_a_password_that_was_set_before_the_address_was_verified_opens_nothing_any_more(
    there: OpenId, here: Api, world: World, passwords: Argon2Passwords
) -> None:
    email = world.users[Role.AGENT].email
    statement = "UPDATE identity SET password_hash = :hash WHERE email = :email"
    await db_state.execute(world, statement, hash=await passwords.hash("somebody else's"), email=email)
    given = {"email": email, "password": "somebody else's"}
    before = await here.nobody.do("signIn", "token", **given)

    done = await sign_in(there, here.nobody, login(there, email))
    after = await here.nobody.do("signIn", "token", **given)

    assert before["token"]
    assert done["token"]
    assert [error["code"] for error in after["userErrors"]] == ["SIGN_IN_FAILED"]
    assert await here.bearing(before["token"]).code("{ viewer { user { id } } }") == "UNAUTHENTICATED"


async def test_who_is_invited_joins_at_the_invited_address_alone(there: OpenId, here: Api, world: World) -> None:
    admin = await here.client(world)
    invited = f"kim@{world.slug}.test"
    made = await admin.do("inviteUser", email=invited, name="Kim", roles=["AGENT"])
    assert made["userErrors"] == []

    other = await sign_in(there, here.nobody, login(there, f"kim@not-{world.slug}.test"))
    unverified = await sign_in(there, here.nobody, login(there, invited, verified=False))
    done = await sign_in(there, here.nobody, login(there, invited))

    assert [refusal(other), refusal(unverified)] == [FAILED] * 2
    assert done["user"] == {"email": invited}
    assert (await here.bearing(done["token"]).run("{ viewer { roles } }"))["viewer"]["roles"] == ["AGENT"]


async def test_who_got_a_new_address_at_the_provider_stays_who_they_are(there: OpenId, here: Api, world: World) -> None:
    agent, viewer = world.users[Role.AGENT], world.users[Role.VIEWER]
    first = await sign_in(there, here.nobody, login(there, agent.email, "one subject"))

    renamed = await sign_in(there, here.nobody, login(there, f"renamed@{world.slug}.test", "one subject"))
    as_another = await sign_in(there, here.nobody, login(there, viewer.email, "one subject"))

    assert [done["user"] for done in (first, renamed, as_another)] == [{"email": agent.email}] * 3


async def test_attempts_are_counted_with_those_at_passwords_and_a_success_takes_its_own_back(
    there: OpenId, database: Database, settings: Settings, passwords: Argon2Passwords, world: World
) -> None:
    api = make_api(database, settings, passwords, oidc=trusting(there), sign_in=SignInLimits(per_address=3))
    good = login(there, world.users[Role.AGENT].email)

    async with api.reaching("203.0.113.77") as http:
        client = Client(http)
        let_in = [bool((await sign_in(there, client, good))["token"]) for _ in range(3)]
        for _ in range(2):
            await client.do("completeOidcSignIn", COMPLETE, handle="none")
        await client.do("signIn", "token", email="nobody@nowhere.test", password="guess")
        waiting = refusal(await sign_in(there, client, good))[0]
        by_password = await client.refused("signIn", email="nobody@nowhere.test", password="guess")

    assert let_in == [True] * 3
    assert (waiting, by_password["code"]) == ("TOO_MANY_ATTEMPTS", "TOO_MANY_ATTEMPTS")
    await api.http.aclose()
