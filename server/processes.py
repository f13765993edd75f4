"""Several server processes on the same sockets: started, watched, started again where one dies, and stopped together.

Each is tied to this one by a lifeline, a pair of sockets: on it a process says that it serves, and by its end it
notices that nobody watches any more, however that came about.
"""

import asyncio
import socket
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any

import structlog

log = structlog.get_logger(__name__)

READY = b"."
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0  # seconds before a process that died is started again
_LONG_ENOUGH = 60.0  # seconds after which a death is no longer one of a row
_PATIENCE = 15.0  # seconds that a process has to finish what is under way


async def keep_serving(
    count: int, command: Sequence[str], sockets: Sequence[socket.socket], stop: asyncio.Event, ready: Callable[[], None]
) -> None:
    """Run `count` processes of a command until `stop`; `ready` is called when all of them serve for the first time.

    The command is given `--sockets` and `--lifeline`, the numbers of what it inherits.
    """
    fresh = [asyncio.Event() for _ in range(count)]
    async with asyncio.TaskGroup() as tasks:
        for serves in fresh:
            tasks.create_task(_keep(command, sockets, stop, serves))
        tasks.create_task(_tell(fresh, stop, ready))


async def _tell(fresh: Sequence[asyncio.Event], stop: asyncio.Event, ready: Callable[[], None]) -> None:
    await _first(stop.wait(), _all_set(fresh))
    if all(each.is_set() for each in fresh):
        ready()


async def _all_set(events: Sequence[asyncio.Event]) -> None:
    for event in events:
        await event.wait()


async def _keep(
    command: Sequence[str], sockets: Sequence[socket.socket], stop: asyncio.Event, serves: asyncio.Event
) -> None:
    """One process, started again as long as nobody asks to stop."""
    clock, pause = asyncio.get_running_loop().time, _FIRST_PAUSE
    while not stop.is_set():
        begun = clock()
        code = await _run(command, sockets, stop, serves)
        if stop.is_set():
            return
        pause = _FIRST_PAUSE if clock() - begun > _LONG_ENOUGH else min(2 * pause, _LONGEST_PAUSE)
        log.error("a server process died and is started again", code=code, seconds=pause)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)


async def _run(
    command: Sequence[str], sockets: Sequence[socket.socket], stop: asyncio.Event, serves: asyncio.Event
) -> int:
    """Run a process to its end, which is asked for once `stop` is set; the code that it ended with."""
    ours, theirs = socket.socketpair()
    inherited = [each.fileno() for each in sockets]
    given = ["--sockets", ",".join(map(str, inherited)), "--lifeline", str(theirs.fileno())]
    with ours:
        with theirs:
            process = await asyncio.create_subprocess_exec(
                *command, *given, pass_fds=[*inherited, theirs.fileno()], stdin=asyncio.subprocess.DEVNULL
            )
        hearing = asyncio.create_task(_hear(ours, serves))
        try:
            await _first(stop.wait(), process.wait())
            return await _ended(process)
        finally:
            hearing.cancel()


async def _hear(ours: socket.socket, serves: asyncio.Event) -> None:
    ours.setblocking(False)
    if await asyncio.get_running_loop().sock_recv(ours, 1) == READY:
        serves.set()


async def _ended(process: asyncio.subprocess.Process) -> int:
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _PATIENCE)
        except TimeoutError:
            process.kill()
    return await process.wait()


async def _first(*waiting: Coroutine[Any, Any, object]) -> None:
    """Wait for whichever comes first."""
    tasks = [asyncio.create_task(each) for each in waiting]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


async def follow(lifeline: socket.socket, stop: asyncio.Event) -> None:
    """In such a process: set `stop` when whoever watches is gone."""
    lifeline.setblocking(False)
    with suppress(OSError):
        await asyncio.get_running_loop().sock_recv(lifeline, 1)
    stop.set()
