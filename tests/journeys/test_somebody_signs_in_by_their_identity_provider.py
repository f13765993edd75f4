"""People sign in at the identity provider of their company, and into a real server: those who belong there, and nobody
on a redirect, a handle or an address that is not theirs.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from server.auth.oidc.handles import SIGN_INS
from server.auth.oidc.provider import OpenIdProvider
from server.auth.oidc.registration import Registration
from server.graphql.cursors import SealedCursors
from tests.journeys.people import ADA, AMY, BEN, SAM, VIC, printed_passwords
from tests.support.client import Client, Json
from tests.support.cluster import scratch
from tests.support.openid import CALLBACK, CLIENT, SECRET, OpenId, account, provider
from tests.support.process import Running, serving

KEY = "a secret key of the journey, which is long enough"
DOMAIN = "demo.test"
COMPLETE = "token user { email name } userErrors { ... on AccountNeededError { handle } }"


class Place(NamedTuple):
    """A server, and the provider that it trusts."""

    server: Running
    there: OpenId


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """Both of them, as an operator would set them up."""
    with provider({}) as there:
        settings = {
            "SLUICEGATE_SECRET_KEY": KEY,
            "SLUICEGATE_OIDC_ISSUER": there.issuer,
            "SLUICEGATE_OIDC_CLIENT_ID": CLIENT,
            "SLUICEGATE_OIDC_CLIENT_SECRET": SECRET,
            "SLUICEGATE_OIDC_REDIRECT_URIS": CALLBACK,
            "SLUICEGATE_OIDC_REQUIRED_DOMAIN": DOMAIN,
        }
        with serving("--data-dir", scratch("oidc") / "data", **settings) as server:
            yield Place(server, there)


@pytest.fixture
async def browser(place: Place) -> AsyncIterator[Client]:
    """Somebody's browser, with the application of the product in it."""
    async with httpx.AsyncClient(base_url=place.server.url, timeout=60) as http:
        yield Client(http)


async def come_back(place: Place, browser: Client, email: str, **claims: Any) -> Json:
    """What the application holds when somebody with that address was at the provider and is back."""
    place.there.know(**{email: account(f"subject of {email}", email, **claims)})
    begun = await browser.do("beginOidcSignIn", "authorizationUrl handle", redirectUri=CALLBACK)
    assert begun["userErrors"] == []
    back = await asyncio.to_thread(place.there.sign_in, begun["authorizationUrl"], email)
    return {"handle": begun["handle"], "code": back.code, "state": back.state}


async def complete(browser: Client, held: Json, **changes: Any) -> Json:
    """What comes of it."""
    return await browser.do("completeOidcSignIn", COMPLETE, **{**held, **changes})


def code_of(done: Json) -> str:
    """Why nobody was let in."""
    [error] = done["userErrors"]
    assert done["token"] is None
    return str(error["code"])


async def test_people_of_the_account_come_in_and_their_old_passwords_do_not(place: Place, browser: Client) -> None:
    password = printed_passwords(place.server.greeting)[AMY]
    before = await browser.do("signIn", "token", email=AMY, password=password)

    done = await complete(browser, await come_back(place, browser, AMY))
    after = await browser.do("signIn", "token", email=AMY, password=password)

    viewer = await Client(browser.http, done["token"]).run("{ viewer { user { email } roles } board { __typename } }")
    assert viewer["viewer"] == {"user": {"email": AMY}, "roles": ["AGENT"]}
    assert await Client(browser.http, before["token"]).code("{ viewer { roles } }") == "UNAUTHENTICATED"
    assert code_of(after) == "SIGN_IN_FAILED"


async def test_who_was_invited_is_in_by_signing_in(place: Place, browser: Client) -> None:
    password = printed_passwords(place.server.greeting)[ADA]
    ada = Client(browser.http, (await browser.do("signIn", "token", email=ADA, password=password))["token"])
    invited = await ada.do("inviteUser", email=f"kim@{DOMAIN}", name="Kim", roles=["AGENT"])

    done = await complete(browser, await come_back(place, browser, f"Kim@{DOMAIN}"))

    assert invited["userErrors"] == []
    assert done["user"] == {"email": f"kim@{DOMAIN}", "name": "Kim"}


async def test_nobody_else_comes_in(place: Place, browser: Client) -> None:
    stranger = await come_back(place, browser, f"stranger@{DOMAIN}")
    unverified = await come_back(place, browser, VIC, verified=False)
    elsewhere = await come_back(place, browser, "vic@demo.test.evil.test")

    codes = [code_of(await complete(browser, held)) for held in (stranger, unverified, elsewhere)]

    assert codes == ["SIGN_IN_FAILED"] * 3


async def test_a_redirect_is_worth_nothing_to_whoever_intercepts_or_forges_it(place: Place, browser: Client) -> None:
    mine, foreign = [await come_back(place, browser, email) for email in (BEN, SAM)]
    late = OpenIdProvider(
        Registration(place.there.issuer, CLIENT, (CALLBACK,), SECRET),
        SealedCursors(KEY.encode(), SIGN_INS),
        lambda: time.time() - 601,
    )
    departure = await late.depart(CALLBACK)
    back = await asyncio.to_thread(place.there.sign_in, departure.authorization_url, BEN)
    expired = {"handle": departure.handle, "code": back.code, "state": back.state}

    refused = [
        await complete(browser, mine, handle=foreign["handle"]),
        await complete(browser, mine, code=foreign["code"], state=foreign["state"]),
        await complete(browser, mine, state=mine["state"][::-1]),
        await complete(browser, mine, handle=mine["handle"][:-4] + "AAAA"),
        await complete(browser, expired),
    ]
    let_in = await complete(browser, mine)
    replayed = await complete(browser, mine)

    assert [code_of(done) for done in refused] == ["SIGN_IN_FAILED"] * 5
    assert let_in["user"]["email"] == BEN
    assert code_of(replayed) == "SIGN_IN_FAILED"


async def test_the_provider_changes_its_keys_and_nobody_notices(place: Place, browser: Client) -> None:
    before = await complete(browser, await come_back(place, browser, SAM))
    place.there.rotate()

    after = await complete(browser, await come_back(place, browser, SAM))

    assert before["user"] == after["user"]


async def test_without_the_provider_passwords_go_on_and_nothing_secret_was_logged(
    place: Place, browser: Client
) -> None:
    """Comes last, since the provider and the server end with it."""
    held = await come_back(place, browser, VIC)
    place.there.stop()

    away = await complete(browser, held)
    password = printed_passwords(place.server.greeting)[VIC]
    by_password = await browser.do("signIn", "token", email=VIC, password=password)

    assert code_of(away) == "PROVIDER_UNAVAILABLE"
    assert by_password["token"]
    _, logged = place.server.end(15)
    assert "sign-in by the identity provider failed" in logged
    assert "the identity provider cannot be asked" in logged
    for secret in (held["code"], held["state"], held["handle"], SECRET, "eyJ", by_password["token"], "@"):
        assert secret not in logged
