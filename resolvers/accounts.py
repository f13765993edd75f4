"""Signing in and out, and who and what the viewer's account is."""

from dataclasses import dataclass
from datetime import datetime

from domain import accounts, pipelines
from domain.actor import Actor
from domain.unit_of_work import UnitOfWork, unbound, writing
from policies import Permission
from resolvers.context import Context
from resolvers.failed_sign_ins import note_failure
from resolvers.memberships import choose_membership


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
    try:
        return await _sign_in(context, email, password, account)
    except (accounts.SignInFailed, accounts.TooManyAttempts) as refusal:
        await note_failure(context, email, refusal)
        raise


async def _sign_in(context: Context, email: str, password: str, account: str | None) -> SignedIn:
    keys = await context.throttling.count_password(email)
    async with unbound(context.sessions) as session:
        identity = await accounts.find_identity(session, email)
    passwords = context.services.passwords
    stored = identity.password_hash if identity else None
    if not await passwords.verify(stored, password):
        raise accounts.SignInFailed
    fresh = await passwords.hash(password) if stored and passwords.is_outdated(stored) else None
    account_id, user_id = await choose_membership(context, email, account)
    async with writing(context.sessions, account_id, accounts.member(account_id, user_id), context.address) as work:
        epoch = identity.epoch if identity else None
        token, ends = await accounts.issue_token(work, user_id, context.services.token_lifetime, epoch=epoch)
        user = await accounts.find_user(work, user_id)
        if identity is not None and fresh is not None:
            await accounts.renew_password(work.session, identity, fresh)
        await accounts.forget_attempts(work.session, forget=keys.email_there, forgive=[keys.network, keys.email])
    return SignedIn(token, ends, user)


async def sign_out(context: Context) -> None:
    """End the token of this request."""
    async with context.writing() as work:
        await accounts.sign_out(work)


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
