"""Invitations: reading one and accepting it, both by its token and without a sign-in.

Guesses at tokens and at passwords are counted as those at signing in are.
"""

from domain import accounts, people
from domain.accounts import Bearer, BearerKind, Identity, TooManyAttempts
from domain.errors import NotFound, RateLimited, Unauthenticated
from domain.unit_of_work import reading, writing
from resolvers.accounts import SignedIn
from resolvers.context import Context

_WHAT = "invitation"


async def find_invitation(context: Context, token: str) -> people.OpenInvitation:
    """What the invitation of a token says; NotFound when it is none, or has ended, and RateLimited after too many."""
    try:
        found, _ = await _find(context, _read(token))
    except TooManyAttempts as refusal:
        raise RateLimited(refusal.details["retry_after"]) from None
    return found


async def accept_invitation(context: Context, *, token: str, password: str, name: str | None) -> SignedIn:
    """Join the account and sign in: a new identity chooses a password, a known one gives its own.

    Who signs in elsewhere, so has none although their address was verified, cannot choose one here (decision 19).
    """
    bearer = _read(token)
    invitation, identity = await _find(context, bearer)
    keys = await context.throttling.count_password(invitation.email)
    verified, fresh = await _judge(context, identity, password)
    admit = people.invitee(bearer.account_id, bearer.secret_hash)
    async with writing(context.sessions, bearer.account_id, admit, context.address) as work:
        user = await people.accept_invitation(work, bearer.secret_hash, verified=verified, fresh=fresh, name=name)
        issued, ends = await accounts.issue_token(work, user.id, context.services.token_lifetime, epoch=identity.epoch)
        await accounts.forget_attempts(work.session, forget=keys.email_there, forgive=[keys.network, keys.email])
    return SignedIn(issued, ends, user)


def _read(token: str) -> Bearer:
    try:
        bearer = accounts.read_token(token)
    except Unauthenticated:
        bearer = None
    if bearer is None or bearer.kind is not BearerKind.INVITATION:
        raise NotFound("invitation", field=("token",))
    return bearer


async def _find(context: Context, bearer: Bearer) -> tuple[people.OpenInvitation, Identity]:
    """The invitation of a token. One that nobody has is counted, and waits when there were too many."""
    admit = people.invitee(bearer.account_id, bearer.secret_hash)
    try:
        async with reading(context.sessions, bearer.account_id, admit, context.address) as work:
            return await people.read_invitation(work, bearer.secret_hash)
    except NotFound:
        await context.throttling.count_secret(_WHAT, bearer.account_id)
        raise


async def _judge(context: Context, identity: Identity, password: str) -> tuple[str | None, str | None]:
    """The hash that the password was verified against, or the one to store for a new identity; exactly one of them."""
    passwords, stored = context.services.passwords, identity.password_hash
    if stored is None and identity.verified_at is None:
        accounts.check_password(password, email=identity.email, longest=passwords.longest, field=("password",))
        return None, await passwords.hash(password)
    if not await passwords.verify(stored, password):
        raise accounts.SignInFailed
    return stored, None
