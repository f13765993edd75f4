"""Cards that the database has rendered: each field as the text that an answer has of it (decision 32).

Whoever knows how an answer is made puts the texts together as they are; anybody else reads a card by the names of its
fields, as ever.
"""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias, overload
from uuid import UUID

from domain.pipelines import AnyStage
from domain.tickets import Card

# These are plain texts: `id` is its 32 digits, those of others are UUIDs as usual, and null is empty.
PLAIN = ("rank", "id", "owner_id", "team_id", "editable")
# These are texts of JSON. The last may be large, and is not among them when nobody asks for it.
JSON = ("key", "subject", "priority", "created_at", "entered_at", "closed_at", "revision", "content")
# Where each is among the texts of a card.
TEXT_INDEX = {name: place for place, name in enumerate((*PLAIN, *JSON))}
RECORD_SEPARATOR = "\x1f"  # the texts of several cards: no JSON has it, nor has what is plain
_KEPT = 4096  # ids of people and teams: many cards have the same, and making an id takes long


class RenderedCard(NamedTuple):
    """A card of a stage, read by its fields; those that were not asked for are AttributeErrors."""

    stage: AnyStage
    texts: Sequence[str]

    @property
    def pipeline_id(self) -> UUID:
        """That of its stage."""
        return self.stage.pipeline_id

    @property
    def stage_id(self) -> UUID:
        """Its stage."""
        return self.stage.id

    @property
    def rank(self) -> str:
        """Its place in the stage."""
        return self.texts[TEXT_INDEX["rank"]]

    @property
    def id(self) -> UUID:
        """Its id."""
        return UUID(hex=self.texts[TEXT_INDEX["id"]])

    @property
    def owner_id(self) -> UUID | None:
        """Whose it is."""
        return _id(self.texts[TEXT_INDEX["owner_id"]])

    @property
    def team_id(self) -> UUID | None:
        """Which team's it is."""
        return _id(self.texts[TEXT_INDEX["team_id"]])

    @property
    def editable(self) -> bool:
        """Whether it lies in the edit scope of the actor who found it (B21)."""
        return self.texts[TEXT_INDEX["editable"]] == "true"

    def __getattr__(self, name: str) -> Any:
        place = TEXT_INDEX.get(name, len(self.texts))
        if place >= len(self.texts):
            raise AttributeError(name)
        return json.loads(self.texts[place])


AnyCard: TypeAlias = Card | RenderedCard


class RenderedCards(Sequence[RenderedCard]):
    """Cards of one stage in order. Each of `texts` holds one kind of text of every card, in the order of `TEXT_INDEX`.
    `known` is a cache that a reader may share between the cards of one board.
    """

    __slots__ = ("_stage", "known", "texts")

    def __init__(self, stage: AnyStage, texts: list[list[str]], known: dict[Any, Any]) -> None:
        self._stage = stage
        self.texts = texts
        self.known = known

    def __len__(self) -> int:
        return len(self.texts[0])

    @overload
    def __getitem__(self, place: int) -> RenderedCard: ...

    @overload
    def __getitem__(self, place: slice) -> "RenderedCards": ...

    def __getitem__(self, place: int | slice) -> "RenderedCard | RenderedCards":
        if isinstance(place, slice):
            return RenderedCards(self._stage, [texts[place] for texts in self.texts], self.known)
        return self.read([texts[place] for texts in self.texts])

    def read(self, texts: Sequence[str]) -> RenderedCard:
        """The card that has these texts."""
        return RenderedCard(self._stage, texts)


def people_in(pages: Iterable[Sequence[AnyCard]]) -> list[AnyCard]:
    """Enough of the cards of some stages to name every owner and team of them all."""
    givers, seen = list[AnyCard](), set[str]()
    for cards in pages:
        if not isinstance(cards, RenderedCards):
            givers += cards
            continue
        for texts in (cards.texts[TEXT_INDEX["owner_id"]], cards.texts[TEXT_INDEX["team_id"]]):
            new = set(texts) - seen
            seen |= new
            givers += [cards[texts.index(each)] for each in new]
    return givers


@lru_cache(_KEPT)
def _id(text: str) -> UUID | None:
    return UUID(hex=text) if text else None
