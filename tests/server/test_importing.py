"""Reading event logs: mappings and files as operators have them, right and wrong, and what an import makes of them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.imports import History, ImportSummary
from policies import Role
from server.database.engine import Database
from server.errors import CannotStart
from server.imports import Log, Outcome, bring_in, check_columns, load_mapping, read_log
from tests.support import db_state
from tests.support.ledger import kept_in
from tests.support.world import LIMITS, World, make_world

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MAPPING = """
source = "log"
time_zone = "Europe/Amsterdam"
time_format = "%Y-%m-%d %H:%M"
none = ["?"]
subject = "{what} for {who}"
[columns]
number = "no"
stage = "state"
time = "time"
owner = "who"
[stages]
closed = ["Done"]
[stages.names]
"Done" = "closed"
"""
HEADER = "no,state,time,who,what\n"
GOOD = "1,New,2025-07-01 10:00,Ann,Lamp\n1,Done,2025-07-01 11:30,Ann,Lamp\n"


@pytest.fixture
async def world(database: Database) -> World:
    """An account of its own."""
    return await make_world(database.sessions)


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    """Where the log of a test is."""
    return tmp_path / "log.csv"


def mapping_file(path: Path, text: str = MAPPING) -> Path:
    """The mapping beside a log."""
    target = path.with_suffix(".toml")
    target.write_text(text, encoding="utf-8")
    return target


def write(path: Path, content: str | bytes) -> None:
    """Make a log of this."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


async def read(path: Path, content: str | bytes, mapping: str = MAPPING) -> Log:
    """Write a log and read it, as the command does."""
    write(path, content)
    told = load_mapping(mapping_file(path, mapping))
    check_columns(path, told)
    return await read_log(path, told, NOW, lambda _: None)


async def imported(world: World, path: Path, content: str, *, dry_run: bool = False) -> Outcome:
    """Write a log, read it and bring it in."""
    log = await read(path, content)
    mapping = load_mapping(mapping_file(path))
    return await bring_in(
        world.sessions, world.account_id, mapping, log, LIMITS, dry_run=dry_run, advance=lambda _: None
    )


def story(history: History) -> list[tuple[str, str, str, str | None]]:
    """The steps of a history, with times as ISO 8601 has them."""
    return [(step.stage, step.at.isoformat(), step.says.subject, step.says.owner) for step in history.steps]


async def test_a_row_is_read_as_the_mapping_says(log_file: Path) -> None:
    log = await read(log_file, HEADER + GOOD + "2, New ,2025-12-01 10:00, ? ,\n")

    assert story(log.histories["1"]) == [
        ("New", "2025-07-01T08:00:00+00:00", "Lamp for Ann", "Ann"),
        ("Done", "2025-07-01T09:30:00+00:00", "Lamp for Ann", "Ann"),
    ]
    assert story(log.histories["2"]) == [("New", "2025-12-01T09:00:00+00:00", "for", None)]
    assert (log.rows, log.faults, log.refused) == (3, {}, {})


