"""The command `unlink`: forgets by which name the identity provider knows a user, so that they can be linked anew."""

from typing import Annotated

import typer

from domain import accounts
from domain.unit_of_work import writing
from server.commands.account_lookup import find_entry
from server.commands.options import DATA_DIR, Account, DataDir
from server.runtime import Opened, on_database


def unlink(
    email: Annotated[str, typer.Argument(help="E-mail address of the user.")],
    account: Account = None,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Let a user whom the identity provider made anew sign in by it again, under the same e-mail address."""
    typer.echo(on_database(data_dir, lambda it: _unlink(it, email, account)))


async def _unlink(it: Opened, email: str, slug: str | None) -> str:
    entry = await find_entry(it.database.sessions, email, slug)
    async with writing(it.database.sessions, entry.account_id, accounts.operator(entry.account_id)) as work:
        forgotten = await accounts.unlink_identity(work, entry.target_id)
    if not forgotten:
        return f"{email} was not linked to an identity provider."
    return f"{email} is linked anew at the next sign-in by the identity provider."
