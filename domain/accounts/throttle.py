"""Throttling: how often something may be tried from one network, and for one name, before it must wait.

Counts are kept in fixed windows, outside any account, under hashes: an address that was mistyped is nobody's business.
"""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.accounts.user import Throttle
from domain.database.transaction import Session
from domain.errors import Refusal

_IPV6 = 6


class TooManyAttempts(Refusal):
    """Something was tried too often from here or for this name; says when to try again."""

    code = "TOO_MANY_ATTEMPTS"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many attempts; try again in {retry_after} seconds.", retry_after=retry_after)


class AttemptLimit(NamedTuple):
    """How many attempts one key may make in a window of fixed length."""

    key: str
    attempts: int


class PasswordKeys(NamedTuple):
    """By what attempts at a password are counted, wherever it is asked for."""

    network: str
    email_there: str
    email: str

    @classmethod
    def of(cls, email: str, address: str | None) -> "PasswordKeys":
        """The keys of an e-mail address that is tried from a network address."""
        here, name = network(address), email.strip().lower()
        return cls(_key("network", here), _key("email", name, here), _key("email", name))


class SecretKeys(NamedTuple):
    """By what guesses at a secret are counted: bearer tokens, invitations, the states of a sign-in elsewhere."""

    network: str
    account: str

    @classmethod
    def of(cls, what: str, account_id: UUID, address: str | None) -> "SecretKeys":
        """The keys of a secret of some kind that names an account; each kind is counted apart."""
        return cls(_key(what, "network", network(address)), _key(what, "account", account_id.hex))


def network(address: str | None) -> str:
    """Whoever has one IPv6 address has 2^64 of them: they count as the one network that they are."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return str(address)
    return str(ip_network((parsed, 64), strict=False)) if parsed.version == _IPV6 else str(parsed)


async def count_attempts(session: Session, limits: Sequence[AttemptLimit], window: timedelta) -> TooManyAttempts | None:
    """Count an attempt under each key in turn; stops at the first that is past its limit, and returns the refusal.

    Returned, not raised, since the count must be committed: call it in a unit of its own and raise afterwards. The keys
    that follow stay uncounted, so that who is refused anyway makes no more rows.
    """
    start = func.date_bin(window, func.now(), func.to_timestamp(0))
    remaining = func.extract("epoch", Throttle.window_start + window - func.now())
    for limit in limits:
        row = insert(Throttle).values(key=limit.key, window_start=start, attempts=1)
        counted = row.on_conflict_do_update(
            index_elements=[Throttle.key, Throttle.window_start], set_={"attempts": Throttle.attempts + 1}
        )
        attempts, wait = (await session.execute(counted.returning(Throttle.attempts, remaining))).one()
        if attempts > limit.attempts:
            return TooManyAttempts(int(wait) + 1)
    return None


async def read_attempts(session: Session, limits: Sequence[AttemptLimit], window: timedelta) -> TooManyAttempts | None:
    """The refusal where a key has made all its attempts already; nothing is counted, nor written."""
    allowed = {limit.key: limit.attempts for limit in limits}
    remaining = func.extract("epoch", Throttle.window_start + window - func.now())
    now = Throttle.window_start == func.date_bin(window, func.now(), func.to_timestamp(0))
    statement = select(Throttle.key, Throttle.attempts, remaining).where(Throttle.key.in_(allowed), now)
    for key, attempts, wait in await session.execute(statement):
        if attempts >= allowed[key]:
            return TooManyAttempts(int(wait) + 1)
    return None


async def forget_attempts(session: Session, *, forgive: Sequence[str], forget: str | None = None) -> None:
    """After a success: take back the one attempt under some keys, and start counting anew under one, if named."""
    if forget is not None:
        await session.execute(delete(Throttle).where(Throttle.key == forget))
    await forgive_attempts(session, forgive)


async def forgive_attempts(session: Session, keys: Sequence[str]) -> None:
    """Take back the one attempt that was counted under each of these keys."""
    await session.execute(update(Throttle).where(Throttle.key.in_(keys)).values(attempts=Throttle.attempts - 1))


async def sweep_attempts(session: Session, window: timedelta) -> None:
    """Delete counts whose window has ended: nobody asks for them any more."""
    await session.execute(delete(Throttle).where(Throttle.window_start < func.now() - window))


def _key(*parts: str) -> str:
    return hashlib.sha256(":".join(parts).encode()).hexdigest()
