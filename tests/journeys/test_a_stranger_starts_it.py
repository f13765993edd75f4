"""Somebody who knows nothing starts it, reads how to sign in, stops it, and finds everything again the next day."""

import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.journeys.people import ADA, AMY, BEN, SAM, VIC, WES, Hall, printed_passwords
from tests.support.client import Client
from tests.support.site import Site

VIEWER = "{ viewer { user { email } account { name } } board { stages { totalCount } } }"


@pytest.fixture
def demo() -> Iterator[Site]:
    """An empty directory; whatever is started there has ended with the test."""
    empty = Site()
    yield empty
    empty.close()


LISTED = Path("/proc").exists()


def processes_of(site: Site) -> list[str]:
    """The commands of the machine's processes that name the directory, where the system tells them."""
    commands = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended meanwhile
            commands.append(each.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return [command for command in commands if str(site.home) in command]


async def test_a_stranger_starts_it_signs_in_and_stops_it(hall: Hall) -> None:
    hall.site.start()
    passwords = printed_passwords(hall.site.greeting)
    ada = await hall.sign_in(ADA)
    seen = await ada.run(VIEWER)
    running = processes_of(hall.site)
    status = hall.site.server.end(signal.SIGTERM)
    hall.site.wait_until_gone()

    assert passwords.keys() == {ADA, SAM, WES, AMY, BEN, VIC}
    assert f"{hall.site.url}/graphql" in hall.site.greeting
    assert seen["viewer"] == {"user": {"email": ADA}, "account": {"name": "Demo"}}
    assert sum(stage["totalCount"] for stage in seen["board"]["stages"]) > 100
    assert (bool(running), status, processes_of(hall.site)) == (LISTED, 0, [])
    assert hall.site.server.complaints == []


async def test_the_second_start_finds_everything_and_makes_nothing_anew(hall: Hall) -> None:
    hall.site.start()
    passwords, first = printed_passwords(hall.site.greeting), await (await hall.sign_in(ADA)).run(VIEWER)
    hall.site.server.end(signal.SIGTERM)

    hall.site.start()
    nobody = await hall.nobody()
    again = await nobody.do("signIn", "token", email=ADA, password=passwords[ADA])

    assert printed_passwords(hall.site.greeting) == {}
    assert await Client(nobody.http, again["token"]).run(VIEWER) == first
    assert hall.site.server.end(signal.SIGTERM) == 0
