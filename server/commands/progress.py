"""A progress bar for long commands."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

_GARBAGE_THRESHOLD = 100_000


@contextmanager
def progress(doing: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error; the function it gives moves it on."""
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(TextColumn(doing.ljust(10)), *columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(doing, total=total)
        # Millions of small things that live long: looking for garbage among them costs more than the work itself.
        before = gc.get_threshold()
        gc.set_threshold(_GARBAGE_THRESHOLD)
        try:
            yield lambda done: bar.advance(task, done)
        finally:
            gc.set_threshold(*before)
