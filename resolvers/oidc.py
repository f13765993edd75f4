"""Signing in by the identity provider: the request to it, and its callback."""

from uuid import UUID

from domain import accounts, audit, people
from domain.accounts import Identity, VerifiedIdentity
from domain.unit_of_work import unbound, writing
from resolvers.accounts import SignedIn
from resolvers.context import Context
from resolvers.memberships import choose_membership
from resolvers.ports import AuthorizationRequest, IdentityProvider


async def begin_oidc_sign_in(context: Context, *, redirect_uri: str) -> AuthorizationRequest:
    """The address to send a person to, and the handle that the client keeps until they are back."""
    return await _provider(context).depart(redirect_uri)


async def complete_oidc_sign_in(
    context: Context, *, handle: str, code: str | None, state: str | None, account: str | None
) -> SignedIn:
    """Issue a token for one membership of the person that the provider identifies; every failure is one refusal.

    Only members of an account, and people invited to one, can sign in (settled choice 1).
    """
    provider = _provider(context)
    network = await context.throttling.count_arrival()
    vouched = await provider.arrive(handle, code, state)
    async with unbound(context.sessions) as session:
        identity = await accounts.find_vouched(session, vouched)
    if identity is None:
        raise await _sign_in_failed(context, vouched)
    account_id, user_id = await _choose(context, provider, identity, vouched, account)
    # An address that the provider gave to the person after they were linked accepts no invitation to the old one.
    invited_too = vouched.email == identity.email
    load_actor = (people.arrival if invited_too else accounts.member)(account_id, user_id)
    async with writing(context.sessions, account_id, load_actor, context.address) as work:
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
        raise await _sign_in_failed(context, vouched) from None
    except accounts.AccountNeeded as needed:
        # The code is used up: a new handle carries what it proved.
        raise accounts.AccountNeeded(needed.details["accounts"], handle=provider.prove(vouched)) from None


async def _sign_in_failed(context: Context, vouched: VerifiedIdentity) -> accounts.SignInFailed:
    """The refusal, after the failure was recorded for the accounts of the address."""
    refusal = accounts.SignInFailed(accounts.NOT_LET_IN)
    async with unbound(context.sessions) as session:
        await audit.note_failure(session, vouched.email, context.address, refusal.code)
    return refusal


def _provider(context: Context) -> IdentityProvider:
    provider = context.services.oidc
    if provider is None:
        raise accounts.NoIdentityProvider
    return provider
