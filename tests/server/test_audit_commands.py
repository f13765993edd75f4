"""`verify-audit` and `audit-heads`: what an operator is told of the audit log, and by which exit status."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from domain.database.model import new_id
from server.auth.audit_key import AuditKey
from server.database.engine import Database
from server.settings import Databases
from tests.support import actions
from tests.support.audit_chain import KEY, as_owner, seal
from tests.support.process import command
from tests.support.world import World, make_world

Run = Callable[..., "subprocess.CompletedProcess[str]"]

SECRET = "tests only: thirty-two bytes or more"


@pytest.fixture
def run(databases: Databases) -> Run:
    """Runs a command on the database of the tests."""
    addresses = {"SLUICEGATE_DATABASE_URL": databases.serving, "SLUICEGATE_OWNER_DATABASE_URL": databases.owner or ""}
    return lambda *arguments, secret=SECRET: command(*arguments, **addresses, SLUICEGATE_SECRET_KEY=secret)


@pytest.fixture
async def world(database: Database) -> World:
    """An account of its own, sealed."""
    made = await make_world(database.sessions)
    await seal(made)
    return made


async def test_a_log_that_is_as_it_was_is_told_so(world: World, run: Run) -> None:
    done = run("verify-audit", "--account", world.slug)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{world.slug}: all is as it was sealed (")


async def test_a_log_that_was_changed_is_told_with_where(world: World, run: Run, owner_engine: AsyncEngine) -> None:
    await as_owner(owner_engine, world.account_id, "UPDATE event SET address = '192.0.2.99'")

    done = run("verify-audit", "--account", world.slug)

    first, second = done.stdout.splitlines()
    assert done.returncode == 1
    assert first.startswith(f"{world.slug}: 1 finding (")
    assert second.startswith("  Events 1 to ")


async def test_what_is_not_sealed_in_time_is_told(world: World, run: Run) -> None:
    await actions.open_ticket(world)

    patient, hasty = (run("verify-audit", "--account", world.slug, "--max-age", age) for age in ("600", "0"))

    assert (patient.returncode, hasty.returncode) == (0, 1)
    assert "An event waits to be sealed for" in hasty.stdout


async def test_heads_that_were_kept_tell_a_log_that_was_cut(
    world: World, run: Run, owner_engine: AsyncEngine, tmp_path: Path
) -> None:
    heads, kept = run("audit-heads", "--account", world.slug), tmp_path / "heads.jsonl"
    kept.write_text(heads.stdout + "\n", encoding="utf-8")
    whole = run("verify-audit", "--account", world.slug, "--heads", str(kept))
    await as_owner(
        owner_engine,
        world.account_id,
        "DELETE FROM event",
        "DELETE FROM journal_entry",
        "DELETE FROM audit_seal",
        "DELETE FROM audit_head",
        "UPDATE journal_head SET last_number = 0",
    )

    unaware, aware = (run("verify-audit", "--account", world.slug, *more) for more in ((), ("--heads", str(kept))))

    assert (whole.returncode, unaware.returncode, aware.returncode) == (0, 0, 1)
    assert "is past the end of the chain: its end was cut off." in aware.stdout


async def test_an_account_that_is_gone_is_told_by_its_heads(world: World, run: Run, tmp_path: Path) -> None:
    gone = json.loads(run("audit-heads", "--account", world.slug).stdout) | {"account": str(new_id())}
    kept = tmp_path / "heads.jsonl"
    kept.write_text(json.dumps(gone), encoding="utf-8")

    done = run("verify-audit", "--heads", str(kept), "--max-age", "86400")

    assert done.returncode == 1
    assert f"{gone['account']}: its heads were kept elsewhere, and there is no such account any more." in done.stdout


async def test_a_head_can_be_verified_by_whoever_has_it(world: World, run: Run) -> None:
    head = json.loads(run("audit-heads", "--account", world.slug).stdout)

    message = "\n".join(
        ("sluicegate audit head 1", head["account"], str(head["number"]), head["digest"], head["signedAt"])
    )

    public, signature = bytes.fromhex(head["publicKey"]), bytes.fromhex(head["signature"])
    assert head["slug"] == world.slug
    assert AuditKey(b"any other key there is, of 32 bytes").verifies(public, message.encode(), signature)
    assert not KEY.verifies(public, message.replace("\n1", "\n2").encode() + b".", signature)


async def test_another_secret_key_is_told_apart(world: World, run: Run) -> None:
    done = run("verify-audit", "--account", world.slug, secret="another secret key, of 32 characters or more")

    assert done.returncode == 1
    assert "is not signed with our key." in done.stdout
    assert f"({KEY.key_id}), and were not verified." in done.stdout


@pytest.mark.parametrize("line", ["nonsense", "{}", '{"account": 1}', "[]"])
def test_a_file_that_holds_no_heads_is_refused(run: Run, tmp_path: Path, line: str) -> None:
    kept = tmp_path / "heads.jsonl"
    kept.write_text(f"\n{line}\n", encoding="utf-8")

    done = run("verify-audit", "--heads", str(kept))

    assert done.returncode == 1
    assert done.stderr == f"sluicegate: Line 2 of {kept} is no head as `audit-heads` prints them.\n"


def test_the_worker_needs_the_secret_key(databases: Databases) -> None:
    done = command("worker", SLUICEGATE_DATABASE_URL=databases.serving)

    assert done.returncode == 2
    assert "SLUICEGATE_SECRET_KEY is needed" in done.stderr
