"""The file of refused rows: as they were, so that they can be put right, and nowhere but where it was asked for."""

import csv
from pathlib import Path

import pytest

from server.errors import CannotStart
from server.imports import load_mapping, write_refused
from tests.server.test_importing import GOOD, HEADER, mapping_file, read


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    """Where the log of a test is."""
    return tmp_path / "log.csv"


async def test_refused_rows_are_written_as_they_were(log_file: Path) -> None:
    log = await read(log_file, b"no;state;time;who;what\n1;New;2025-07-01 10:00;Ann;Lamp\n1;New;never;Ann;L\xffmp\n")
    target = log_file.with_name("refused.csv")

    written = write_refused(log_file, load_mapping(mapping_file(log_file)), log, target)

    assert written == 2
    assert target.read_bytes().splitlines() == [
        b"line;reason;no;state;time;who;what",
        b"2;its ticket is refused for line 3;1;New;2025-07-01 10:00;Ann;Lamp",
        b"3;it is not UTF-8;1;New;never;Ann;L\xffmp",
    ]
    with pytest.raises(CannotStart, match="the file they come from"):
        write_refused(log_file, load_mapping(mapping_file(log_file)), log, log_file)


async def test_refused_rows_follow_no_link(log_file: Path) -> None:
    log = await read(log_file, HEADER + "1,New,never,Ann,Lamp\n" + "2" + GOOD[1:])
    mapping = load_mapping(mapping_file(log_file))
    precious, link = log_file.with_name("precious"), log_file.with_name("refused.csv")
    precious.write_text("kept", encoding="utf-8")
    link.symlink_to(precious)

    with pytest.raises(CannotStart, match=r"refused\.csv: it is a symbolic link\.$"):
        write_refused(log_file, mapping, log, link)
    with pytest.raises(CannotStart, match="No such file or directory"):
        write_refused(log_file, mapping, log, log_file.with_name("nowhere") / "refused.csv")

    assert precious.read_text(encoding="utf-8") == "kept"


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
async def test_refused_cells_that_look_like_formulas_stay_as_they_were(log_file: Path, begins: str) -> None:
    cell = f"{begins}1+1"
    log = await read(log_file, HEADER + f'1,New,never,Ann,"{cell}"\n' + "2" + GOOD[1:])
    target = log_file.with_name("refused.csv")

    write_refused(log_file, load_mapping(mapping_file(log_file)), log, target)

    with target.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1][-1] == cell
