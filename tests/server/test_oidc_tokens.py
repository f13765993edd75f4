"""ID tokens: what is signed by somebody else, for somebody else, at another time or for another attempt lets nobody in.

A certified provider makes no such tokens, so the edge of one is played here (tests/support/fake_oidc.py).
"""

import time
from collections.abc import Callable, Iterator

import jwt
import pytest

from domain import accounts
from domain.accounts import ProviderUnavailable, SignInFailed, VerifiedIdentity
from tests.support.fake_oidc import KEYS, TOKEN, USERINFO, Attempted, Edge, Json, Key, attempt, edge
from tests.support.openid import CLIENT

OTHER = Key("other")
WEAK = Key("weak", bits=1024)
HOUR = 3600


@pytest.fixture
def there() -> Iterator[Edge]:
    """The other end."""
    with edge() as made:
        yield made


Make = Callable[[Edge, Json], str]


def changed(**changes: object) -> Make:
    """A good signature of claims that are not; None leaves a claim out."""

    def make(there: Edge, claims: Json) -> str:
        said = {**claims, **changes}
        return there.key.sign({name: value for name, value in said.items() if value is not None})

    return make


def at(**times: int) -> Make:
    """Claims about time, in seconds from now."""
    return lambda there, claims: changed(**{name: int(time.time()) + by for name, by in times.items()})(there, claims)


BAD: dict[str, Make] = {
    "of another issuer": changed(iss="https://elsewhere.test"),
    "of no issuer": changed(iss=None),
    "of an issuer with one letter more": lambda there, claims: changed(iss=f"{there.issuer}/")(there, claims),
    "for another client": changed(aud="somebody-else"),
    "for nobody": changed(aud=None),
    "for several and none of them first": changed(aud=[CLIENT, "somebody-else"]),
    "for several and another one first": changed(aud=[CLIENT, "somebody-else"], azp="somebody-else"),
    "asked for by another client": changed(azp="somebody-else"),
    "expired": at(exp=-61),
    "that never expires": changed(exp=None),
    "that expires at no number": changed(exp="soon"),
    "that expires past all numbers": changed(exp=float("inf")),
    "made in the future": at(iat=120),
    "made at no time": changed(iat=None),
    "not valid yet": at(nbf=120),
    "for another attempt": changed(nonce="another"),
    "for no attempt": changed(nonce=None),
    "whose nonce is no text": changed(nonce=["another"]),
    "about nobody": changed(sub=None),
    "about an empty name": changed(sub=""),
    "about an endless name": changed(sub="a" * 256),
    "about a name that is no text": changed(sub=4711),
    "signed by another key of the same name": lambda there, claims: OTHER.sign(claims, kid=there.key.name),
    "signed by a key that was not published": lambda _, claims: OTHER.sign(claims),
    "signed by nothing": lambda there, claims: jwt.encode(claims, "", "none", headers={"kid": there.key.name}),
    "signed by the public key as a secret": lambda there, claims: there.key.misuse(claims),
    "signed by an algorithm that was not offered": lambda there, claims: there.key.sign(claims, "RS512"),
    "with demands that nobody knows": lambda there, claims: there.key.sign(claims, crit=["surprise"], surprise=1),
    "that was changed": lambda there, claims: there.key.sign(claims)[:-6] + "AAAAAA",
    "that is none": lambda _, __: "not.a.token",
    "that is encrypted": lambda _, __: "a.b.c.d.e",
    "with an address nobody verified": changed(email_verified=False),
    "with an address somebody says is verified": changed(email_verified="true"),
    "with an address of no form": changed(email="amy"),
    "with an address of another form": changed(email="amy@corp.test\n"),
    "with an address that is no text": changed(email=["amy@corp.test"]),
}


async def test_a_good_token_vouches_for_its_subject_at_its_address_in_lower_case(there: Edge) -> None:
    provider = there.provider()
    attempted = await attempt(provider)
    there.give(there.key.sign(attempted.claims(there)))

    assert await attempted.arrive(provider) == VerifiedIdentity(there.issuer, "amy-1", "amy@corp.test")


@pytest.mark.parametrize("make", BAD.values(), ids=BAD)
async def test_no_other_token_lets_anybody_in(there: Edge, make: Make) -> None:
    provider = there.provider()
    attempted = await attempt(provider)
    there.give(make(there, attempted.claims(there)))

    with pytest.raises(SignInFailed, match=accounts.NOT_LET_IN):
        await attempted.arrive(provider)


@pytest.mark.parametrize("times", [{"exp": -30}, {"iat": 30}, {"nbf": 30}], ids=str)
async def test_clocks_may_differ_by_a_minute(there: Edge, times: dict[str, int]) -> None:
    provider = there.provider()
    attempted = await attempt(provider)
    there.give(at(**times)(there, attempted.claims(there)))

    assert (await attempted.arrive(provider)).subject == "amy-1"


