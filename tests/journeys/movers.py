"""Clients that drag the same cards about at the same time, each by what it saw when it last looked."""

import time
from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any

from tests.journeys.boards import board
from tests.support.client import Client

DECLARED = {"CONFLICT", "PLACE_GONE", "STALE_ORDER"}
PIPELINES = "{ pipelines { id internalName revision stages { id } } }"


class Mover:
    """One client and what it knows; `acknowledged` counts its moves by card, `refused` its refusals by their reason."""

    def __init__(self, client: Client, pipeline: str, cards: Sequence[str], seed: int, *, arranges: bool) -> None:
        self.client = client
        self.acknowledged: Counter[str] = Counter()
        self.arranged = 0
        self.refused: Counter[str] = Counter()
        self._pipeline = pipeline
        self._cards = sorted(cards)
        self._chance = Random(seed)
        self._arranges = arranges
        self._stages: list[dict[str, Any]] = []
        self._pipelines: list[dict[str, Any]] = []

    async def go_on(self, until: float) -> None:
        """Move and arrange until a moment of the monotonic clock."""
        await self.look()
        while time.monotonic() < until:
            deed = self._chance.random()
            if deed < 0.1:
                await self.look()
            elif deed < 0.2 and self._arranges:
                await (self._arrange_stages() if deed < 0.15 else self._arrange_pipelines())
            else:
                await self._move()

    async def look(self) -> list[tuple[str, list[str]]]:
        """Read the board, on which every card stands once: the cards of each stage, in order."""
        self._stages = await board(self.client, self._pipeline)
        self._pipelines = (await self.client.run(PIPELINES))["pipelines"]
        seen = [(each["stage"]["id"], [card["id"] for card in each["cards"]["nodes"]]) for each in self._stages]
        assert sorted(card for _, cards in seen for card in cards) == self._cards
        return seen

    async def _move(self) -> None:
        known = {card["id"]: card["revision"] for each in self._stages for card in each["cards"]["nodes"]}
        stage, card = self._chance.choice(self._stages), self._chance.choice(self._cards)
        done = await self.client.do(
            "moveTicket",
            "ticket { id }",
            ticketId=card,
            stage={"id": stage["stage"]["id"]},
            place=self._place(stage),
            expectedRevision=known[card] if self._chance.random() < 0.2 else None,
        )
        if self._went_well(done):
            assert done["ticket"] == {"id": card}
            self.acknowledged[card] += 1

    def _place(self, stage: dict[str, Any]) -> dict[str, Any] | None:
        seen = [card["id"] for card in stage["cards"]["nodes"]] or self._cards
        places = [{"top": True}, {"bottom": True}, {"before": self._chance.choice(seen)}, None]
        return self._chance.choice([*places, {"after": self._chance.choice(seen)}])

    async def _arrange_stages(self) -> None:
        (here,) = [each for each in self._pipelines if each["internalName"] == self._pipeline]
        order = self._chance.sample(here["stages"], len(here["stages"]))
        done = await self.client.do(
            "reorderStages",
            pipeline={"internalName": self._pipeline},
            order=[{"id": stage["id"]} for stage in order],
            expectedRevision=here["revision"] if self._chance.random() < 0.5 else None,
        )
        self.arranged += self._went_well(done)

    async def _arrange_pipelines(self) -> None:
        seen = [{"id": each["id"]} for each in self._pipelines]
        order = self._chance.sample(seen, len(seen))
        done = await self.client.do("reorderPipelines", order=order, expectedOrder=seen)
        self.arranged += self._went_well(done)

    def _went_well(self, done: dict[str, Any]) -> bool:
        for error in done["userErrors"]:
            assert error["code"] in DECLARED, error
            compared = error.get("revision") is not None
            self.refused[error["code"] + (" by revision" if compared else "")] += 1
        return not done["userErrors"]
