"""Somebody who knows nothing starts it, reads how to sign in, stops it, and finds everything again the next day."""

import os
import signal
import subprocess
from collections.abc import Iterator

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


def processes_of(site: Site) -> list[str]:
    """The commands of this machine's processes that name the directory."""
    listed = subprocess.run(["ps", "-axww", "-o", "pid=,command="], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if str(site.home) in line and int(line.split()[0]) != os.getpid()]


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
    assert (running != [], status, processes_of(hall.site)) == (True, 0, [])
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
