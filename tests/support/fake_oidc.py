"""The endpoints of an OpenID provider that say whatever a test has them say: what no certified one would.

Tokens are signed for real, by keys of the test's own; only who answers at the other end of the wire is not real.
"""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from domain.accounts import VerifiedIdentity
from server.auth.oidc.provider import OpenIdProvider
from server.auth.oidc.registration import Registration
from server.graphql.cursors import SealedCursors
from tests.support.openid import CALLBACK, CLIENT, SECRET

DISCOVERY, TOKEN, KEYS, USERINFO = "/.well-known/openid-configuration", "/token", "/keys", "/userinfo"

Json = dict[str, Any]


class Said(NamedTuple):
    """What an endpoint answers."""

    body: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("content-type", "application/json"),)


class Key:
    """A key pair of a provider's."""

    def __init__(self, name: str | None, bits: int = 2048) -> None:
        self.name = name
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=bits)

    @property
    def published(self) -> Json:
        """The public half, as a provider shows it."""
        public: Json = jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**public, "use": "sig"} | ({"kid": self.name} if self.name else {})

    def sign(self, claims: Json, algorithm: str = "RS256", **head: Any) -> str:
        """An ID token of these claims."""
        return jwt.encode(claims, self.private, algorithm, headers={"kid": self.name, **head} if self.name else head)

    def misuse(self, claims: Json) -> str:
        """An ID token whose signature takes the public half, which everybody has, for a secret that is shared."""
        public = self.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        parts = ({"alg": "HS256", "kid": self.name}, claims)
        signed = b".".join(_base64(json.dumps(part).encode()) for part in parts)
        return (signed + b"." + _base64(hmac.digest(public, signed, hashlib.sha256))).decode()


class Edge:
    """What stands at the other end: `says` is what it answers by path, `asked` are the requests that came."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"
        self.key = _first()
        self.asked: list[str] = []
        self.says: dict[str, Said] = {}
        self.describe()
        self.publish(self.key)

    def describe(self, **changes: Any) -> None:
        """Have discovery say what it should, save for these changes; None leaves something out."""
        document = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": self.issuer + TOKEN,
            "jwks_uri": self.issuer + KEYS,
            "userinfo_endpoint": self.issuer + USERINFO,
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", "PS256", "none", "HS256"],
            **changes,
        }
        self.say(DISCOVERY, {name: value for name, value in document.items() if value is not None})

    def publish(self, *keys: Key) -> None:
        """Have it show these keys."""
        self.say(KEYS, {"keys": [key.published for key in keys]})

    def give(self, id_token: object) -> None:
        """Have it redeem every code for this token."""
        self.say(TOKEN, {"token_type": "Bearer", "access_token": "opaque", "id_token": id_token})

    def say(self, path: str, body: object, status: int = 200) -> None:
        """Have it answer with this JSON."""
        self.says[path] = Said(json.dumps(body).encode(), status)

    def provider(self, *, required_domain: str | None = None) -> OpenIdProvider:
        """Ours, which believes this to be its provider."""
        registration = Registration(self.issuer, CLIENT, (CALLBACK,), SECRET, required_domain)
        return OpenIdProvider(registration, SealedCursors(b"tests only: thirty-two bytes or more", b"tests"))


class Attempted(NamedTuple):
    """A sign-in that was begun: the handle, and what the address says that people are sent to."""

    handle: str
    asked: dict[str, str]

    def claims(self, edge: Edge, **changes: Any) -> Json:
        """What a good ID token says in answer, save for these changes; None leaves something out."""
        now = int(time.time())
        said = {
            "iss": edge.issuer,
            "sub": "amy-1",
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": self.asked["nonce"],
            "email": "Amy@Corp.Test",
            "email_verified": True,
            **changes,
        }
        return {name: value for name, value in said.items() if value is not None}

    async def arrive(self, provider: OpenIdProvider) -> VerifiedIdentity:
        """Come back with some code."""
        return await provider.arrive(self.handle, "some code", self.asked["state"])


async def attempt(provider: OpenIdProvider) -> Attempted:
    """Begin to sign in."""
    departure = await provider.depart(CALLBACK)
    query = parse_qs(urlsplit(departure.authorization_url).query)
    return Attempted(departure.handle, {name: values[0] for name, values in query.items()})


@contextmanager
def edge() -> Iterator[Edge]:
    """An edge on a port of its own, for the length of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    made = Edge(server.server_address[1])
    server.edge = made  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        edge: Edge = self.server.edge  # type: ignore[attr-defined]
        self.rfile.read(int(self.headers.get("content-length") or 0))
        edge.asked.append(self.path)
        said = edge.says.get(self.path, Said(b"{}", 404))
        self.send_response(said.status)
        for name, value in (*said.headers, ("content-length", str(len(said.body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said.body)

    do_POST = do_GET  # noqa: N815 (the name is the standard library's)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


@cache
def _first() -> Key:
    return Key("first")
