"""The command `token`: a bearer token for scripts, without a password."""

from datetime import timedelta
from typing import Annotated

import typer

from domain import accounts
from domain.accounts import DirectoryEntry, DirectoryKind
from domain.unit_of_work import Sessions, unbound, writing
from server.commands.operator import Account, as_operator, choose_account
from server.commands.options import DATA_DIR, DataDir
from server.errors import CannotStart
from server.runtime import Opened


def token(
    email: Annotated[str, typer.Argument(help="E-mail address of the user.")],
    account: Account = None,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Print a bearer token of a user, and nothing else, on standard output."""
    typer.echo(as_operator(data_dir, lambda it: _issue(it, email, account)))


async def _issue(it: Opened, email: str, slug: str | None) -> str:
    sessions = it.database.sessions
    entry = await find_entry(sessions, email, slug)
    async with writing(sessions, entry.account_id, accounts.operator(entry.account_id)) as work:
        user = await accounts.find_user(work, entry.target_id)
        issued, _ = await accounts.issue_token(work, user.id, timedelta(days=it.settings.token_days))
    return issued


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
