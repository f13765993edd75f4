"""The command `import`: brings the event log of another system in, as far as it is new, and tells what it came to."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from domain.imports import Created
from server.commands.account_lookup import choose_account
from server.commands.options import DATA_DIR, Account, DataDir
from server.commands.progress import progress
from server.imports import Log, Mapping, Outcome, bring_in, check_columns, load_mapping, read_log, write_refused
from server.runtime import Opened, on_database
from server.terminal import printable

_TOLD_FAULTS = 10


def import_(
    file: Annotated[
        Path, typer.Argument(help="CSV file with a header; one row an event.", exists=True, dir_okay=False)
    ],
    mapping: Annotated[
        Path, typer.Option(help="TOML file that says what its columns mean.", exists=True, dir_okay=False)
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would happen, and change nothing.")] = False,
    errors: Annotated[
        Path | None, typer.Option(help="Where refused rows go; beside the file unless given.", dir_okay=False)
    ] = None,
    account: Account = None,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Import tickets with their moves from an event log; run again, it adds only what is new."""
    told = load_mapping(mapping)
    check_columns(file, told)
    size = file.stat().st_size
    log, outcome = on_database(data_dir, lambda it: _import(it, file, size, told, account, dry_run=dry_run))
    for line in _report(log, outcome, dry_run=dry_run):
        typer.echo(printable(line))
    if log.faults:
        # A dry run changes nothing, the directory of the file included, unless it is told to.
        target = errors if dry_run else errors or file.with_name(f"{file.stem}.errors.csv")
        _tell_faults(file, told, log, target)


async def _import(
    it: Opened, file: Path, size: int, mapping: Mapping, slug: str | None, *, dry_run: bool
) -> tuple[Log, Outcome]:
    sessions = it.database.sessions
    account_id = await choose_account(sessions, slug)
    with progress("Reading", size) as advance:
        log = await read_log(file, mapping, datetime.now(UTC), advance)
    with progress("Importing", len(log.histories)) as advance:
        limits = it.settings.plan_limits
        outcome = await bring_in(sessions, account_id, mapping, log, limits, dry_run=dry_run, advance=advance)
    return log, outcome


def _report(log: Log, outcome: Outcome, *, dry_run: bool) -> list[str]:
    made, tally = outcome
    lines = [f"Read {_count(log.rows, 'event')} of {_count(len(log.histories) + len(log.refused), 'ticket')}."]
    if made is not None and any(made):
        lines.append(f"{'Would make' if dry_run else 'Made'} {'; '.join(_made(made))}.")
    taken = [
        _count(tally.new, "new ticket") if tally.new else "",
        f"new events of {_count(tally.grown, 'known ticket')}" if tally.grown else "",
    ]
    if any(taken):
        said = " and ".join(part for part in taken if part)
        lines.append(f"{'Would import' if dry_run else 'Imported'} {said}, with {_count(tally.visits, 'visit')}.")
    for count, what, said in (
        (tally.unchanged, "known ticket", "had nothing new"),
        (tally.clamped, "event", "went back in time, and got the time of the one before"),
        (tally.late, "event", "stood before events that were imported earlier, and changed nothing any more"),
        (tally.deleted, "ticket", "had new events and had been deleted here, and stayed so"),
    ):
        if count:
            lines.append(f"{_count(count, what)} {said}.")
    return [*lines, "Nothing was changed: this was a dry run."] if dry_run else lines


def _made(made: Created) -> Iterator[str]:
    if made.pipeline is not None:
        yield f"the pipeline {made.pipeline}"
    if made.stages:
        yield f"{_count(len(made.stages), 'stage')} ({', '.join(made.stages)})"
    if made.people or made.teams:
        yield f"{_count(made.people, 'user')} and {_count(made.teams, 'team')} as inactive placeholders"
    if made.properties:
        yield f"{_count(len(made.properties), 'own property', 'own properties')} ({', '.join(made.properties)})"


def _tell_faults(file: Path, mapping: Mapping, log: Log, target: Path | None) -> None:
    typer.echo(f"Refused {_count(len(log.refused), 'ticket')} for {_count(len(log.faults), 'bad row')}:")
    for line in sorted(log.faults)[:_TOLD_FAULTS]:
        typer.echo(printable(f"  line {line}: {log.faults[line]}"))
    if len(log.faults) > _TOLD_FAULTS:
        typer.echo(f"  and {len(log.faults) - _TOLD_FAULTS:,} more")
    if target is not None:
        written = write_refused(file, mapping, log, target)
        told = f"{_count(written, 'row')} of refused tickets are in {target}, each with its line and reason."
        typer.echo(printable(told))


def _count(number: int, one: str, several: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"
