"""Signing in and out, and who and what the viewer's account is."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import NamedTuple
from uuid import UUID

from domain import accounts, pipelines
from domain.actor import Actor
from domain.errors import Refusal
from domain.unit_of_work import UnitOfWork, enter, unbound, writing
from policies import Permission
from resolvers.context import Context

_IPV6 = 6
_ANYWHERE = 10  # times the attempts that one network has for an e-mail address, all networks have together


@dataclass(frozen=True)
class SignedIn:
    """A fresh token, whose it is, and when it ends."""

    token: str
    expires_at: datetime
    user: accounts.User


@dataclass(frozen=True)
class AccountView:
    """The viewer's account: its plan, how many pipelines that allows, and how many there are for who may create
    them.
    """

    account: accounts.Account
    actor: Actor
    pipeline_limit: int
    pipelines_used: int | None


async def sign_in(context: Context, *, email: str, password: str, account: str | None) -> SignedIn:
    """Verify a password and issue a token for one membership; every failure is one refusal, as slow as a success."""
    keys = _Keys.of(email, context.address)
    await _count(context, keys)
    async with unbound(context.sessions) as session:
        identity = await accounts.find_identity(session, email)
    passwords = context.services.passwords
    stored = identity.password_hash if identity else None
    if not await passwords.verify(stored, password):
        raise accounts.SignInFailed
    fresh = await passwords.hash(password) if stored and passwords.is_outdated(stored) else None
    account_id, user_id = await _choose(context, email, account)
    async with writing(context.sessions, account_id, accounts.member(account_id, user_id), context.address) as work:
        token, ends = await accounts.issue_token(work, user_id, context.services.token_lifetime)
        user = await accounts.find_user(work, user_id)
        if identity is not None and fresh is not None:
            await accounts.renew_password(work.session, identity.id, fresh)
        await accounts.forget_attempts(work.session, forget=keys.email_there, forgive=[keys.network, keys.email])
    return SignedIn(token, ends, user)


class _Keys(NamedTuple):
    """By what attempts are counted: hashes, since an address that was mistyped is nobody's business."""

    network: str
    email_there: str
    email: str

    @classmethod
    def of(cls, email: str, address: str | None) -> "_Keys":
        """Whoever has one IPv6 address has 2^64 of them: they count as the one network that they are."""
        network, name = _network(address), email.strip().lower()
        parts = (f"network:{network}", f"email:{name}:{network}", f"email:{name}")
        return cls(*[hashlib.sha256(part.encode()).hexdigest() for part in parts])


def _network(address: str | None) -> str:
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return str(address)
    return str(ip_network((parsed, 64), strict=False)) if parsed.version == _IPV6 else str(parsed)


async def _count(context: Context, keys: _Keys) -> None:
    limits = context.services.sign_in
    allowed = zip(keys, (limits.per_address, limits.per_email, _ANYWHERE * limits.per_email), strict=True)
    async with unbound(context.sessions) as session:
        refusal: Refusal | None = await accounts.count_attempts(
            session, [accounts.AttemptLimit(key, attempts) for key, attempts in allowed], limits.window
        )
    if refusal is not None:
        raise refusal


async def _choose(context: Context, email: str, account: str | None) -> tuple[UUID, UUID]:
    """The membership to sign in to; those that were ended count as none."""
    async with unbound(context.sessions) as session:
        entries = await accounts.look_up(session, accounts.DirectoryKind.EMAIL, email)
    active: list[tuple[accounts.Account, UUID]] = []
    for entry in entries:
        async with context.sessions() as session, session.begin():
            await enter(session, entry.account_id)
            found = await accounts.find_active_membership(session, entry.account_id, entry.target_id)
            if found is not None:
                active.append((found, entry.target_id))
    named = [(found.id, user) for found, user in active if account in {None, found.slug}]
    if not named:
        raise accounts.SignInFailed
    if len(named) > 1:
        raise accounts.AccountNeeded([{"slug": found.slug, "name": found.name} for found, _ in active])
    return named[0]


async def sign_out(context: Context) -> None:
    """End the token of this request."""
    async with context.writing() as work:
        await accounts.sign_out(work)


async def viewer(context: Context) -> tuple[accounts.User, AccountView]:
    """Who asks, and in which account."""
    async with context.reading() as work:
        users = await accounts.find_users(work, [work.actor.id])
        return users[work.actor.id or UUID(int=0)], await account_view(context, work)


async def account(context: Context) -> AccountView:
    """The account that the token belongs to."""
    async with context.reading() as work:
        return await account_view(context, work)


async def account_view(context: Context, work: UnitOfWork) -> AccountView:
    """The account of a unit, with the limits of its plan."""
    found = await accounts.find_account(work)
    used = await pipelines.count_pipelines(work) if Permission.PIPELINE_CREATE in work.actor.permissions else None
    return AccountView(found, work.actor, context.services.plan_limits[found.plan.service], used)


async def list_users(context: Context) -> list[accounts.User]:
    """The active users of the account, to whom tickets can be given (settled choice 19)."""
    async with context.reading() as work:
        return await accounts.list_users(work)


async def list_teams(context: Context) -> list[accounts.Team]:
    """The active teams of the account."""
    async with context.reading() as work:
        return await accounts.list_teams(work)
