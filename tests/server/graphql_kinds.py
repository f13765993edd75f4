"""A schema with one of every kind of field that an executor treats apart, and values that go wrong in every way."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any, NamedTuple, NewType

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.permission import BasePermission
from strawberry.scalars import JSON
from strawberry.schema.config import StrawberryConfig

from schema.row_types import column, computed, keyed_by, mapped, nested, nested_list, row_type

Odd = NewType("Odd", int)


def _odd(value: Any) -> int | None:
    if value % 2 == 0:
        raise ValueError("it is even")
    return None if value == 13 else value


class NotTheSecond(BasePermission):
    """A permission that some things of a list have and others have not."""

    message = "Not of this one."

    def has_permission(self, source: Any, info: strawberry.Info, **_: Any) -> bool:
        """For all but the thing with the id 2."""
        return bool(source.id != "2")


class Loudly(FieldExtension):
    """An extension that changes what an attribute holds."""

    def resolve(self, next_: Callable[..., Any], source: Any, info: strawberry.Info, **given: Any) -> Any:
        """In capitals."""
        return str(next_(source, info, **given)).upper()


@strawberry.enum
class Colour(Enum):
    """An enumeration whose names are not its values."""

    RED = "r"
    BLUE = strawberry.enum_value("b", name="AZURE")


@strawberry.interface
class Named:
    """What all things have."""

    id: strawberry.ID
    name: str | None = "named"


@strawberry.type
class Owner(Named):
    """A type of an interface."""

    thing: "Thing | None" = None


@strawberry.type
class Plain:
    """A type of no interface."""

    text: str = "plain"
    flag: bool = True


@strawberry.type
class Cover:
    """What shows the same row as a book does."""

    text: str
    shout: str


@strawberry.type
class Book(Named):
    """A thing that is read from a row."""

    pages: int
    colour: Colour | None
    author: Owner | None
    cover: Cover
    sequel: "Book | None"


@strawberry.type
class Shelf:
    """Rows, in every way in which they can be listed."""

    books: list[Book]
    some: list[Book | None] | None
    covers: list[Cover]


class BookRow(NamedTuple):
    """What a book is read from."""

    id: str = "b"
    name: Any = "book"
    pages: Any = 100
    author: Any = "o"


class Around(NamedTuple):
    """What is around all rows of a shelf."""

    owners: dict[str, Any]
    suffix: str = "!"


def _author(key: Any, around: Around) -> Any:
    return around.owners[key] if key else None


def _sequel(row: BookRow, around: Around) -> Book | None:
    return book(row._replace(id="sequel", pages=1), around) if row.pages == 100 else None


cover = row_type(Cover, {"text": column("name"), "shout": computed(lambda row, suffix: row.name.upper() + suffix)})
book = row_type(
    Book,
    {
        "id": column("id"),
        "name": column("name"),
        "pages": mapped("pages", lambda pages: pages),
        "colour": keyed_by("pages", lambda pages, _: Colour.RED if pages else None),
        "author": keyed_by("author", _author),
        "cover": nested(cover, shared=lambda here: here.suffix),
        "sequel": computed(_sequel),
    },
)
shelf = row_type(
    Shelf,
    {
        "books": nested_list(book, lambda rows: rows),
        "some": nested_list(book, lambda rows: rows[:1]),
        "covers": nested_list(cover, lambda rows: rows, shared=lambda here: here.suffix),
    },
)


def _shelf(*rows: BookRow) -> Shelf:
    return shelf(rows, Around({"o": Owner(id=strawberry.ID("o")), "p": Plain()}))


Either = Annotated[Owner | Plain, strawberry.union("Either")]


@strawberry.type
class Thing(Named):
    """Everything at once."""

    count: int = 1
    ratio: float = 0.5
    at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    odd: Odd | None = strawberry.field(default=Odd(3))
    anything: JSON = strawberry.field(default_factory=lambda: {"a": [1, None]})
    colour: Colour | None = Colour.RED
    tags: list[str | None] = strawberry.field(default_factory=lambda: ["a", None, "c"])
    grid: list[list[int] | None] = strawberry.field(default_factory=lambda: [[1, 2], None, []])
    mesh: list[list[Plain | None]] = strawberry.field(default_factory=lambda: [[Plain(), None], []])
    several: list[Either | None] = strawberry.field(default_factory=lambda: [Plain(), None])
    owner: Owner | None = None
    plain: Plain = strawberry.field(default_factory=Plain)
    shelf: Shelf | None = strawberry.field(
        default_factory=lambda: _shelf(BookRow(), BookRow(id="c"), BookRow("d", "third", 7, None))
    )
    either: Either | None = None
    named: Named | None = None
    guarded: str | None = strawberry.field(default="guarded", permission_classes=[NotTheSecond])
    loud: str = strawberry.field(default="loud", extensions=[Loudly()])
    renamed: str = strawberry.field(default="renamed", name="calledOtherwise")

    @strawberry.field
    def shout(self, times: int = 1) -> str:
        """A resolver with an argument, that may raise."""
        if times > 3:
            raise ValueError("too loud")
        return (self.name or "?") * times

    @strawberry.field
    async def sulks(self) -> str | None:
        """A resolver that waits, and raises for some."""
        if self.id == "2":
            raise ValueError("not now")
        return "sulked"

    @strawberry.field
    async def later(self) -> Plain:
        """A resolver that waits."""
        return Plain(text=str(self.id))


_late: list[Coroutine[Any, Any, str]] = []


def _awaited_by_nobody() -> Coroutine[Any, Any, str]:
    _late.append(asyncio.sleep(0, "late"))
    return _late[-1]


def close_coroutines() -> None:
    """End those that were values, which nobody may ever have awaited."""
    while _late:
        _late.pop().close()


WRONG: dict[str, Callable[[Thing], Any]] = {
    "no name of its own": lambda thing: setattr(thing, "plain", None),
    "a null count": lambda thing: setattr(thing, "count", None),
    "a count that is text": lambda thing: setattr(thing, "count", "many"),
    "a count too large": lambda thing: setattr(thing, "count", 2**40),
    "a count that is a bool": lambda thing: setattr(thing, "count", True),
    "an endless ratio": lambda thing: setattr(thing, "ratio", float("inf")),
    "a scalar that raises": lambda thing: setattr(thing, "odd", 2),
    "a scalar that is nothing": lambda thing: setattr(thing, "odd", 13),
    "a value instead of a member": lambda thing: setattr(thing, "colour", "r"),
    "a colour that is none": lambda thing: setattr(thing, "colour", "green"),
    "an exception as a value": lambda thing: setattr(thing, "owner", ValueError("a value")),
    "an exception as anything": lambda thing: setattr(thing, "anything", ValueError("a value")),
    "a coroutine": lambda thing: setattr(thing, "renamed", _awaited_by_nobody()),
    "a coroutine as anything": lambda thing: setattr(thing, "anything", _awaited_by_nobody()),
    "a null in a list": lambda thing: setattr(thing, "grid", [[1, None]]),
    "a list that is text": lambda thing: setattr(thing, "tags", "abc"),
    "a list that is a number": lambda thing: setattr(thing, "grid", 5),
    "a list that is a generator": lambda thing: setattr(thing, "tags", (each for each in "ab")),
    "a list of lists with a text in it": lambda thing: setattr(thing, "mesh", [[Plain()], "ab"]),
    "a list of lists with an object of another type": lambda thing: setattr(
        thing, "mesh", [[Owner(id=strawberry.ID("4"))]]
    ),
    "a null in a list of lists": lambda thing: setattr(thing, "mesh", [None]),
    "an exception in a list of lists": lambda thing: setattr(thing, "mesh", [[ValueError("a value"), Plain()]]),
    "a member that is not of the union": lambda thing: setattr(
        thing, "several", [Plain(), Thing(id=strawberry.ID("9"))]
    ),
    "a tuple": lambda thing: setattr(thing, "tags", ("a", "b")),
    "an attribute that is gone": lambda thing: delattr(thing, "renamed"),
    "another type": lambda thing: setattr(thing, "owner", Plain()),
    "another type of the interface": lambda thing: setattr(thing, "owner", Thing(id=strawberry.ID("9"))),
    "a cast": lambda thing: setattr(thing, "owner", strawberry.cast(Thing, Owner(id=strawberry.ID("9")))),
    "a row with a null": lambda thing: setattr(thing, "shelf", _shelf(BookRow(), BookRow(pages=None))),
    "a row without a name": lambda thing: setattr(thing, "shelf", _shelf(BookRow(name=None), BookRow())),
    "a row whose reading raises": lambda thing: setattr(thing, "shelf", _shelf(BookRow(author="nobody"))),
    "a row of another type": lambda thing: setattr(thing, "shelf", _shelf(BookRow(author="p"), BookRow(author="p"))),
    "a row that is unlike any other": lambda thing: setattr(thing, "shelf", _shelf(BookRow(author=["o"]))),
    "no rows": lambda thing: setattr(thing, "shelf", _shelf()),
    "rows that are none": lambda thing: setattr(thing, "shelf", shelf(5, Around({}))),
    "no text": lambda thing: setattr(thing, "name", 5),
    "nothing wrong": lambda thing: None,
}


def _things(wrong: str) -> list[Thing | None]:
    first, second = Thing(id=strawberry.ID("1")), Thing(id=strawberry.ID("2"))
    first.owner = Owner(id=strawberry.ID("o"), thing=Thing(id=strawberry.ID("3"), name=None))
    first.either, second.either = first.owner, Plain()
    first.named, second.named = second, first.owner
    WRONG[wrong](second)
    return [first, second, None]


@strawberry.type
class Query:
    """Lists and single things, present and absent."""

    @strawberry.field
    def things(self, wrong: str = "nothing wrong") -> list[Thing | None]:
        """Two things and a null."""
        return _things(wrong)

    @strawberry.field
    async def thing(self, wrong: str = "nothing wrong") -> Thing | None:
        """The thing that is wrong, by a resolver that waits."""
        return _things(wrong)[1]

    @strawberry.field
    def present(self, wrong: str = "nothing wrong") -> list[Thing]:
        """Things without the null, which must not be there."""
        return [each for each in _things(wrong) if each is not None]

    @strawberry.field
    def named(self) -> list[Named]:
        """Things of several types."""
        return [Thing(id=strawberry.ID("1")), Owner(id=strawberry.ID("o"))]


schema = strawberry.Schema(
    query=Query,
    types=[Owner, Thing],
    config=StrawberryConfig(scalar_map={Odd: strawberry.scalar(name="Odd", serialize=_odd)}),
)
