"""Stopping in order: the first signal asks everything to finish, a second one does not wait for it."""

import asyncio
import signal
from types import FrameType

SIGNALS = [signal.SIGINT, signal.SIGTERM] + ([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])


def asked_to_stop() -> asyncio.Event:
    """An event that is set when the process is told to stop; to be called on the running loop of the main thread."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def ask(_: int, __: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        loop.call_soon_threadsafe(stop.set)

    for each in SIGNALS:
        signal.signal(each, ask)
    return stop
