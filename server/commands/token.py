"""The command `token`: a bearer token for scripts, without a password."""

from datetime import timedelta
from typing import Annotated

import typer

from domain import accounts
from domain.unit_of_work import writing
from server.commands.account_lookup import find_entry
from server.commands.options import DATA_DIR, Account, DataDir
from server.runtime import Opened, on_database


def token(
    email: Annotated[str, typer.Argument(help="E-mail address of the user.")],
    account: Account = None,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Print a bearer token of a user, and nothing else, on standard output."""
    typer.echo(on_database(data_dir, lambda it: _issue(it, email, account)))


async def _issue(it: Opened, email: str, slug: str | None) -> str:
    sessions = it.database.sessions
    entry = await find_entry(sessions, email, slug)
    async with writing(sessions, entry.account_id, accounts.operator(entry.account_id)) as work:
        user = await accounts.find_user(work, entry.target_id)
        issued, _ = await accounts.issue_token(work, user.id, timedelta(days=it.settings.token_days))
    return issued
