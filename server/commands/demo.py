"""The command `demo`, and what `serve` does on an empty embedded database: a demo account with lifelike tickets."""

from typing import Annotated
from uuid import UUID

import typer

from domain import accounts
from domain.unit_of_work import unbound
from server.commands.options import DATA_DIR, DataDir, typed
from server.commands.progress import progress
from server.demo import PEOPLE, SLUG, fill_demo, find_demo, found_demo
from server.runtime import Opened, on_database

FIRST_TICKETS, FIRST_SEED = 300, 1


def demo(
    tickets: Annotated[int, typer.Option(help="How many tickets of the seed there are to be.", min=0)] = FIRST_TICKETS,
    seed: Annotated[int, typer.Option(help="The same seed gives the same tickets.", min=0)] = FIRST_SEED,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Make the demo account where there is none, and fill it with invented tickets."""
    on_database(data_dir, lambda it: _make(it, tickets, seed))


async def welcome(it: Opened) -> None:
    """Make the demo account with its first tickets, if the database is an embedded one without any account."""
    if it.data_dir is None:
        return
    async with unbound(it.database.sessions) as session:
        empty = not await accounts.list_accounts(session)
    if empty:
        await _make(it, FIRST_TICKETS, FIRST_SEED)


async def _make(it: Opened, count: int, seed: int) -> None:
    account_id = await find_demo(it.database.sessions) or await _found(it)
    with progress("Demo", count) as advance:
        tally = await fill_demo(it.database.sessions, account_id, count, seed, advance)
    there = f"; {tally.unchanged:,} of them were there already" if tally.unchanged else ""
    typer.echo(f"The demo account has {count:,} tickets of seed {seed}{there}.")


async def _found(it: Opened) -> UUID:
    account_id, passwords = await found_demo(it.database.sessions, it.settings.plan_limits)
    typer.echo(f"Made the demo account (slug {SLUG}). Sign in as one of these; the passwords are shown this once:")
    for person in PEOPLE:
        password = passwords.get(person.email, "(the password that this address has)")
        typer.echo(f"  {person.email:<15} {person.role.value:<16} {password}")
    typer.echo(f"Or, for scripts: {typed()} token ada@demo.test")
    return account_id
