"""Signing in by the identity provider: departing to it, and arriving from it with what it says of a person."""

from uuid import UUID

from domain import accounts, audit, people
from domain.accounts import Identity, VerifiedIdentity
from domain.unit_of_work import unbound, writing
from resolvers.accounts import SignedIn
from resolvers.context import Context
from resolvers.memberships import choose_membership
from resolvers.ports import AuthorizationRequest, IdentityProvider


async def depart(context: Context, *, redirect_uri: str) -> AuthorizationRequest:
    """Where to send a person who means to sign in, and what the client keeps meanwhile."""
    return await _provider(context).depart(redirect_uri)


async def arrive(
    context: Context, *, handle: str, code: str | None, state: str | None, account: str | None
) -> SignedIn:
    """Issue a token for one membership of the person whom the provider vouches for; every failure is one refusal.

    Nobody comes in here who is not a member of an account, or invited to one (settled choice 1).
    """
    provider = _provider(context)
    network = await context.throttling.count_arrival()
    vouched = await provider.arrive(handle, code, state)
    async with unbound(context.sessions) as session:
        identity = await accounts.find_vouched(session, vouched)
    if identity is None:
        raise await _let_nobody_in(context, vouched)
    account_id, user_id = await _choose(context, provider, identity, vouched, account)
    # An address that the provider gave to the person after they were linked opens no invitation of the old one.
    invited_too = vouched.email == identity.email
    admit = (people.arrival if invited_too else accounts.member)(account_id, user_id)
    async with writing(context.sessions, account_id, admit, context.address) as work:
        if invited_too:
            await people.join_vouched(work, user_id)
        await accounts.link_identity(work, user_id, identity, vouched)
        token, ends = await accounts.issue_token(work, user_id, context.services.token_lifetime, by="OIDC")
        user = await accounts.find_user(work, user_id)
        await accounts.forgive_attempts(work.session, [network])
    return SignedIn(token, ends, user)


async def _choose(
    context: Context, provider: IdentityProvider, identity: Identity, vouched: VerifiedIdentity, account: str | None
) -> tuple[UUID, UUID]:
    find = people.find_open_membership if vouched.email == identity.email else accounts.find_active_membership
    try:
        return await choose_membership(context, identity.email, account, find)
    except accounts.SignInFailed:
        raise await _let_nobody_in(context, vouched) from None
    except accounts.AccountNeeded as needed:
        # The code is spent: what it proved is in a handle of its own.
        raise accounts.AccountNeeded(needed.details["accounts"], handle=provider.prove(vouched)) from None


async def _let_nobody_in(context: Context, vouched: VerifiedIdentity) -> accounts.SignInFailed:
    """The refusal, once it is noted for the accounts that the address is a member's of."""
    refusal = accounts.SignInFailed(accounts.NOT_LET_IN)
    async with unbound(context.sessions) as session:
        await audit.note_failure(session, vouched.email, context.address, refusal.code)
    return refusal


def _provider(context: Context) -> IdentityProvider:
    provider = context.services.oidc
    if provider is None:
        raise accounts.NoIdentityProvider
    return provider
