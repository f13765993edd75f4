"""The embedded cluster: made whole, shared by whoever comes, stopped with the last, and started again after a crash."""

import os
import signal
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from server.database.embedded import APP, OWNER, SUPERUSER, embedded
from server.database.embedded.data_directory import PORT, settle
from server.errors import CannotStart
from tests.support.cluster import TUNING, scratch
from tests.support.embedded import another_process, asked, is_gone, said

ROOT = os.geteuid() == 0


@pytest.fixture
def data_dir() -> Path:
    """A directory for a cluster of the test's own."""
    return scratch("data")


async def test_a_cluster_is_made_once_and_keeps_what_it_was_told(data_dir: Path) -> None:
    with embedded(data_dir, tuning=TUNING) as first:
        await asked(first, OWNER, "CREATE TABLE kept AS SELECT 7 AS number")
    gone = is_gone(data_dir)
    with embedded(data_dir, tuning=TUNING) as second:
        number = await asked(second, OWNER, "SELECT number FROM kept")

    assert (first.made, first.started, second.made, second.started) == (True, True, False, True)
    assert gone
    assert number == 7


async def test_its_roles_are_ordinary_and_its_text_is_unicode(data_dir: Path) -> None:
    with embedded(data_dir, tuning=TUNING) as cluster:
        powers = await asked(
            cluster, APP, "SELECT max(concat(rolsuper, rolbypassrls)) FROM pg_roles WHERE rolname ~ 'slu'"
        )
        locale = await asked(cluster, APP, "SELECT datlocale FROM pg_database WHERE datname = current_database()")
        addresses = await asked(cluster, SUPERUSER, "SHOW listen_addresses")

    assert (powers, locale, addresses) == ("ff", "C.UTF-8", "")
    assert cluster.socket.stat().st_mode & 0o777 == 0o700


def test_whoever_comes_later_joins_and_whoever_leaves_last_stops_it(data_dir: Path) -> None:
    with another_process(data_dir) as other:
        first = said(other)
        with embedded(data_dir) as ours:
            other.communicate()
            still_there = not is_gone(data_dir, within=0.5)

    assert first == "True True"
    assert (ours.made, ours.started) == (False, False)
    assert still_there
    assert is_gone(data_dir)


def test_of_many_at_once_one_starts_it(data_dir: Path) -> None:
    with ExitStack() as stack:
        together = [stack.enter_context(another_process(data_dir)) for _ in range(4)]
        answers = sorted(said(process) for process in together)

    assert answers == ["False False", "False False", "False False", "True True"]
    assert is_gone(data_dir)


def test_a_killed_user_leaves_nothing_running(data_dir: Path) -> None:
    with another_process(data_dir) as other:
        said(other)
        other.kill()

        assert is_gone(data_dir)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of others does not tell a child of its parent's death")
def test_a_killed_keeper_leaves_nothing_running(data_dir: Path) -> None:
    with embedded(data_dir, tuning=TUNING) as cluster:
        postmaster = int((cluster.place.data / "postmaster.pid").read_text().split()[0])
        keeper = int(Path(f"/proc/{postmaster}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(keeper, signal.SIGKILL)

        assert is_gone(data_dir)


async def test_what_a_killed_cluster_left_behind_does_not_hinder_the_next(data_dir: Path) -> None:
    with embedded(data_dir) as cluster:
        await asked(cluster, OWNER, "CREATE TABLE kept AS SELECT 7 AS number")
        postmaster = int((cluster.place.data / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        assert is_gone(data_dir, socket_too=False)
        # The number of the killed process now belongs to another process of the same user: to us.
        left_behind = (cluster.place.data / "postmaster.pid").read_text()
        (cluster.place.data / "postmaster.pid").write_text(left_behind.replace(str(postmaster), str(os.getppid()), 1))

    with embedded(data_dir) as again:
        number = await asked(again, OWNER, "SELECT number FROM kept")

    assert number == 7


def test_a_making_that_was_cut_short_is_done_anew(data_dir: Path) -> None:
    unfinished = data_dir / "postgres.new"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18")

    with embedded(data_dir, tuning=TUNING) as cluster:
        assert cluster.made

    assert not unfinished.exists()


def test_data_of_another_version_is_refused(data_dir: Path) -> None:
    data = data_dir / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("12\n")

    with pytest.raises(CannotStart, match="was made by PostgreSQL 12"), embedded(data_dir):
        pass


def test_a_start_that_fails_says_why(data_dir: Path) -> None:
    with (
        pytest.raises(CannotStart, match=r"PostgreSQL did not start: .*huge_pages"),
        embedded(data_dir, tuning={"huge_pages": "perhaps"}),
    ):
        pass


def test_the_socket_of_a_deep_directory_lies_elsewhere(data_dir: Path) -> None:
    deep = data_dir / ("d" * 100)

    with embedded(deep, tuning=TUNING) as cluster:
        assert len(str(cluster.socket / f".s.PGSQL.{PORT}")) <= 103
        assert deep not in cluster.socket.parents
    cluster.socket.rmdir()


def test_somebody_elses_directory_is_not_taken_for_the_sockets(data_dir: Path) -> None:
    (data_dir / "socket").symlink_to("/tmp")  # noqa: S108 (what is tested)

    with pytest.raises(CannotStart, match="is not the database's own directory"), embedded(data_dir):
        pass


@pytest.mark.skipif(ROOT, reason="root may write everywhere")
def test_a_directory_that_may_not_be_written_is_named() -> None:
    with pytest.raises(CannotStart, match=r"/etc cannot be used.*--data-dir"), embedded(Path("/etc")):
        pass


@pytest.mark.skipif(not ROOT, reason="only root runs PostgreSQL as somebody else")
def test_root_runs_it_as_an_ordinary_user_even_from_a_private_home(data_dir: Path) -> None:
    data_dir.chmod(0o700)

    place = settle(data_dir / "project" / ".data", shared_home=data_dir.parent / "shared")

    assert place.home.parent == data_dir.parent / "shared"
    assert place.user.uid != 0
    assert place.user.reaches(place.home)
    assert settle(data_dir / "project" / ".data", shared_home=data_dir.parent / "shared") == place
