"""Makes a cluster with its two login roles and its database, all or nothing.

It is made under another name and renamed when complete, so that a cluster that is there is whole. Tables, and the group
role that they are granted to, come from `migrate`.
"""

import locale
import shutil
import subprocess
from pathlib import Path

from server.database.embedded import binaries
from server.database.embedded.binaries import without_libpq
from server.database.embedded.data_directory import Place, own_directory
from server.errors import CannotStart

OWNER = "sluicegate_owner"
APP = "sluicegate_app"
DATABASE = "sluicegate"
SUPERUSER = "postgres"

_FIRST_STATEMENTS = f"""\
CREATE ROLE {OWNER} LOGIN CREATEROLE;
CREATE ROLE {APP} LOGIN;
CREATE DATABASE {DATABASE} OWNER {OWNER};
"""
_LOCALE = "C.UTF-8"
_BUILTIN_LOCALE_SINCE = 17


def found(place: Place, programs: Path, lock: int) -> bool:
    """Make the cluster unless it is there, and tell whether it was made; CannotStart where it is of another version.

    `lock` is what keeps others from doing the same: the programs run here hold it too, should we be killed meanwhile.
    """
    major = binaries.major_version(programs)
    if place.data.exists():
        _refuse_other_version(place, major)
        return False
    unfinished = place.data.with_name("postgres.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    own_directory(unfinished, place.user)
    # Whoever may enter the socket's directory is let in: that is the cluster's user and root alone.
    trusted = ["--auth-local=trust", "--auth-host=reject", f"--username={SUPERUSER}"]
    initdb = [str(programs / "initdb"), "-D", str(unfinished), "--encoding=UTF8", *_locale(major), *trusted]
    _run(place, lock, initdb)
    alone = [str(programs / "postgres"), "--single", "-D", str(unfinished), "-c", "exit_on_error=on", SUPERUSER]
    _run(place, lock, alone, _FIRST_STATEMENTS)
    unfinished.rename(place.data)
    return True


def _locale(major: int) -> list[str]:
    if major < _BUILTIN_LOCALE_SINCE:
        return [f"--locale={_LOCALE}"]
    builtin = ["--locale-provider=builtin", f"--builtin-locale={_LOCALE}"]
    return [*builtin, f"--locale={_LOCALE if _is_known(_LOCALE) else 'C'}"]


def _is_known(name: str) -> bool:
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, name)
    except locale.Error:
        return False
    locale.setlocale(locale.LC_CTYPE, before)
    return True


def _run(place: Place, lock: int, command: list[str], told: str = "") -> None:
    done = subprocess.run(  # noqa: S603 (programs of ours, and no word of anybody else's)
        command,
        input=told,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=without_libpq(),
        pass_fds=(lock,),
        **place.user.spawning(),
    )
    if done.returncode:
        lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise CannotStart(f"PostgreSQL's files could not be made in {place.home}: {' '.join(lines[-3:])}")


def _refuse_other_version(place: Place, major: int) -> None:
    made_by = (place.data / "PG_VERSION").read_text().strip()
    if made_by != str(major):
        raise CannotStart(
            f"{place.data} was made by PostgreSQL {made_by}, and this release brings {major}: "
            "dump the database with the release that made it, and load it into a new data directory."
        )
