"""Which account or user an operator's command means."""

from uuid import UUID

from domain import accounts
from domain.accounts import DirectoryEntry, DirectoryKind
from domain.unit_of_work import Sessions, unbound
from server.errors import CannotStart

_MOST_NAMED = 20


async def choose_account(sessions: Sessions, slug: str | None) -> UUID:
    """The account of that slug, or the only one there is; CannotStart names those to choose from."""
    async with unbound(sessions) as session:
        found = {entry.name: entry.account_id for entry in await accounts.list_accounts(session)}
    if not found:
        raise CannotStart("There is no account yet; `python -m server demo` makes one to try.")
    if slug is None and len(found) == 1:
        return next(iter(found.values()))
    if slug is None or slug.lower() not in found:
        wrong = "There are several accounts" if slug is None else f"There is no account {slug!r}"
        named = ", ".join(list(found)[:_MOST_NAMED]) + (", …" if len(found) > _MOST_NAMED else "")
        raise CannotStart(f"{wrong}; say which with --account: {named}.")
    return found[slug.lower()]


async def choose_accounts(sessions: Sessions, slug: str | None) -> dict[str, UUID]:
    """The account of that slug, or all accounts, by their slugs."""
    async with unbound(sessions) as session:
        everybody = {entry.name: entry.account_id for entry in await accounts.list_accounts(session)}
    if slug is None and everybody:
        return everybody
    chosen = await choose_account(sessions, slug)
    return {name: account_id for name, account_id in everybody.items() if account_id == chosen}


async def find_entry(sessions: Sessions, email: str, slug: str | None) -> DirectoryEntry:
    """The one membership that is meant."""
    async with unbound(sessions) as session:
        found = await accounts.look_up(session, DirectoryKind.EMAIL, email)
        names = {entry.account_id: entry.name for entry in await accounts.list_accounts(session)}
    if slug is not None:
        account_id = await choose_account(sessions, slug)
        found = [entry for entry in found if entry.account_id == account_id]
    if not found:
        raise CannotStart(f"There is no user {email!r}" + (f" in the account {slug!r}." if slug else "."))
    if len(found) > 1:
        named = ", ".join(sorted(names[entry.account_id] for entry in found))
        raise CannotStart(f"{email} belongs to several accounts; say which with --account: {named}.")
    return found[0]
