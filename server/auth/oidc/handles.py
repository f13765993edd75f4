"""Handles: what a client keeps while a person is away at the provider, sealed, so that no server has to.

A handle never travels through the provider or an address bar. Whoever intercepts a code and a state has no handle, and
who is made to follow a foreign redirect has one that does not match (login CSRF).
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

import orjson

from server.auth.oidc.errors import Distrusted

AWAY = timedelta(minutes=10)
CHOOSING = timedelta(minutes=5)

# What the key of handles is derived for.
SIGN_INS = b"sluicegate sign-ins 1"

_ATTEMPT = b"attempt 1"
_PROOF = b"proof 1"


class Seal(Protocol):
    """Seals what clients can neither read nor change."""

    def seal(self, payload: bytes, bound: bytes) -> str:
        """The payload as an opaque text."""

    def open(self, sealed: str, bound: bytes) -> bytes:
        """The payload again; ValueError when the text was changed, or sealed for something else."""


class Attempt(NamedTuple):
    """One attempt to sign in: what comes back with the code, what the ID token repeats, and who may redeem the code."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str


class Proof(NamedTuple):
    """Whom the provider vouched for, while they choose one of their accounts."""

    subject: str
    email: str


class Handles:
    """Makes handles of an issuer's attempts and proofs, and opens those that are still good."""

    def __init__(self, seal: Seal, issuer: str, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seal = seal
        self._issuer = issuer.encode()

    def of_attempt(self, attempt: Attempt) -> tuple[str, datetime]:
        """The handle of an attempt, and when it ends."""
        return self._sealed(_ATTEMPT, attempt, AWAY)

    def of_proof(self, proof: Proof) -> str:
        """The handle by which somebody who belongs to several accounts goes on."""
        return self._sealed(_PROOF, proof, CHOOSING)[0]

    def open(self, handle: str) -> Attempt | Proof:
        """What a handle holds; Distrusted for one that was changed, is over, or is of another installation."""
        for kind, made in ((_ATTEMPT, Attempt), (_PROOF, Proof)):
            try:
                until, *held = orjson.loads(self._seal.open(handle, self._bound(kind)))
            except ValueError:
                continue
            if self._clock() >= until:
                raise Distrusted("the handle is over")
            return made(*held)
        raise Distrusted("the handle is none of ours")

    def _sealed(self, kind: bytes, held: Attempt | Proof, lifetime: timedelta) -> tuple[str, datetime]:
        ends = datetime.fromtimestamp(int(self._clock()), UTC) + lifetime
        payload = orjson.dumps([int(ends.timestamp()), *held])
        return self._seal.seal(payload, self._bound(kind)), ends

    def _bound(self, kind: bytes) -> bytes:
        return kind + b" " + self._issuer
