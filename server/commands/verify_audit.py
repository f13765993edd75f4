"""The commands `verify-audit` and `audit-heads`: whether the audit log is as it was, and what to keep to tell that."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from domain import accounts, audit
from domain.audit import Head, Verified
from domain.unit_of_work import Sessions, reading, unbound
from server.auth.audit_key import AuditKey
from server.commands.operator import Account, as_operator, choose_account
from server.commands.options import DATA_DIR, DataDir
from server.errors import CannotStart
from server.runtime import Opened

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
        chosen = await _accounts(it.database.sessions, account)
        for slug, account_id in chosen.items():
            mine = [head for head in kept if head.account_id == account_id]
            found = await _verify(it.database.sessions, account_id, key, mine, timedelta(seconds=max_age))
            typer.echo("\n".join(_told(slug, found, len(mine))))
            whole = whole and not found.findings
        strangers = {head.account_id for head in kept} - {*chosen.values()} if account is None else set()
        for stranger in sorted(strangers, key=str):
            typer.echo(f"{stranger}: its heads were kept elsewhere, and there is no such account any more.")
        return whole and not strangers

    if not as_operator(data_dir, work):
        raise typer.Exit(1)


def audit_heads(account: Account = None, data_dir: DataDir = DATA_DIR) -> None:
    """Print the newest signed head of an account, or of each, as lines of JSON; keep them where the database is not."""

    async def work(it: Opened) -> None:
        key = AuditKey(it.secret_key())
        for slug, account_id in (await _accounts(it.database.sessions, account)).items():
            async with reading(it.database.sessions, account_id, accounts.operator(account_id)) as unit:
                head = (await audit.read_seal(unit)).head
            if head is not None:
                typer.echo(json.dumps(_written(slug, audit.head_of(head), key)))

    as_operator(data_dir, work)


async def _accounts(sessions: Sessions, slug: str | None) -> dict[str, UUID]:
    async with unbound(sessions) as session:
        everybody = {entry.name: entry.account_id for entry in await accounts.list_accounts(session)}
    if slug is None and everybody:
        return everybody
    chosen = await choose_account(sessions, slug)
    return {name: account_id for name, account_id in everybody.items() if account_id == chosen}


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


def _written(slug: str, head: Head, key: AuditKey) -> dict[str, Any]:
    """A head for others to keep; its key goes with it where it is ours."""
    ours = head.key_id == key.key_id
    return {
        "account": str(head.account_id),
        "slug": slug,
        "number": head.number,
        "digest": head.digest.hex(),
        "keyId": head.key_id,
        "publicKey": key.public_key.hex() if ours else None,
        "signature": head.signature.hex(),
        "signedAt": head.signed_at.isoformat(),
    }


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
