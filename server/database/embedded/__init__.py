"""The embedded PostgreSQL: made, started, joined and stopped without anybody's help, on Linux and macOS.

Its programs come from a wheel; `embedded` is all that the rest of the server needs.
"""

from server.database.embedded import locks
from server.database.embedded.cluster import Cluster, embedded
from server.database.embedded.initdb import APP, DATABASE, OWNER, SUPERUSER

__all__ = ["APP", "DATABASE", "OWNER", "SUPERUSER", "Cluster", "embedded", "locks"]
