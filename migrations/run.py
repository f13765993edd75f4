"""What the rest of the project asks of Alembic: bring the tables to the newest revision, name it, compare with models.

There is no alembic.ini: everything follows from this folder, and the connection is the caller's.
"""

from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from domain.database.tables import METADATA


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


@cache
def newest() -> str:
    """The revision that this release's models go with."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise LookupError("There are no revisions.")
    return head


def upgrade(connection: Connection) -> tuple[str | None, str]:
    """Run what is missing, each revision in a transaction of its own; tells the revision before and after."""
    before = MigrationContext.configure(connection).get_current_revision()
    connection.commit()
    if before != newest():
        command.upgrade(_config(connection), "head")
    return before, newest()


def differences(connection: Connection) -> list[Any]:
    """What the models say and the tables do not, or the reverse (law 9); empty when they agree."""
    return list(compare_metadata(MigrationContext.configure(connection), METADATA))
