"""One command starts everything, and whatever ends it leaves nothing running and loses nothing."""

import os
import signal
import socket
import time
from pathlib import Path

import httpx
import pytest

from server.database.embedded import locks
from server.database.embedded.data_directory import settle
from tests.support.cluster import scratch
from tests.support.process import command, serving


@pytest.fixture(scope="module")
def data_dir() -> Path:
    """One data directory for the tests of this file, as one machine would have."""
    return scratch("start-up")


def nothing_runs(data_dir: Path) -> bool:
    """Whether PostgreSQL has ended, or does so soon."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if locks.is_free(settle(data_dir).alive):
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_starts_tells_where_and_stops_when_asked(data_dir: Path, asked: int) -> None:
    with serving("--no-demo", "--data-dir", data_dir) as server:
        health = server.get("/healthz")
        readiness = server.get("/readyz")
        status, rest = server.end(asked)

    assert (health.status_code, readiness.json()) == (200, {"status": "ready"})
    assert f"its data is in {settle(data_dir).data}" in server.greeting
    assert "revision" in server.greeting
    assert (status, rest.splitlines()[-1]) == (0, "Stopped.")
    assert nothing_runs(data_dir)


def test_a_killed_server_leaves_nothing_running_and_the_next_is_well(data_dir: Path) -> None:
    with serving("--no-demo", "--data-dir", data_dir) as server:
        server.end(signal.SIGKILL)
        left_nothing = nothing_runs(data_dir)

    with serving("--no-demo", "--data-dir", data_dir) as again:
        readiness = again.get("/readyz")

    assert left_nothing
    assert readiness.status_code == 200


def test_a_second_server_joins_the_cluster_and_outlives_the_first(data_dir: Path) -> None:
    with serving("--no-demo", "--data-dir", data_dir) as first, serving("--no-demo", "--data-dir", data_dir) as second:
        first.end(signal.SIGTERM)
        readiness = second.get("/readyz")

    assert "Joined the embedded PostgreSQL" in second.greeting
    assert readiness.status_code == 200


def test_a_database_that_is_gone_makes_it_alive_but_not_ready(data_dir: Path) -> None:
    with serving("--no-demo", "--data-dir", data_dir) as server:
        postmaster = int((settle(data_dir).data / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        assert nothing_runs(data_dir)
        health = server.get("/healthz")
        readiness = server.get("/readyz")

    assert health.status_code == 200
    assert (readiness.status_code, readiness.json()["reason"]) == (503, "The database does not answer.")


def test_a_port_that_is_taken_is_told_before_anything_starts(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = command("serve", "--port", str(port), "--data-dir", data_dir)

    assert refused.returncode == 1
    assert refused.stderr == (
        f"sluicegate: Port {port} of 127.0.0.1 cannot be had (Address already in use): choose another with --port.\n"
    )
    assert refused.stdout == ""


@pytest.mark.parametrize("host", ["localhost", "::1"])
def test_it_listens_where_it_is_told(data_dir: Path, host: str) -> None:
    if host == "::1" and not _has_ipv6():
        pytest.skip("this machine has no IPv6")

    with serving("--no-demo", "--data-dir", data_dir, "--host", host) as server:
        assert httpx.get(f"{server.url}/healthz").status_code == 200


@pytest.mark.parametrize("arguments", [["serve", "--port", "0"], ["migrate"]])
def test_a_bad_setting_stops_it_with_one_sentence(data_dir: Path, arguments: list[str]) -> None:
    refused = command(*arguments, "--data-dir", data_dir, SLUICEGATE_TOKEN_DAYS="soon")

    assert refused.returncode == 2
    assert refused.stderr.startswith("sluicegate: A setting is not valid: SLUICEGATE_TOKEN_DAYS: input should be")
    assert refused.stderr.count("\n") == 1


def test_commands_that_race_for_an_empty_directory_all_succeed() -> None:
    empty = scratch("race")

    with serving("--data-dir", empty) as server, serving("--data-dir", empty) as other:
        said = server.greeting + other.greeting
        token = command("token", "ada@demo.test", "--data-dir", empty)

    assert said.count("Made and started the embedded PostgreSQL") == 1
    assert said.count("Made the demo account") == 1
    assert "signIn" in server.greeting
    assert (token.returncode, token.stdout.count("\n")) == (0, 1), token.stderr


def test_a_command_alone_starts_the_cluster_and_stops_it_again(data_dir: Path) -> None:
    token = command("token", "nobody@demo.test", "--data-dir", data_dir)

    assert (token.returncode, token.stdout) == (1, "")
    assert token.stderr == "sluicegate: There is no user 'nobody@demo.test'.\n"
    assert nothing_runs(data_dir)


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False
