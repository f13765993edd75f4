"""`make` needs Python and nothing else, and says in one sentence what is wrong with the Python it was given."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which nothing has been set up, and whose locks ask for nothing."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    return tmp_path


def make(checkout: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run make there, as a person does: not as a part of the make that runs the tests."""
    inherited = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL"}}
    return subprocess.run(  # noqa: S603 (make itself)
        ["make", *arguments],  # noqa: S607 (whichever make the machine has)
        cwd=checkout,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_setting_up_twice_installs_once(checkout: Path) -> None:
    first = make(checkout, "setup", f"PYTHON={sys.executable}")
    second = make(checkout, "setup", f"PYTHON={sys.executable}")
    (checkout / "requirements.txt").write_text("# nothing, in other words\n")
    third = make(checkout, "setup", f"PYTHON={sys.executable}")

    assert first.stdout.startswith("Making .venv with ")
    assert "Installing requirements.txt" in first.stdout
    assert (second.returncode, second.stdout) == (0, "")
    assert third.stdout == "Installing requirements.txt into .venv …\n"


def test_a_python_that_is_not_there_is_named(checkout: Path) -> None:
    refused = make(checkout, "setup", "PYTHON=python0")

    assert refused.returncode != 0
    assert "Sluicegate needs CPython 3.11 to 3.14, and python0 is not there" in refused.stderr


def test_a_python_that_is_too_old_is_named(checkout: Path) -> None:
    old = checkout / "python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2\n')
    old.chmod(0o755)

    refused = make(checkout, "setup", f"PYTHON={old}")

    assert refused.returncode != 0
    assert f"and {old} is Python 3.9.2: name one, as in: make serve PYTHON=python3.12" in refused.stderr


def test_a_python_that_cannot_make_environments_is_told_what_to_install(checkout: Path) -> None:
    (checkout / "ensurepip.py").write_text("raise ImportError\n")

    refused = make(checkout, "setup", f"PYTHON={sys.executable}", PYTHONPATH=str(checkout))

    assert refused.returncode != 0
    assert "apt install python3-venv" in refused.stderr
    assert not (checkout / ".venv").exists()