@pytest.mark.parametrize(
    "content",
    [
        (HEADER + GOOD).encode("utf-8-sig"),
        (HEADER + GOOD).replace("\n", "\r\n").encode(),
        (HEADER + GOOD).replace(",", ";").encode(),
        (HEADER + GOOD).replace(",", "\t").encode(),
        (HEADER + GOOD).replace("Lamp", '"Lamp"').rstrip("\n").encode(),
        (HEADER + "\n" + GOOD).encode(),
    ],
    ids=["byte-order mark", "CRLF", "semicolons", "tabs", "quotes, no last newline", "an empty line"],
)
async def test_the_dialect_of_the_file_is_found_out(log_file: Path, content: bytes) -> None:
    log = await read(log_file, content)

    assert [subject for _, _, subject, _ in story(log.histories["1"])] == ["Lamp for Ann", "Lamp for Ann"]
    assert log.faults == {}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"1,New,soon,Ann,Lamp", "its time 'soon' does not look like %Y-%m-%d %H:%M"),
        (b"1,New,2026-07-01 10:00,Ann,Lamp", "its time '2026-07-01 10:00' lies in the future"),
        (b"1,New,1899-12-31 23:59,Ann,Lamp", "its time '1899-12-31 23:59' lies before 1900"),
        (b"1,\x1b\xe2\x80\x8b,2025-07-01 10:00,Ann,Lamp", "The stage has no visible character"),
        (b"1,New,2025-07-01 10:00,\xe2\x80\x8b,Lamp", "A name has no visible character"),
        (b"1,?,2025-07-01 10:00,Ann,Lamp", "it has no stage"),
        (b"1,New,,Ann,Lamp", "it has no time"),
        (b"1,New,2025-07-01 10:00", "it has 3 columns and the header 5"),
        (b"1,New,2025-07-01 10:00,Ann,Lamp,", "it has 6 columns and the header 5"),
        (b"1,New,2025-07-01 10:00,Ann,La\0mp", "it holds a NUL character"),
        (b"1,New,2025-07-01 10:00,Ann,Lamp\xff", "it is not UTF-8"),
        (b"1,New,2025-07-01 10:00,Ann," + b"x" * 500, "The subject is longer than 500 characters"),
        (b"1,New,2025-07-01 10:00," + b"x" * 201 + b",Lamp", "A name is longer than 200 characters"),
    ],
)
async def test_a_bad_row_refuses_its_ticket_alone(log_file: Path, row: bytes, reason: str) -> None:
    log = await read(log_file, HEADER.encode() + GOOD.encode() + row + b"\n2" + GOOD.encode()[1:])

    assert log.faults == {4: reason}
    assert log.refused == {"1": 4}
    assert list(log.histories) == ["2"]


async def test_a_row_without_a_number_refuses_itself(log_file: Path) -> None:
    log = await read(log_file, HEADER + GOOD + "?,New,2025-07-01 10:00,Ann,Lamp\n")

    assert log.faults == {4: "it has no ticket number"}
    assert (list(log.histories), log.refused) == (["1"], {})


@pytest.mark.parametrize("rest", [GOOD, GOOD * 2000, GOOD + '4,New,2025-07-01 10:00,Ann,"Fan, big"\n', ""])
async def test_a_quote_that_is_never_closed_spoils_its_own_row_alone(log_file: Path, rest: str) -> None:
    log = await read(log_file, HEADER + '2,New,2025-07-01 10:00,Ann,"Lamp\n' + rest)

    assert log.faults == {2: "a quote in it is not closed, or closed too early"}
    assert log.refused == {"2": 2}
    assert log.rows == 1 + rest.count("\n")


async def test_a_quote_inside_a_word_is_a_letter(log_file: Path) -> None:
    rows = [f'{number},New,2025-07-01 10:00,Ann,{number}" pipe\n' for number in range(1, 6)]

    log = await read(log_file, HEADER + "".join(rows))

    assert [history.steps[0].says.subject for history in log.histories.values()] == [
        f'{number}" pipe for Ann' for number in range(1, 6)
    ]


async def test_lines_are_counted_as_in_the_file(log_file: Path) -> None:
    log = await read(log_file, HEADER + '\n1,New,2025-07-01 10:00,Ann,"Lamp\nand shade"\n2,New,never,Ann,Lamp\n' + GOOD)

    assert list(log.faults) == [5]
    assert story(log.histories["1"])[0][2] == "Lamp and shade for Ann"


async def test_the_first_moment_there_is_refuses_its_ticket(log_file: Path) -> None:
    # The database would keep it as minus infinity.
    mapping = MAPPING.replace('time_format = "%Y-%m-%d %H:%M"', "")

    log = await read(
        log_file, HEADER + "1,New,0001-01-01T00:00:00Z,Ann,Lamp\n" + "2,New,2025-07-01T10:00,Ann,Lamp\n", mapping
    )

    assert log.faults == {2: "its time '0001-01-01T00:00:00Z' lies before 1900"}
    assert list(log.histories) == ["2"]


