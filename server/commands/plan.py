"""The command `plan`: what an account has bought, as an operator sets it."""

from typing import Annotated

import typer

from domain import accounts
from domain.unit_of_work import writing
from policies import Tier
from server.commands.account_lookup import choose_account
from server.commands.options import DATA_DIR, Account, DataDir
from server.runtime import Opened, on_database


def plan(
    tier: Annotated[Tier, typer.Argument(help="Service tier.", case_sensitive=False)],
    marketing: Annotated[
        Tier | None, typer.Option(help="Marketing tier; stays as it is unless given.", case_sensitive=False)
    ] = None,
    account: Account = None,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Set the plan of an account; nothing that it has is lost by that."""
    typer.echo(on_database(data_dir, lambda it: _change(it, tier, marketing, account)))


async def _change(it: Opened, tier: Tier, marketing: Tier | None, slug: str | None) -> str:
    sessions = it.database.sessions
    account_id = await choose_account(sessions, slug)
    async with writing(sessions, account_id, accounts.operator(account_id)) as work:
        await accounts.change_plan(work, tier, marketing)
        account = await accounts.find_account(work)
        return f"The account {account.slug} is on {account.service_tier}, and on {account.marketing_tier} of marketing."
