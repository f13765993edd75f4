"""Signing in at a real OpenID provider (oidc-provider, on this machine): the whole way of a code, and what does not go.

What no certified provider would do is in test_oidc_tokens.py.
"""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest

from domain import accounts
from domain.accounts import ProviderUnavailable, SignInFailed, VerifiedIdentity
from resolvers.ports import AuthorizationRequest
from server.auth.oidc.handles import SIGN_INS
from server.auth.oidc.provider import OpenIdProvider
from server.auth.oidc.registration import Registration
from server.graphql.cursors import SealedCursors
from tests.support.openid import CALLBACK, CLIENT, SECRET, OpenId, Returned, account, client, provider

KEY = b"tests only: thirty-two bytes or more"
WAYS = [
    ("client_secret_basic", "RS256"),
    ("client_secret_basic", "PS256"),
    ("client_secret_basic", "ES256"),
    ("client_secret_basic", "EdDSA"),
    ("none", "RS256"),
]
PEOPLE = {"amy": account("amy-1", "Amy@Corp.Test"), "eve": account("eve-1", "amy@corp.test", verified=False)}


@pytest.fixture(scope="module")
def there() -> Iterator[OpenId]:
    """A provider that knows Amy, Eve who says that she is Amy, and a client for each way of asking."""
    clients = [client(f"{how}-{algorithm}", how=how, algorithm=algorithm) for how, algorithm in WAYS]
    with provider(PEOPLE, client(), *clients) as running:
        yield running


def ours(there: OpenId, name: str = CLIENT, *, key: bytes = KEY, at: float = 0, **changes: Any) -> OpenIdProvider:
    """This installation, as that client of the provider's; `at` is the time by its clock, unless it is now."""
    secret = None if name.startswith("none") else SECRET
    registration = Registration(there.issuer, name, (CALLBACK,), secret)
    return OpenIdProvider(registration._replace(**changes), SealedCursors(key, SIGN_INS), lambda: at or time.time())


async def come_back(there: OpenId, departure: AuthorizationRequest, who: str = "amy") -> Returned:
    """Sign in where one was sent."""
    return await asyncio.to_thread(there.sign_in, departure.authorization_url, who)


@pytest.mark.parametrize(("how", "algorithm"), WAYS)
async def test_somebody_comes_back_vouched_for(there: OpenId, how: str, algorithm: str) -> None:
    here = ours(there, f"{how}-{algorithm}")
    departure = await here.depart(CALLBACK)
    back = await come_back(there, departure)

    vouched = await here.arrive(departure.handle, back.code, back.state)

    assert vouched == VerifiedIdentity(there.issuer, "amy-1", "amy@corp.test")


async def test_an_address_that_is_told_beside_the_token_is_asked_for() -> None:
    with provider(PEOPLE, claims_in_id_token=False) as there:
        here = ours(there)
        departure = await here.depart(CALLBACK)
        back = await come_back(there, departure)

        vouched = await here.arrive(departure.handle, back.code, back.state)

    assert vouched == VerifiedIdentity(there.issuer, "amy-1", "amy@corp.test")


async def test_where_the_secret_goes_into_the_form_it_is_taken(there: OpenId) -> None:
    with provider(PEOPLE, client(how="client_secret_post"), ways=["client_secret_post"]) as there:
        here = ours(there)
        departure = await here.depart(CALLBACK)
        back = await come_back(there, departure)

        vouched = await here.arrive(departure.handle, back.code, back.state)

    assert vouched.subject == "amy-1"


async def test_an_address_that_the_provider_did_not_verify_lets_nobody_in(there: OpenId) -> None:
    here = ours(there)
    departure = await here.depart(CALLBACK)
    back = await come_back(there, departure, "eve")

    with pytest.raises(SignInFailed, match=accounts.NOT_LET_IN):
        await here.arrive(departure.handle, back.code, back.state)


async def test_an_address_of_another_domain_lets_nobody_in(there: OpenId) -> None:
    here = ours(there, required_domain="other.test")
    departure = await here.depart(CALLBACK)
    back = await come_back(there, departure)

    with pytest.raises(SignInFailed):
        await here.arrive(departure.handle, back.code, back.state)


async def test_a_code_is_redeemed_once(there: OpenId) -> None:
    here = ours(there)
    departure = await here.depart(CALLBACK)
    back = await come_back(there, departure)

    await here.arrive(departure.handle, back.code, back.state)
    with pytest.raises(SignInFailed):
        await here.arrive(departure.handle, back.code, back.state)


