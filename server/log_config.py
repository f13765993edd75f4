"""How log lines look: structlog for our own and the standard library's alike, to standard error.

What is logged is decided where it happens; what a command tells its user goes to standard output (server/cli.py).
"""

import logging
import sys
from typing import Any

import orjson
import structlog
from structlog.typing import Processor

from server.settings import Settings

# Libraries whose news is of no use to an operator: only what went wrong is kept.
# Where SQLAlchemy logs for a pool of ours, it does so in the name of our class.
_CHATTY = ("alembic", "asyncio", "uvicorn", "server.database.pool")


def configure(settings: Settings) -> None:
    """Send every log line of the process to standard error, in the form and from the level that are set."""
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_ending(as_json)],
        )
    )
    level = settings.log_level.upper()
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(level if level in {"DEBUG", "ERROR"} else "WARNING")


def _ending(as_json: bool) -> list[Processor]:
    if as_json:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_one_line)]
    # The default traceback of this renderer shows local variables: passwords and customers' words among them.
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]


def _one_line(line: Any, **_: Any) -> str:
    return orjson.dumps(line, default=str).decode()
