"""A crowd of connections is accepted in a few turns of the event loop."""

import asyncio
import errno
import gc
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
import uvloop

from server.http import acceptor as acceptor_module
from server.http.acceptor import Acceptor
from server.http.server import HttpServer
from tests.server.graphql_toy import Toy, until

CROWD = 200
LOOPS = [asyncio.new_event_loop, uvloop.new_event_loop]


class Listening(socket.socket):
    """A listening socket that counts how often it is asked, and at first fails as often as there are errors."""

    def __init__(self) -> None:
        super().__init__(socket.AF_INET, socket.SOCK_STREAM)
        self.asked = 0
        self.errors: list[OSError] = []
        self.bind(("127.0.0.1", 0))
        self.listen(CROWD)

    def accept(self) -> tuple[socket.socket, object]:
        """Fail, or accept."""
        self.asked += 1
        if self.errors:
            raise self.errors.pop()
        return super().accept()


class Made(list[asyncio.Protocol]):
    """The protocols of those that were accepted."""

    def new(self) -> asyncio.Protocol:
        """One for the next."""
        self.append(asyncio.Protocol())
        return self[-1]


@contextmanager
def crowd(of: int) -> Iterator[Listening]:
    """A listening socket before which so many wait."""
    with ExitStack() as opened:
        listening = opened.enter_context(Listening())
        for _ in range(of):
            opened.enter_context(socket.create_connection(listening.getsockname(), timeout=5))
        yield listening


def plenty() -> int:
    """Room for everybody."""
    return 10 * CROWD


async def turns_until(true: Callable[[], bool]) -> int:
    """Turns of the event loop that something takes which comes without being waited for."""
    for turn in range(10_000):
        if true():
            return turn
        await asyncio.sleep(0)
    raise AssertionError


async def pass_turns(turns: int) -> None:
    """Let the event loop turn."""
    for _ in range(turns):
        await asyncio.sleep(0)


@pytest.fixture
def garbage_as_before() -> Iterator[None]:
    """A server that starts settles the memory of its process, which here is that of all tests."""
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)


@pytest.mark.parametrize("new_loop", LOOPS)
def test_a_crowd_is_accepted_in_a_few_turns(new_loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    made = Made()

    async def accepted() -> int:
        with crowd(CROWD) as listening:
            acceptor = Acceptor(listening, made.new, plenty)
            turns = await turns_until(lambda: len(made) == CROWD)
            await acceptor.close()
            return turns

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(accepted()) < CROWD / 8


async def test_a_few_are_left_to_other_processes_also_after_a_crowd() -> None:
    made = Made()
    with crowd(CROWD) as listening, ExitStack() as opened:
        acceptor = Acceptor(listening, made.new, plenty)
        await turns_until(lambda: len(made) == CROWD)
        await pass_turns(3)  # in one of which nobody waits
        for _ in range(8):
            opened.enter_context(socket.create_connection(listening.getsockname(), timeout=5))
        await pass_turns(2)
        await acceptor.close()
        left, _ = listening.accept()
        left.close()
        assert CROWD < len(made) < CROWD + 8


async def test_those_for_whom_there_is_no_room_are_accepted_a_few_in_a_turn() -> None:
    made = Made()
    with crowd(CROWD) as listening:
        acceptor = Acceptor(listening, made.new, lambda: 20 - len(made))
        turns = await turns_until(lambda: len(made) == CROWD)
        await acceptor.close()
    assert turns > (CROWD - 20) / 8


async def test_who_is_gone_before_being_accepted_troubles_nobody() -> None:
    made = Made()
    with crowd(1) as listening:
        listening.errors = [ConnectionAbortedError(), ConnectionAbortedError()]
        acceptor = Acceptor(listening, made.new, plenty)
        await turns_until(lambda: len(made) == 1)
        await acceptor.close()


@pytest.mark.parametrize("problem", [errno.EMFILE, errno.ENOMEM, errno.EPERM])
async def test_where_no_more_can_be_accepted_it_rests_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, problem: int
) -> None:
    monkeypatch.setattr(acceptor_module, "_REST", 0.05)
    made = Made()
    with crowd(1) as listening:
        listening.errors = [OSError(problem, "none to be had")]
        acceptor = Acceptor(listening, made.new, plenty)
        await turns_until(lambda: listening.asked == 1)
        await pass_turns(5)
        assert listening.asked == 1
        await until(lambda: bool(made))
        await acceptor.close()


async def test_who_is_closed_while_it_rests_does_not_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acceptor_module, "_REST", 0)
    with crowd(1) as listening:
        listening.errors = [OSError(errno.EMFILE, "none to be had")]
        acceptor = Acceptor(listening, Made().new, plenty)
        while listening.asked == 0:  # noqa: ASYNC110 (nobody announces it)
            await asyncio.sleep(0)
        await acceptor.close()
        await pass_turns(5)
        assert listening.asked == 1


async def test_a_connection_that_nobody_takes_is_closed() -> None:
    def none_to_be_made() -> asyncio.Protocol:
        raise RuntimeError

    with Listening() as listening:
        acceptor = Acceptor(listening, none_to_be_made, plenty)
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        async with asyncio.timeout(5):
            assert await reader.read() == b""
        writer.close()
        await acceptor.close()


@pytest.mark.usefixtures("garbage_as_before")
async def test_the_server_accepts_so_and_ends_with_everybody_when_it_is_told() -> None:
    stop = asyncio.Event()
    with crowd(3) as listening:
        address = listening.getsockname()
        server = HttpServer(Toy().application, (), lambda: None)
        serving = asyncio.create_task(server.serve([listening]))
        leaving = asyncio.create_task(server.leave_when(stop))
        connections = server.server_state.connections
        await until(lambda: len(connections) == 3)
        stop.set()
        await asyncio.gather(serving, leaving)
        assert connections == set()
        with pytest.raises(ConnectionError):
            socket.create_connection(address, timeout=5)


@pytest.mark.usefixtures("garbage_as_before")
async def test_the_server_ends_also_with_those_that_it_was_just_accepting() -> None:
    server = HttpServer(Toy().application, (), lambda: None)
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    with crowd(1) as listening:
        await server.startup([listening])
        await turns_until(lambda: listening.asked > 0)
        assert server.server_state.connections == set()
        async with asyncio.timeout(5):  # whom nobody tells is waited for twice as long
            await server.shutdown([listening])
