"""Which of a person's memberships they sign in to, before any account is entered for good."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from domain import accounts
from domain.accounts import Account
from domain.database.transaction import transaction
from domain.unit_of_work import unbound
from resolvers.context import Context

# Finds the account of a membership by account and user, in a session that has entered the account.
Find = Callable[..., Awaitable[Account | None]]


async def choose_membership(
    context: Context, email: str, account: str | None, find: Find = accounts.find_active_membership
) -> tuple[UUID, UUID]:
    """The account and the user to sign in as, of the memberships that `find` finds; it finds none that were ended.

    Declines SIGN_IN_FAILED where there is none, and ACCOUNT_NEEDED where there are several and none was named.
    """
    async with unbound(context.sessions) as session:
        entries = await accounts.look_up(session, accounts.DirectoryKind.EMAIL, email)
    open_to_them: list[tuple[Account, UUID]] = []
    for entry in entries:
        async with transaction(context.sessions, entry.account_id) as session:
            found = await find(session, entry.account_id, entry.target_id)
            if found is not None:
                open_to_them.append((found, entry.target_id))
    named = [(found.id, user) for found, user in open_to_them if account in {None, found.slug}]
    if not named:
        raise accounts.SignInFailed
    if len(named) > 1:
        raise accounts.AccountNeeded([{"slug": found.slug, "name": found.name} for found, _ in open_to_them])
    return named[0]
