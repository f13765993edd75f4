"""`import` from the command line: what is in the file is in the database, once, and what it says is true (B34)."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from server.database.engine import Database
from server.settings import Databases
from tests.support import db_state
from tests.support.dump import dump
from tests.support.ledger import Layout, kept_in, told_by
from tests.support.process import ROOT, command
from tests.support.world import World, make_world

EXAMPLES = ROOT / "docs" / "examples"
SAMPLE, SAMPLE_MAPPING = EXAMPLES / "sample-events.csv", EXAMPLES / "sample.toml"
SAMPLE_LAYOUT = Layout(
    "repair",
    "status",
    "changed",
    "changed by",
    "%Y-%m-%d %H:%M",
    "Europe/Amsterdam",
    "-",
    {"Ready": "Ready to collect"},
)
INCIDENTS = Path(os.environ.get("SLUICEGATE_TEST_INCIDENTS") or ROOT.parent / "shared" / "data" / "incidents.csv")
INCIDENTS_LAYOUT = Layout("number", "incident_state", "sys_updated_at", "sys_updated_by", "%d-%m-%Y %H:%M", "UTC", "?")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
async def world(database: Database) -> World:
    """An account of its own."""
    return await make_world(database.sessions)


@pytest.fixture
def run(world: World, databases: Databases) -> Run:
    """Runs `import` for that account."""
    addresses = {"SLUICEGATE_DATABASE_URL": databases.serving, "SLUICEGATE_OWNER_DATABASE_URL": databases.owner or ""}

    def run_import(file: Path, mapping: Path, *options: str | Path) -> "subprocess.CompletedProcess[str]":
        return command("import", file, "--mapping", mapping, "--account", world.slug, *options, **addresses)

    return run_import


async def test_what_a_dry_run_foretells_is_what_the_import_does_once(
    world: World, run: Run, owner_engine: AsyncEngine
) -> None:
    before = await dump(owner_engine, world.account_id)
    foretold = run(SAMPLE, SAMPLE_MAPPING, "--dry-run")
    untouched = await dump(owner_engine, world.account_id)
    done = run(SAMPLE, SAMPLE_MAPPING)
    kept = await kept_in(world, "bicycle workshop")
    again = run(SAMPLE, SAMPLE_MAPPING)

    assert untouched == before
    assert done.stdout.splitlines() == [
        "Read 66 events of 14 tickets.",
        "Made the pipeline Repairs; 6 stages (Received, Examined, Waiting for parts, In repair, Ready to collect, "
        "Collected); 4 users and 2 teams as inactive placeholders; 1 own property (Bicycle).",
        "Imported 14 new tickets, with 61 visits.",
        "1 event went back in time, and got the time of the one before.",
    ]
    said = foretold.stdout.replace("Would make", "Made").replace("Would import", "Imported")
    assert said == f"{done.stdout}Nothing was changed: this was a dry run.\n"
    assert "14/14" in done.stderr
    assert kept == told_by(SAMPLE, SAMPLE_LAYOUT)
    assert again.stdout.splitlines() == ["Read 66 events of 14 tickets.", "14 known tickets had nothing new."]
    await db_state.assert_sound(world)


async def test_a_bad_row_refuses_its_ticket_and_once_put_right_it_comes_in(
    world: World, run: Run, tmp_path: Path
) -> None:
    broken, refused, mended = tmp_path / "log.csv", tmp_path / "log.errors.csv", tmp_path / "mended.csv"
    broken.write_text(SAMPLE.read_text(encoding="utf-8").replace("2025-03-24 15:40", "yesterday"), encoding="utf-8")

    run(broken, SAMPLE_MAPPING, "--dry-run")
    after_a_dry_run = refused.exists()
    done = run(broken, SAMPLE_MAPPING)
    rows = refused.read_text(encoding="utf-8").splitlines()
    mended.write_text(refused.read_text(encoding="utf-8").replace("yesterday", "2025-03-24 15:40"), encoding="utf-8")
    rest = run(mended, SAMPLE_MAPPING)

    assert not after_a_dry_run
    assert done.returncode == 0
    assert "Imported 13 new tickets" in done.stdout
    assert "line 7: its time 'yesterday' does not look like %Y-%m-%d %H:%M" in done.stdout
    assert len(rows) == 7
    assert rows[0].startswith("line,reason,repair,status,")
    assert rows[1].startswith("6,its ticket is refused for line 7,R-102,Received,")
    assert "Imported 1 new ticket, with 6 visits." in rest.stdout
    assert await kept_in(world, "bicycle workshop") == told_by(SAMPLE, SAMPLE_LAYOUT)


async def test_what_a_file_says_does_not_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    osc, file, mapping = "\x1b]0;owned\x07\u202e", tmp_path / "log.csv", tmp_path / "mapping.toml"
    steering = SAMPLE.read_text(encoding="utf-8").replace("Examined", "Examined\u200b")
    file.write_text(steering, encoding="utf-8")
    mapping.write_text(SAMPLE_MAPPING.read_text(encoding="utf-8").replace('"repair"', '"gone"'), encoding="utf-8")

    done = run(file, SAMPLE_MAPPING, "--dry-run")
    file.write_text(osc + steering, encoding="utf-8")
    wrong = run(file, mapping, "--dry-run")

    shown = r"\x1b]0;owned\x07\u202e"
    assert r"Examined\u200b)" in done.stdout
    assert wrong.returncode == 1
    assert f"the columns are: {shown}" in wrong.stderr.replace("\n", "")
    assert not {"\x1b", "\x07", "\u202e", "\u200b"} & {*done.stdout, *wrong.stderr}


async def test_what_the_domain_declines_is_one_sentence(run: Run, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        SAMPLE_MAPPING.read_text(encoding="utf-8").replace("create_pipeline = true", ""), encoding="utf-8"
    )

    done = run(SAMPLE, mapping)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1] == "sluicegate: There is no such pipeline as 'Repairs'."


async def test_an_account_must_be_named_where_there_are_several(
    database: Database, databases: Databases, world: World
) -> None:
    await make_world(database.sessions)
    addresses = {"SLUICEGATE_DATABASE_URL": databases.serving, "SLUICEGATE_OWNER_DATABASE_URL": databases.owner or ""}

    unnamed = command("import", SAMPLE, "--mapping", SAMPLE_MAPPING, **addresses)

    assert (unnamed.returncode, unnamed.stdout) == (1, "")
    assert "There are several accounts; say which with --account: " in unnamed.stderr


@pytest.mark.skipif(not INCIDENTS.exists(), reason="the real incidents are not here; name them in the environment")
async def test_real_incidents_come_in_as_they_are_in_the_file(world: World, run: Run) -> None:
    done = run(INCIDENTS, EXAMPLES / "incidents.toml")

    assert done.returncode == 0, done.stderr
    assert "Imported 600 new tickets" in done.stdout
    assert "6 stages (New, Active, Awaiting User Info, Awaiting Problem, Resolved, Closed)" in done.stdout
    assert await kept_in(world, "incidents") == told_by(INCIDENTS, INCIDENTS_LAYOUT)
    assert run(INCIDENTS, EXAMPLES / "incidents.toml").stdout.splitlines() == [
        "Read 4,031 events of 600 tickets.",
        "600 known tickets had nothing new.",
    ]
    await db_state.assert_sound(world)