async def test_a_code_and_state_are_worth_nothing_with_another_handle(there: OpenId) -> None:
    here = ours(there)
    mine, foreign = [await here.depart(CALLBACK) for _ in range(2)]
    back, other = [await come_back(there, each) for each in (mine, foreign)]

    for handle, code, state in (
        (foreign.handle, back.code, back.state),  # a stolen redirect
        (mine.handle, other.code, state_of(mine)),  # a code that was slipped in: the verifier and the nonce differ
        (mine.handle, other.code, other.state),  # a redirect that somebody was made to follow
        (mine.handle, back.code, back.state[:-1]),
        (mine.handle, back.code, None),
        (mine.handle, None, back.state),
        (mine.handle, "", back.state),
        (mine.handle, "x" * 5000, back.state),
        (mine.handle, back.code, back.state + "\ud800"),
    ):
        with pytest.raises(SignInFailed):
            await here.arrive(handle, code, state)


def state_of(departure: AuthorizationRequest) -> str:
    """The state that a departure was sent with."""
    return departure.authorization_url.split("state=")[1].split("&")[0]


async def test_a_handle_that_is_not_ours_or_was_changed_is_worth_nothing(there: OpenId) -> None:
    here = ours(there)
    elsewhere = ours(there, key=b"another secret key of thirty-two bytes")
    departure = await here.depart(CALLBACK)
    back = await come_back(there, departure)
    changed = departure.handle[:-2] + ("AA" if departure.handle[-2:] != "AA" else "BB")

    for handle in (changed, departure.handle[:-1], "", "not a handle", "é", "x" * 5000):
        with pytest.raises(SignInFailed):
            await here.arrive(handle, back.code, back.state)
    with pytest.raises(SignInFailed):
        await elsewhere.arrive(departure.handle, back.code, back.state)


async def test_a_handle_of_another_use_of_the_secret_key_is_worth_nothing(there: OpenId) -> None:
    here = ours(there)
    cursor = SealedCursors(KEY).seal(b'[9999999999,"amy-1","amy@corp.test"]', b"proof 1 " + there.issuer.encode())

    with pytest.raises(SignInFailed):
        await here.arrive(cursor, None, None)


async def test_a_handle_ends_after_ten_minutes(there: OpenId) -> None:
    departure = await ours(there).depart(CALLBACK)
    back = await come_back(there, departure)
    ends = departure.expires_at.timestamp()

    with pytest.raises(SignInFailed):
        await ours(there, at=ends).arrive(departure.handle, back.code, back.state)
    in_time = await ours(there, at=ends - 1).arrive(departure.handle, back.code, back.state)

    assert 595 < ends - time.time() <= 600
    assert in_time.subject == "amy-1"


async def test_a_proof_stands_for_whoever_was_vouched_for_for_five_minutes(there: OpenId) -> None:
    vouched = VerifiedIdentity(there.issuer, "amy-1", "amy@corp.test")
    proof = ours(there).prove(vouched)

    opened = await ours(there).arrive(proof, None, None)
    for other in (ours(there, issuer="https://another.test"), ours(there, at=time.time() + 301)):
        with pytest.raises(SignInFailed):
            await other.arrive(proof, None, None)

    assert opened == vouched


async def test_the_provider_rotates_its_keys_between_two_sign_ins(there: OpenId) -> None:
    here = ours(there)

    found = []
    for _ in range(2):
        departure = await here.depart(CALLBACK)
        back = await come_back(there, departure)
        found.append(await here.arrive(departure.handle, back.code, back.state))
        there.rotate()

    assert [each.subject for each in found] == ["amy-1", "amy-1"]


@pytest.mark.parametrize("wrong", [{"client_secret": "guess"}, {"client_id": "nobody"}, {"client_secret": None}])
async def test_a_wrong_registration_lets_nobody_in(there: OpenId, wrong: dict[str, Any]) -> None:
    departure = await ours(there).depart(CALLBACK)
    back = await come_back(there, departure)

    with pytest.raises(SignInFailed):
        await ours(there, **wrong).arrive(departure.handle, back.code, back.state)


async def test_a_provider_that_went_away_meanwhile_is_unavailable() -> None:
    with provider(PEOPLE) as there:
        here = ours(there)
        departure = await here.depart(CALLBACK)
        back = await come_back(there, departure)
        there.stop()

        with pytest.raises(ProviderUnavailable):
            await here.arrive(departure.handle, back.code, back.state)
