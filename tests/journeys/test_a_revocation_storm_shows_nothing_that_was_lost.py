"""A thousand grants and revocations while eight clients read, over two servers of one database: no read ever shows what
its actor had lost before it began (B16, B19).
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from random import Random
from uuid import UUID

import httpx

from schema.ids import read_id
from tests.journeys.people import ADA, AMY, BEN, SAM, VIC, Hall
from tests.journeys.storm import Person, Place, Reader, Storm, blow
from tests.support.client import Client

CHANGES, LEAST_DECISIVE = 1000, 500


async def make_place(ada: Client, label: str) -> Place:
    """A pipeline with one ticket in it."""
    made = (await ada.do("createPipeline", "pipeline { id stages { id } }", label=label))["pipeline"]
    ticket = {"subject": f"In the {label}", "pipeline": {"id": made["id"]}}
    done = (await ada.do("createTicket", "ticket { id key }", **ticket))["ticket"]
    return Place(made["id"], made["stages"][0]["id"], done["id"], done["key"])


async def second_server(hall: Hall) -> str:
    """Another process on the same database; its address."""
    process = hall.site.run("serve", "--port", "0", "--no-demo", "--no-worker")
    return process.until_said(r"http://[\d.]+:\d+(?=/graphql;)").group()


async def through(hall: Hall, url: str, client: Client) -> Client:
    """The same person over another server, or over a connection of its own."""
    http = httpx.AsyncClient(base_url=url, timeout=120)
    return Client(await hall.door.enter_async_context(http), client.token)


async def who(email: str, client: Client) -> Person:
    """Somebody as the API and the database know them."""
    user = (await client.run("{ viewer { user { id } } }"))["viewer"]["user"]["id"]
    return Person(email, user, read_id(user)[1])


async def a_team(ada: Client) -> tuple[str, UUID]:
    """A team that access is granted to."""
    team = (await ada.run("{ teams { id } }"))["teams"][0]["id"]
    return team, read_id(team)[1]


async def test_no_read_shows_what_its_actor_had_lost_before_it_began(
    hall: Hall, record_property: Callable[[str, object], None]
) -> None:
    ada, *others = [await hall.sign_in(email) for email in (ADA, AMY, BEN, VIC, SAM)]
    urls = [hall.site.url, await second_server(hall)]
    places = [await make_place(ada, label) for label in ("Rain", "Hail", "Wind")]
    people = [await who(email, client) for email, client in zip((AMY, BEN, VIC, SAM), others, strict=True)]
    storm = Storm(places, people, *await a_team(ada), Random(4711))
    admins = [await through(hall, url, ada) for url in urls]
    connection = await hall.site.connect()
    await storm.begin(ada, connection)
    readers = [
        Reader(await through(hall, url, client), person, storm, Random(seed))
        for seed, url in enumerate(urls)
        for person, client in zip(people, others, strict=True)
    ]

    async with asyncio.TaskGroup() as tasks:
        for reader in readers:
            tasks.create_task(reader.go_on())
        await blow(storm, CHANGES, admins, connection, readers)
    await connection.close()

    decisive = sum((reader.decisive for reader in readers), Counter[bool]())
    record_property("reads", sum(reader.reads for reader in readers))
    record_property("decisive", f"{decisive[False]} of what was lost, {decisive[True]} of what was held")
    record_property("losses", storm.lost)
    assert storm.lost > CHANGES / 2
    assert min(decisive[False], decisive[True]) > LEAST_DECISIVE
    assert all(reader.decisive[False] for reader in readers)
    assert hall.site.server.complaints == []
