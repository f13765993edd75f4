"""Discovery: a provider is believed about itself, and only what leaves us a safe way to go (decision 23)."""

from collections.abc import Iterator
from typing import Any

import pytest

from domain.accounts import ProviderUnavailable
from domain.errors import Invalid
from server.auth.oidc.discovery import Discovery, read_metadata
from server.auth.oidc.errors import Unreachable
from server.auth.oidc.http_client import Fetcher
from server.auth.oidc.keys import Keys
from server.auth.oidc.registration import is_safe
from tests.support.fake_oidc import DISCOVERY, KEYS, Edge, Key, Said, attempt, edge
from tests.support.openid import CALLBACK, CLIENT

ISSUER = "https://id.test"
GOOD: dict[str, Any] = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys",
}


@pytest.fixture
def there() -> Iterator[Edge]:
    """The other end."""
    with edge() as made:
        yield made


class Watch:
    """A clock that a test turns."""

    now = 1000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def test_what_is_left_out_is_as_the_specification_has_it() -> None:
    metadata = read_metadata(GOOD, ISSUER)

    assert (metadata.by_basic, metadata.algorithms, metadata.userinfo_endpoint) == (True, ("RS256",), None)


def test_the_secret_goes_into_the_form_where_no_other_way_is_offered() -> None:
    metadata = read_metadata({**GOOD, "token_endpoint_auth_methods_supported": ["client_secret_post"]}, ISSUER)

    assert not metadata.by_basic


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://id.test/"},
        {"issuer": "https://elsewhere.test"},
        {"issuer": None},
        {"authorization_endpoint": "http://id.test/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "http://id.test/token"},
        {"token_endpoint": 4711},
        {"token_endpoint": None},
        {"jwks_uri": "https://"},
        {"response_types_supported": ["id_token"]},
        {"code_challenge_methods_supported": ["plain"]},
        {"id_token_signing_alg_values_supported": ["none", "HS256"]},
        {"id_token_signing_alg_values_supported": []},
    ],
    ids=str,
)
def test_a_document_that_leaves_no_safe_way_is_not_followed(changes: dict[str, Any]) -> None:
    with pytest.raises(Unreachable):
        read_metadata({**GOOD, **changes}, ISSUER)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://id.test/tenant?a=b", True),
        ("http://127.0.0.1:8080/x", True),
        ("http://[::1]/x", True),
        ("http://localhost:3000", True),
        ("http://localhost.evil.test", False),
        ("http://id.test", False),
        ("http://10.0.0.1", False),
        ("https://user@id.test", False),
        ("https://id.test/#here", False),
        ("https://id.test:port", False),
        ("https://id.test/a b", False),
        ("https:///path", False),
        ("//id.test", False),
        ("", False),
    ],
)
def test_an_address_is_safe_with_https_or_on_this_machine(url: str, *, safe: bool) -> None:
    assert is_safe(url) is safe


async def test_people_are_sent_to_the_page_of_the_provider_with_all_that_it_needs(there: Edge) -> None:
    there.describe(authorization_endpoint=f"{there.issuer}/authorize?tenant=corp")

    first, second = [await attempt(there.provider()) for _ in range(2)]

    constant = {"response_type", "client_id", "redirect_uri", "scope", "code_challenge_method", "tenant"}
    assert {name: first.asked[name] for name in constant} == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": CALLBACK,
        "scope": "openid email profile",
        "code_challenge_method": "S256",
        "tenant": "corp",
    }
    assert set(first.asked) == constant | {"state", "nonce", "code_challenge"}
    assert all(len(first.asked[name]) == 43 for name in ("state", "nonce", "code_challenge"))
    assert not {first.asked[name] for name in ("state", "nonce", "code_challenge")} & set(second.asked.values())
    assert first.handle not in str(first.asked)


@pytest.mark.parametrize("uri", [f"{CALLBACK}/", f"{CALLBACK}?a=b", CALLBACK.upper(), "https://evil.test", "", " "])
async def test_people_are_sent_back_to_listed_addresses_alone(there: Edge, uri: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await there.provider().depart(uri)

    assert refusal.value.field == ("redirectUri",)
    assert there.asked == []


@pytest.mark.parametrize(
    "said",
    [
        Said(b"", 500),
        Said(b"{}", 404),
        Said(b"<html>"),
        Said(b"[]"),
        Said(b'{"issuer": "' + b"a" * 300_000 + b'"}'),
        Said(b"", 302, (("location", "/elsewhere"),)),
        Said(b"\x1f\x8b", 200, (("content-encoding", "gzip"),)),
    ],
    ids=["trouble", "nothing there", "no JSON", "no object", "too large", "redirected", "compressed"],
)
async def test_a_provider_that_answers_otherwise_is_unavailable(there: Edge, said: Said) -> None:
    there.says[DISCOVERY] = said

    with pytest.raises(ProviderUnavailable):
        await there.provider().depart(CALLBACK)

    assert there.asked == [DISCOVERY]


async def test_a_provider_that_is_away_is_unavailable() -> None:
    with edge() as gone:
        provider = gone.provider()

    with pytest.raises(ProviderUnavailable):
        await provider.depart(CALLBACK)


async def test_no_proxy_of_the_environment_is_asked(there: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert (await attempt(there.provider())).asked["client_id"] == CLIENT


async def test_a_provider_is_asked_once_an_hour(there: Edge) -> None:
    watch = Watch()
    discovery = Discovery(there.issuer, Fetcher(), watch)

    for later in (0, 10, 3500):
        watch.now = 1000.0 + later
        await discovery.metadata()
    asked_within_the_hour = len(there.asked)
    watch.now = 1000.0 + 3601
    await discovery.metadata()

    assert (asked_within_the_hour, len(there.asked)) == (1, 2)


async def test_a_provider_in_trouble_is_left_alone_for_a_moment_and_then_asked_again(there: Edge) -> None:
    watch = Watch()
    discovery = Discovery(there.issuer, Fetcher(), watch)
    good, there.says[DISCOVERY] = there.says[DISCOVERY], Said(b"", 500)

    for _ in range(3):
        with pytest.raises(Unreachable):
            await discovery.metadata()
    asked_at_once = len(there.asked)
    there.says[DISCOVERY] = good
    watch.now += 6
    metadata = await discovery.metadata()

    assert asked_at_once == 1
    assert metadata.token_endpoint == f"{there.issuer}/token"


async def test_a_key_that_was_taken_back_is_believed_no_longer_than_an_hour(there: Edge) -> None:
    watch = Watch()
    keys = Keys(Fetcher(), watch)
    url, new = f"{there.issuer}{KEYS}", Key("new")

    before = await keys.find(url, "first", "RS256")
    there.publish(new)
    within_the_hour = await keys.find(url, "first", "RS256")
    watch.now += 3601
    with pytest.raises(Exception, match="names no key"):
        await keys.find(url, "first", "RS256")

    assert before.key_id == within_the_hour.key_id == "first"


async def test_a_rotated_key_is_found_at_once_and_rotations_once_a_minute(there: Edge) -> None:
    watch = Watch()
    keys = Keys(Fetcher(), watch)
    url, second, third = f"{there.issuer}{KEYS}", Key("second"), Key("third")

    await keys.find(url, "first", "RS256")
    there.publish(there.key, second)
    at_once = await keys.find(url, "second", "RS256")
    there.publish(there.key, second, third)
    with pytest.raises(Exception, match="names no key"):
        await keys.find(url, "third", "RS256")
    watch.now += 61
    after_a_minute = await keys.find(url, "third", "RS256")

    assert (at_once.key_id, after_a_minute.key_id) == ("second", "third")
