"""Clients that write without a pause and ask again, with the same idempotency key, whatever was not acknowledged."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from tests.support.client import Client
from tests.support.site import Site

_FIELDS = {"TICKET_CREATED": "createTicket", "TICKET_UPDATED": "updateTicket", "TICKET_MOVED": "moveTicket"}
_PAUSE = 0.02  # seconds before somebody who got no answer asks again


@dataclass
class Deed:
    """One write: the event that it leads to and what it says, a subject or a stage; when it was first asked again."""

    kind: str
    says: str
    input: dict[str, Any]
    asked_again: float = 0.0


@dataclass
class Writer:
    """One client with cards of its own, so that the events of a card must be exactly what was acknowledged for it."""

    site: Site
    client: Client
    name: str
    stages: dict[str, str]
    chance: Random
    cards: dict[str, list[Deed]] = field(default_factory=dict)
    is_done: bool = False

    @property
    def acknowledged(self) -> int:
        """How many of its writes were."""
        return sum(len(deeds) for deeds in self.cards.values())

    async def go_on(self) -> None:
        """Write until told that it is enough; what was begun is finished."""
        while not self.is_done:
            deed = self._think_up(f"{self.name}, {self.acknowledged}")
            card = await self._insist(deed)
            self.cards.setdefault(card, []).append(deed)

    def _think_up(self, key: str) -> Deed:
        kind = self.chance.choice(list(_FIELDS)) if self.cards else "TICKET_CREATED"
        if kind == "TICKET_CREATED":
            return Deed(kind, key, {"idempotencyKey": key, "subject": key, "place": {"bottom": True}})
        known = {"idempotencyKey": key, "ticketId": self.chance.choice(list(self.cards))}
        if kind == "TICKET_UPDATED":
            return Deed(kind, key, {**known, "subject": key})
        stage, place = self.chance.choice(list(self.stages)), self.chance.choice(["top", "bottom"])
        return Deed(kind, self.stages[stage], {**known, "stage": {"id": stage}, "place": {place: True}})

    async def _insist(self, deed: Deed) -> str:
        """Ask until it is acknowledged; the id of the card."""
        while True:
            self.client.http.base_url = httpx.URL(self.site.url)
            try:
                done = await self.client.do(_FIELDS[deed.kind], "ticket { id }", **deed.input)
            except httpx.TransportError:
                deed.asked_again = deed.asked_again or time.time()
                await asyncio.sleep(_PAUSE)
                continue
            assert done["userErrors"] == [], done["userErrors"]
            card: str = done["ticket"]["id"]
            return card


@asynccontextmanager
async def writing(writers: Sequence[Writer]) -> AsyncIterator[None]:
    """All of them write during the block; at its end each finishes what it is at."""
    async with asyncio.TaskGroup() as tasks:
        for writer in writers:
            tasks.create_task(writer.go_on())
        yield
        for writer in writers:
            writer.is_done = True


def acknowledged(writers: Sequence[Writer]) -> int:
    """How many writes were acknowledged to all of them."""
    return sum(writer.acknowledged for writer in writers)


def deeds_by_card(writers: Sequence[Writer]) -> dict[str, list[Deed]]:
    """What was acknowledged for each card, in order, by the subject that it was created with."""
    return {deeds[0].says: deeds for writer in writers for deeds in writer.cards.values()}


def outcome(deeds: Sequence[Deed], first_stage: str = "new") -> tuple[str, str]:
    """The subject and the stage that a card must have after all that was acknowledged for it."""
    subjects = [deed.says for deed in deeds if deed.kind != "TICKET_MOVED"]
    stages = [first_stage, *[deed.says for deed in deeds if deed.kind == "TICKET_MOVED"]]
    return subjects[-1], stages[-1]