async def test_a_priority_that_is_not_mapped_refuses_its_ticket(log_file: Path) -> None:
    mapping = MAPPING.replace('owner = "who"', 'priority = "who"') + '[priorities]\n"1" = "URGENT"\n'
    rows = "1,New,2025-07-01 10:00,1,x\n2,New,2025-07-01 10:00,high,x\n3,New,2025-07-01 10:00,huge,x\n"

    log = await read(log_file, HEADER + rows, mapping)

    assert [history.steps[0].says.priority for history in log.histories.values()] == ["URGENT", "HIGH"]
    assert log.faults == {4: "its priority 'huge' is not among the mapping's priorities"}


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ('number = "no"', 'number = "id"', "There is no column 'id' in "),
        ('number = "no"', 'number = "id"', "columns.number; the columns are: no, state, time, who, what."),
        ("{what} for", "{why} for", "There is no column 'why' in "),
        ('number = "no"', "", "columns.number: it is missing."),
        ('owner = "who"', 'ownr = "who"', "columns.ownr: there is no such key."),
        ("Europe/Amsterdam", "Europe/Nowhere", "there is no time zone 'Europe/Nowhere'"),
        ("%Y-%m-%d %H:%M", "%Q", "time_format: '%Q' is no format for times"),
        ("%Y-%m-%d %H:%M", "%H:%M", "'%H:%M' does not tell day, month and year"),
        ("%Y-%m-%d %H:%M", "%d.%m.%Y", "looks like %d.%m.%Y: the first is '2025-07-01 10:00'."),
        ('source = "log"', "source = log", "cannot be read: Invalid value"),
        ('source = "log"', 'source = "a/b"', "source: string should match"),
        ('source = "log"', 'source = "a\\u0000b"', "source: it holds a NUL character."),
        ('source = "log"', 'source = "\\u200B\\u0007"', "source: "),
        ('"Done" = "closed"', '"Done" = "\\u0000"', "stages.names.Done: it holds a NUL character."),
        ('"Done" = "closed"', '"Done" = "\\u200B"', "stages.names.Done: give it a name: the label is empty."),
        ('"{what} for {who}"', '"{what}\\u0000"', "subject: it holds a NUL character."),
        ('source = "log"', "source = " + "[" * 10_000, "cannot be read: it is nested too deeply."),
        ('source = "log"', "source = " + "1" * 5_000, "cannot be read: "),
    ],
)
async def test_a_wrong_mapping_is_one_sentence(log_file: Path, wrong: str, right: str, said: str) -> None:
    with pytest.raises(CannotStart) as refusal:
        await read(log_file, HEADER + GOOD, MAPPING.replace(wrong, right))

    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xff\xfen\0o\0", "not a text file in UTF-8"),
        (b"no,no,state,time\n", "more than one column"),
    ],
)
async def test_a_file_that_is_no_log_is_one_sentence(log_file: Path, content: bytes, said: str) -> None:
    with pytest.raises(CannotStart, match=said):
        await read(log_file, content)


async def test_a_longer_file_adds_only_what_is_new(world: World, log_file: Path) -> None:
    await imported(world, log_file, HEADER + GOOD)

    longer = HEADER + GOOD + "1,Reopened,2025-07-02 09:00,Bob,Lamp\n3,New,2025-07-02 09:00,Bob,Fan\n"
    foretold = await imported(world, log_file, longer, dry_run=True)
    done = await imported(world, log_file, longer)
    again = await imported(world, log_file, longer)

    assert foretold == done
    assert done.tally == ImportSummary(new=1, grown=1, visits=2, rows=2)
    assert done.made is not None
    assert (done.made.stages, done.made.people) == (["Reopened"], 1)
    assert again == Outcome(None, ImportSummary(unchanged=2))
    stays = await kept_in(world, "log")
    assert [stay.stage for stay in stays["1"]] == ["New", "Closed", "Reopened"]
    await db_state.assert_sound(world)


async def test_what_later_rows_tell_of_earlier_ones_does_not_make_them_new(world: World, log_file: Path) -> None:
    await imported(world, log_file, HEADER + GOOD)

    again = await imported(world, log_file, HEADER + GOOD.replace("Lamp", "Lamp (solved)"))

    assert again.tally == ImportSummary(unchanged=1)


async def test_cards_stand_in_the_order_in_which_they_came_whatever_the_batches(
    world: World, log_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.imports.run._BATCH", 2)
    rows = [f"{day},New,2025-07-{day:02} 10:00,Ann,Lamp {day}\n" for day in (5, 1, 4, 2, 3)]

    await imported(world, log_file, HEADER + "".join(rows))

    assert (await db_state.board(world, who=Role.OPERATOR))["new"] == [f"Lamp {day} for Ann" for day in range(1, 6)]
