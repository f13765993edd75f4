"""Log lines: one form for ours and the libraries', at the level that is set, and no variable of ours in a traceback."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from server import log_config
from server.settings import Settings


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_line_is_one_json_object(capfd: pytest.CaptureFixture[str]) -> None:
    log_config.configure(Settings(log_format="json"))

    structlog.get_logger("server.test").info("served", status=200)
    logging.getLogger("other").warning("watch %s", "out")

    ours, theirs = (json.loads(line) for line in capfd.readouterr().err.splitlines())
    assert (ours["event"], ours["status"], ours["level"], ours["logger"]) == ("served", 200, "info", "server.test")
    assert (theirs["event"], theirs["level"]) == ("watch out", "warning")


def test_what_is_below_the_level_is_not_said(capfd: pytest.CaptureFixture[str]) -> None:
    log_config.configure(Settings(log_format="json", log_level="warning"))

    structlog.get_logger("server.test").info("served")
    logging.getLogger("uvicorn.error").info("started")

    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_shows_no_values(capfd: pytest.CaptureFixture[str], form: str) -> None:
    log_config.configure(Settings.model_validate({"log_format": form}))

    def fail() -> None:
        password = "hunter2".upper()
        raise LookupError(len(password))

    try:
        fail()
    except LookupError:
        structlog.get_logger("server.test").exception("it failed")

    said = capfd.readouterr().err
    assert "it failed" in said
    assert "LookupError: 7" in said
    assert "HUNTER2" not in said