async def test_a_token_for_several_is_good_where_it_was_made_for_us(there: Edge) -> None:
    provider = there.provider()
    attempted = await attempt(provider)
    there.give(there.key.sign(attempted.claims(there, aud=["somebody-else", CLIENT], azp=CLIENT)))

    assert (await attempted.arrive(provider)).subject == "amy-1"


async def test_a_key_that_is_too_short_is_not_believed(there: Edge) -> None:
    there.publish(WEAK)
    provider = there.provider()
    attempted = await attempt(provider)
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        there.give(WEAK.sign(attempted.claims(there)))

    with pytest.raises(SignInFailed):
        await attempted.arrive(provider)


async def test_a_token_that_names_no_key_is_verified_by_the_only_one(there: Edge) -> None:
    alone, another = Key(None), Key(None)
    provider = there.provider()
    attempted = await attempt(provider)
    there.give(alone.sign(attempted.claims(there)))

    there.publish(alone)
    by_the_only_one = await attempted.arrive(provider)
    there.publish(alone, another)
    with pytest.raises(SignInFailed):
        await attempted.arrive(there.provider())

    assert by_the_only_one.subject == "amy-1"


async def test_a_key_that_is_for_something_else_verifies_nothing(there: Edge) -> None:
    provider = there.provider()
    attempted = await attempt(provider)
    there.give(there.key.sign(attempted.claims(there)))
    there.say(KEYS, {"keys": [{**there.key.published, "use": "enc"}, {**there.key.published, "alg": "PS256"}]})

    with pytest.raises(SignInFailed):
        await attempted.arrive(provider)


async def test_keys_that_nobody_has_are_asked_for_once_a_minute(there: Edge) -> None:
    provider = there.provider()
    attempted = await attempt(provider)
    there.give(OTHER.sign(attempted.claims(there)))

    for _ in range(5):
        with pytest.raises(SignInFailed):
            await attempted.arrive(provider)

    assert there.asked.count(KEYS) == 2  # once to know them, once because one was not known


@pytest.mark.parametrize(
    ("told", "is_let_in"),
    [
        ({"sub": "amy-1", "email": "amy@corp.test", "email_verified": True}, True),
        ({"sub": "eve-1", "email": "amy@corp.test", "email_verified": True}, False),
        ({"email": "amy@corp.test", "email_verified": True}, False),
        ({"sub": "amy-1", "email": "amy@corp.test"}, False),
        ({"sub": "amy-1"}, False),
    ],
)
async def test_an_address_may_be_told_beside_the_token_about_the_same_person(
    there: Edge, told: Json, is_let_in: bool
) -> None:
    provider = there.provider()
    attempted = await attempt(provider)
    there.give(there.key.sign(attempted.claims(there, email=None, email_verified=None)))
    there.say(USERINFO, told)

    assert await _is_let_in(attempted, there) is is_let_in


@pytest.mark.parametrize(
    ("email", "is_let_in"),
    [
        ("amy@corp.test", True),
        ("Amy@CORP.TEST", True),
        ("amy@sub.corp.test", False),
        ("amy@evilcorp.test", False),
        ("amy@corp.test.evil.test", False),
        ('"amy@corp.test"@evil.test', False),
        ("amy@corp.test@evil.test", False),
    ],
)
async def test_the_required_domain_is_what_follows_the_last_at(there: Edge, email: str, is_let_in: bool) -> None:
    attempted = await attempt(there.provider())
    there.give(there.key.sign(attempted.claims(there, email=email)))

    assert await _is_let_in(attempted, there, required_domain="Corp.test") is is_let_in


@pytest.mark.parametrize("body", [{}, {"id_token": None}, {"id_token": 4711}, {"error": "invalid_grant"}])
async def test_an_answer_without_a_token_lets_nobody_in(there: Edge, body: Json) -> None:
    attempted = await attempt(there.provider())
    there.say(TOKEN, body, 400 if "error" in body else 200)

    assert not await _is_let_in(attempted, there)


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_trouble_at_the_provider_is_told_apart(there: Edge, status: int) -> None:
    provider = there.provider()
    attempted = await attempt(provider)
    there.say(TOKEN, {}, status)

    with pytest.raises(ProviderUnavailable):
        await attempted.arrive(provider)


async def _is_let_in(attempted: Attempted, there: Edge, *, required_domain: str | None = None) -> bool:
    try:
        await attempted.arrive(there.provider(required_domain=required_domain))
    except SignInFailed:
        return False
    return True
