"""A schema whose rows may come rendered, in texts of JSON, with one of every kind of field that such rows have."""

import json
from collections.abc import Sequence
from enum import Enum
from typing import Any, NamedTuple

import strawberry

from schema.row_types import column, computed, keyed_by, mapped, nested, nested_list, row_type

TEXT_INDEX = {"id": 0, "author": 1, "name": 2, "pages": 3, "colour": 4}
NAMES = ["plain", 'a "quoted" \\ one', "two\nlines\t\x01", "“older” \u2028 🧯", "{braces} 'and' %s", ""]


@strawberry.enum
class Colour(Enum):
    """An enumeration whose names are its values, as the database writes them."""

    RED = "RED"


@strawberry.type
class Author:
    """Whom several rows name."""

    id: strawberry.ID
    name: str


@strawberry.type
class Edge:
    """What shows the same row as a leaf does."""

    mark: str
    node: "Leaf"


@strawberry.type
class Leaf:
    """A thing that is read from a row, which may have been rendered."""

    id: strawberry.ID
    name: str
    pages: int
    colour: Colour | None
    author: Author | None
    title: str
    secret: str
    tags: list[str]


@strawberry.type
class Pad:
    """Rows, in both ways in which they can be listed."""

    leaves: list[Leaf]
    edges: list[Edge]


class Row(NamedTuple):
    """What a leaf is read from."""

    id: str
    author: str
    name: str
    pages: int
    colour: str | None


class RenderedRow(NamedTuple):
    """The same of what was rendered."""

    texts: Sequence[str]

    def __getattr__(self, name: str) -> Any:
        text = self.texts[TEXT_INDEX[name]]
        return text if name in {"id", "author"} else json.loads(text)


class Rendered(list[RenderedRow]):
    """Rows that were rendered; `reads` is how many were read one by one."""

    def __init__(self, rows: list[Row]) -> None:
        self.known, self.reads = dict[Any, Any](), 0
        each = [[row.id, row.author, *map(json.dumps, row[2:])] for row in rows]
        self.texts = [list(texts) for texts in zip(*each, strict=True)]
        super().__init__(map(RenderedRow, each))

    def read(self, texts: Sequence[str]) -> RenderedRow:
        """The row that has these texts."""
        self.reads += 1
        return RenderedRow(texts)


def _author(key: str, around: dict[str, Any]) -> Any:
    return around[key] if key else None


leaf = row_type(
    Leaf,
    {
        "id": mapped("id", lambda text: f"leaf {text}", render=lambda text: f'"leaf {text}"'),
        "name": column("name", rendered=True),
        "pages": column("pages", rendered=True),
        "colour": keyed_by("colour", lambda name, _: Colour[name] if name else None, rendered=True),
        "author": keyed_by("author", _author),
        "title": computed(lambda row, _: f"No. {row.id}"),
        "secret": computed(lambda row, _: "whole", needs_full_row=True),
        "tags": computed(lambda row, _: [row.id]),
    },
    text_index=TEXT_INDEX,
)
edge = row_type(
    Edge,
    {
        "mark": computed(lambda row, _: f"after {row.id}", render_row=lambda texts, _: f'"after {texts[0]}"'),
        "node": nested(leaf, shared=lambda here: here),
    },
    text_index=TEXT_INDEX,
)
pad = row_type(Pad, {"leaves": nested_list(leaf, lambda rows: rows), "edges": nested_list(edge, lambda rows: rows)})

ROWS = [
    Row(str(place), "o" if place % 2 else "", name, place, "RED" if place else None) for place, name in enumerate(NAMES)
]


class Context:
    """What resolvers are told, and the rows that they gave."""

    def __init__(self) -> None:
        self.renderable: set[str] = set()
        self.given: list[Any] = []


Info = strawberry.Info[Context, None]


def _pad(info: Info, known: str) -> Pad:
    rows: Any = Rendered(ROWS) if info.path.key in info.context.renderable else ROWS
    info.context.given.append(rows)
    return pad(rows, {known: Author(id=strawberry.ID("o"), name='O"o')})


@strawberry.type
class Torn:
    """Rows beside what is not straightforward."""

    fine: int
    pad: Pad
    bad: int | None


@strawberry.type
class Query:
    """Rows, in fields that wait and that do not."""

    @strawberry.field
    def pad(self, info: Info, known: str = "o") -> Pad:
        """Rows at once; with another known author, those of this one cannot be shown."""
        return _pad(info, known)

    @strawberry.field
    async def later(self, info: Info, known: str = "o") -> Pad | None:
        """Rows that are waited for."""
        return _pad(info, known)

    @strawberry.field
    def torn(self, info: Info) -> Torn:
        """Rows that a plan has completed when it fails, so that those of subtrees complete them again."""
        wrong: Any = "no number"
        return Torn(fine=1, pad=_pad(info, "o"), bad=wrong)


schema = strawberry.Schema(query=Query)
