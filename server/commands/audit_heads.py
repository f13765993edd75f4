"""The command `audit-heads`: what to keep elsewhere, to verify the audit log by it later."""

import json
from typing import Any

import typer

from domain import accounts, audit
from domain.audit import Head
from domain.unit_of_work import reading
from server.auth.audit_key import AuditKey
from server.commands.account_lookup import choose_accounts
from server.commands.options import DATA_DIR, Account, DataDir
from server.runtime import Opened, on_database


def audit_heads(account: Account = None, data_dir: DataDir = DATA_DIR) -> None:
    """Print the newest signed head of an account, or of each, as lines of JSON; keep them where the database is not."""

    async def work(it: Opened) -> None:
        key = AuditKey(it.secret_key())
        for slug, account_id in (await choose_accounts(it.database.sessions, account)).items():
            async with reading(it.database.sessions, account_id, accounts.operator(account_id)) as unit:
                head = (await audit.read_seal(unit)).head
            if head is not None:
                typer.echo(json.dumps(_written(slug, audit.head_of(head), key)))

    on_database(data_dir, work)


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
