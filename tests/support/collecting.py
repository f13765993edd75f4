"""What is left to the cyclic collector, and what of it is the doing of a request's path."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_OURS = ("server", "schema", "resolvers", "domain", "graphql", "strawberry", "starlette", "asyncio", "contextlib")
_RUNNING = {"coroutine", "generator", "async_generator", "frame", "traceback", "function", "cell"}


@contextmanager
def collecting() -> Iterator[list[object]]:
    """The list is filled, when the block ends, with what it has left behind in circles; nothing else may run."""
    left: list[object] = []
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        yield left
        gc.collect()
        left += gc.garbage
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


def is_ours(one: object) -> bool:
    """Whether it is of the request's path: an object of its packages, or code that was under way."""
    kind = type(one)
    return kind.__module__.partition(".")[0] in _OURS or (kind.__module__ == "builtins" and kind.__name__ in _RUNNING)
