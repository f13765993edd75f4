"""The command `verify-audit`: whether the audit log is as it was sealed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from domain import accounts, audit
from domain.audit import Head, Verified
from domain.unit_of_work import Sessions, reading
from server.auth.audit_key import AuditKey
from server.commands.account_lookup import choose_accounts
from server.commands.options import DATA_DIR, Account, DataDir
from server.errors import CannotStart
from server.runtime import Opened, on_database

_MOST_HEADS = 100_000


def verify_audit(
    account: Account = None,
    heads: Annotated[
        Path | None,
        typer.Option(
            help="File of heads that `audit-heads` printed earlier, kept elsewhere.", exists=True, dir_okay=False
        ),
    ] = None,
    max_age: Annotated[float, typer.Option(help="Seconds that an event may wait to be sealed.", min=0)] = 3600,
    data_dir: DataDir = DATA_DIR,
) -> None:
    """Verify the audit log of an account, or of all; ends with 1 where anything is not as it should be."""
    kept = _read(heads) if heads else []

    async def work(it: Opened) -> bool:
        key, whole = AuditKey(it.secret_key()), True
        chosen = await choose_accounts(it.database.sessions, account)
        for slug, account_id in chosen.items():
            mine = [head for head in kept if head.account_id == account_id]
            found = await _verify(it.database.sessions, account_id, key, mine, timedelta(seconds=max_age))
            typer.echo("\n".join(_told(slug, found, len(mine))))
            whole = whole and not found.findings
        strangers = {head.account_id for head in kept} - {*chosen.values()} if account is None else set()
        for stranger in sorted(strangers, key=str):
            typer.echo(f"{stranger}: its heads were kept elsewhere, and there is no such account any more.")
        return whole and not strangers

    if not on_database(data_dir, work):
        raise typer.Exit(1)


async def _verify(
    sessions: Sessions, account_id: UUID, key: AuditKey, kept: Sequence[Head], longest: timedelta
) -> Verified:
    async with reading(sessions, account_id, accounts.operator(account_id)) as work:
        return await audit.verify_audit(work, key, kept=kept, longest=longest)


def _told(slug: str, found: Verified, kept: int) -> Iterable[str]:
    """What verifying an account came to, line by line."""
    wrong = len(found.findings)
    verdict = "all is as it was sealed" if not wrong else f"{wrong} finding{'s' if wrong > 1 else ''}"
    counts = f"{found.events} numbered events, {found.erased} erased, {found.waiting} not sealed yet, {kept} heads kept"
    yield f"{slug}: {verdict} ({counts})."
    yield from (f"  {finding}" for finding in found.findings)
    if found.unknown_keys:
        keys = ", ".join(sorted(found.unknown_keys))
        yield f"  Some heads are signed with other keys ({keys}), and were not verified."


def _read(path: Path) -> list[Head]:
    """The heads of a file; CannotStart names the line that is none."""
    found = []
    with path.open(encoding="utf-8") as file:
        for place, line in enumerate(file, start=1):
            if place > _MOST_HEADS:
                raise CannotStart(f"{path} has more than {_MOST_HEADS:,} lines; the newest ones are enough.")
            if line.strip():
                found.append(_head(path, place, line))
    return found


def _head(path: Path, place: int, line: str) -> Head:
    try:
        said: Mapping[str, Any] = json.loads(line)
        return Head(
            account_id=UUID(said["account"]),
            number=int(said["number"]),
            digest=bytes.fromhex(said["digest"]),
            key_id=str(said["keyId"]),
            signature=bytes.fromhex(said["signature"]),
            signed_at=datetime.fromisoformat(said["signedAt"]),
            public_key=bytes.fromhex(said["publicKey"]) if said.get("publicKey") else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CannotStart(f"Line {place} of {path} is no head as `audit-heads` prints them.") from None
