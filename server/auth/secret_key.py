"""The key that cursors and other things handed to clients are sealed with.

An operator sets it; beside the embedded database one is made, and kept where only its maker can read it.
"""

import os
import secrets
import tempfile
from pathlib import Path

from server.errors import BadSetting, CannotStart
from server.settings import Settings

_BYTES = 32


def secret_key(settings: Settings, data_dir: Path | None) -> bytes:
    """The key that is set, else the one kept in the data directory; BadSetting where there is neither."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    if data_dir is None:
        raise BadSetting("SLUICEGATE_SECRET_KEY is needed with a database of your own: set it to 32 random characters.")
    return _kept(data_dir / "secret_key")


def _kept(path: Path) -> bytes:
    if not path.exists():
        descriptor, draft = tempfile.mkstemp(prefix="secret_key.", dir=path.parent)  # readable to us alone
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(_BYTES))
            file.flush()
            os.fsync(descriptor)
        try:
            path.hardlink_to(draft)  # whole or not at all, and never over one that another process has just made
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
    try:
        return path.read_bytes()
    except PermissionError:
        raise CannotStart(f"{path} belongs to another user: run as that user, or name another --data-dir.") from None
