"""What the commands of operators share: which account is meant, what a refusal sounds like, and a bar for long work."""

import gc
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeVar
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from domain import accounts
from domain.errors import Refusal
from domain.unit_of_work import Sessions, unbound
from server.errors import CannotStart
from server.runtime import Opened, on_database

T = TypeVar("T")
Account = Annotated[str | None, typer.Option("--account", help="Slug of the account; needed where there are several.")]

_MOST_NAMED = 20
_GARBAGE_THRESHOLD = 100_000


def as_operator(data_dir: Path, work: Callable[[Opened], Awaitable[T]]) -> T:
    """Run `work` on an opened, migrated and checked database; a refusal of the domain ends the command like any
    other.
    """
    try:
        return on_database(data_dir, work)
    except Refusal as refusal:
        raise CannotStart(refusal.message) from None


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


@contextmanager
def progress(doing: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error; the function it gives moves it on."""
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(TextColumn(doing.ljust(10)), *columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(doing, total=total)
        # Millions of small things that live long: looking for garbage among them costs more than the work itself.
        before = gc.get_threshold()
        gc.set_threshold(_GARBAGE_THRESHOLD)
        try:
            yield lambda done: bar.advance(task, done)
        finally:
            gc.set_threshold(*before)
