"""A crowd of connections is accepted in a few turns of the event loop."""

import asyncio
import errno
import gc
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
import uvloop

from server import accepting
from server.accepting import Acceptor
from server.http_server import HttpServer
from tests.server.graphql_toy import Toy, until

CROWD = 200
LOOPS = [asyncio.new_event_loop, uvloop.new_event_loop]


class Poor(socket.socket):
    """Listens on a machine that has no file left, until somebody closes one."""

    refusals = 0

    def accept(self) -> tuple[socket.socket, object]:
        """Refuse the first time."""
        if not self.refusals:
            self.refusals += 1
            raise OSError(errno.EMFILE, "Too many open files")
        return super().accept()


@contextmanager
def crowd(of: int, kind: type[socket.socket] = socket.socket) -> Iterator[socket.socket]:
    """A listening socket before which so many wait."""
    with ExitStack() as opened:
        listening = opened.enter_context(kind(socket.AF_INET, socket.SOCK_STREAM))
        listening.bind(("127.0.0.1", 0))
        listening.listen(of)
        for _ in range(of):
            opened.enter_context(socket.create_connection(listening.getsockname(), timeout=5))
        yield listening


class Made(list[asyncio.Protocol]):
    """The protocols of those that were accepted."""

    def new(self) -> asyncio.Protocol:
        """One for the next."""
        self.append(asyncio.Protocol())
        return self[-1]


@pytest.fixture
def garbage_as_before() -> Iterator[None]:
    """A server that starts settles the memory of its process, which here is that of all tests."""
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)


async def turns_until(true: Callable[[], bool]) -> int:
    """Turns of the event loop that something takes which comes without being waited for."""
    for turn in range(10_000):
        if true():
            return turn
        await asyncio.sleep(0)
    raise AssertionError


@pytest.mark.parametrize("new_loop", LOOPS)
def test_a_crowd_is_accepted_in_a_few_turns(new_loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    made = Made()

    async def accepted() -> int:
        with crowd(CROWD) as listening:
            acceptor = Acceptor(listening, made.new)
            turns = await turns_until(lambda: len(made) == CROWD)
            acceptor.close()
            await acceptor.wait_closed()
            return turns

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(accepted()) < CROWD / 8


async def test_a_few_are_left_to_other_processes() -> None:
    with crowd(8) as listening:
        acceptor = Acceptor(listening, asyncio.Protocol)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        acceptor.close()
        await acceptor.wait_closed()
        left, _ = listening.accept()
        left.close()


async def test_who_is_gone_before_being_accepted_troubles_nobody() -> None:
    made = Made()
    with crowd(0) as listening:
        listening.listen(1)
        gone = socket.create_connection(listening.getsockname(), timeout=5)
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        gone.close()
        acceptor = Acceptor(listening, made.new)
        with socket.create_connection(listening.getsockname(), timeout=5):
            await until(lambda: bool(made))
            acceptor.close()
            await acceptor.wait_closed()


async def test_where_no_file_is_left_it_rests_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "_REST", 0.01)
    made = Made()
    with crowd(1, Poor) as listening:
        acceptor = Acceptor(listening, made.new)
        await until(lambda: bool(made))
        acceptor.close()
        await acceptor.wait_closed()


@pytest.mark.usefixtures("garbage_as_before")
async def test_the_server_accepts_so_and_stops_when_it_is_told() -> None:
    stop = asyncio.Event()
    with crowd(3) as listening:
        address = listening.getsockname()
        server = HttpServer(Toy().application, (), lambda: None)
        serving = asyncio.create_task(server.serve([listening]))
        leaving = asyncio.create_task(server.leave_when(stop))
        await until(lambda: len(server.server_state.connections) == 3)
        assert all(isinstance(each, Acceptor) for each in server.servers)
        stop.set()
        await asyncio.gather(serving, leaving)
        with pytest.raises(ConnectionError):
            socket.create_connection(address, timeout=5)
