"""An installation of its own for the journeys of a file, with the demo account in it and somebody to talk to it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from tests.journeys.people import Hall
from tests.support.site import Site, site


@pytest.fixture(scope="module")
def demo() -> Iterator[Site]:
    """A server that was started on an empty directory."""
    with site() as running:
        yield running


@pytest.fixture
async def hall(demo: Site) -> AsyncIterator[Hall]:
    """Where people of the demo account come in, and are shown out in the end."""
    async with AsyncExitStack() as door:
        yield Hall(demo, door)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tell what the journeys counted."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in report.user_properties if report.when == "call" else []:
            terminalreporter.write_line(f"{report.location[2]}: {name}: {value}")
