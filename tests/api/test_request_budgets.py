"""What a warm request costs outside of the database, in numbers that are the same at every run: calls of Python
functions on its path through the server, and bytes of its answer. No clock is asked.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from schema.root import build
from server.application import limits_from, make_application
from server.auth.passwords import Argon2Passwords
from server.database.engine import Database
from server.graphql.compiler.executor import CompilingExecutor
from server.request_context import context_of, make_services
from server.settings import Settings
from tests.api.test_garbage import CASES
from tests.support.client import SECRET, token_of
from tests.support.fixtures import furnish
from tests.support.raw_request import Bare
from tests.support.world import World

_SERVER = str(Path(__file__).resolve().parents[2] / "server")
_COUNTED = (_SERVER, "<selection>", *(f"{each}/" for each in ("graphql", "strawberry", "starlette", "structlog")))

# Calls on the way through server/, GraphQL, Strawberry and Starlette; what resolvers and the domain do is not counted.
# The bounds are what was counted and about five in a hundred more, so that another release of a library may differ.
CALLS = {
    "account": 243,
    "board": 431,
    "ticket": 310,
    "list": 362,
    "rendered board": 418,
    "rendered list": 353,
    "move": 719,
}

# Bytes of the body, exactly as many for ids, keys and cursors of equal length; some in a hundred more for longer ranks.
BYTES = {
    "account": 140,
    "board": 2_600,
    "ticket": 640,
    "list": 1_320,
    "rendered board": 1_980,
    "rendered list": 910,
    "move": 260,
}


@contextmanager
def counting() -> Iterator[list[str]]:
    """The functions that are called in the block, as far as they are counted."""
    called: list[str] = []

    def saw(frame: FrameType, event: str, _: object) -> None:
        name = frame.f_code.co_filename.rpartition("site-packages/")[2]
        if event == "call" and name.startswith(_COUNTED):
            called.append(f"{name}:{frame.f_code.co_name}")

    sys.setprofile(saw)
    try:
        yield called
    finally:
        sys.setprofile(None)


@pytest.mark.parametrize("name", CALLS)
async def test_a_warm_request_keeps_to_its_budget(
    database: Database, settings: Settings, passwords: Argon2Passwords, world: World, name: str
) -> None:
    has = await furnish(world)
    application = make_application(
        build(execution_context_class=CompilingExecutor),
        context_of(database, make_services(settings, SECRET, passwords)),
        limits=limits_from(settings),
    )
    bare = Bare(application, await token_of(world), CASES[name].document, CASES[name].variables(has))
    for _ in range(3):
        await bare.ask()

    counts = []
    answered = await bare.ask()
    for _ in range(2):
        with counting() as called:
            answered = await bare.ask()
        counts.append(len(called))

    assert counts[0] == counts[1]
    assert counts[0] <= CALLS[name]
    assert len(answered.body) <= BYTES[name]
