"""A small schema that has one of everything the endpoint must get right.

The endpoint knows nothing of tickets; neither do its tests. It is served and asked by graphql_toy.py.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

import strawberry
from strawberry.scalars import JSON


class TooHot(Exception):  # noqa: N818 (it is a sentence about the world)
    """A refusal that clients are meant to hear."""

    error_code: ClassVar[str] = "TOO_HOT"


@dataclass
class Context:
    """What a test knows of one operation."""

    token: str | None = None
    address: str | None = None
    closed: int = 0
    cancelled: bool = False
    finished: list[str] = field(default_factory=list)
    started: asyncio.Event = field(default_factory=asyncio.Event)
    variables: Mapping[str, Any] = field(default_factory=dict)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def close(self) -> None:
        """Count the calls."""
        self.closed += 1
        self.over.set()


Info = strawberry.Info[Context, None]


@strawberry.type
class Item:
    name: str = "item"

    @strawberry.field
    def items(self, first: int | None = None) -> list["Item"]:
        return [Item()] * (first or 0)

    @strawberry.field
    def plain(self) -> list["Item"]:
        return [Item()]


@strawberry.type
class Edge:
    node: Item


@strawberry.type
class PageInfo:
    end_cursor: str | None = None


@strawberry.type
class Page:
    edges: list[Edge]
    page_info: PageInfo = strawberry.field(default_factory=PageInfo)


@strawberry.type
class Column:
    cards: Page


@strawberry.type
class Wall:
    columns: list[Column]


@strawberry.input(one_of=True)
class Reference:
    id: strawberry.Maybe[strawberry.ID]
    internal_name: strawberry.Maybe[str]


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "you") -> str:
        return f"hello {name}"

    @strawberry.field
    def echo(self, value: JSON) -> JSON:
        return value

    @strawberry.field
    def who(self, info: Info) -> str:
        return f"{info.context.token} from {info.context.address}"

    @strawberry.field
    def when(self) -> datetime:
        return datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    @strawberry.field
    def item(self) -> Item:
        return Item()

    @strawberry.field
    def page(self, first: int = 20, after: str | None = None) -> Page:
        return Page(edges=[Edge(node=Item())] * first)

    @strawberry.field
    def wall(self, first: int = 50) -> Wall:
        return Wall(columns=[Column(cards=Page(edges=[Edge(node=Item())] * first))])

    @strawberry.field
    def nodes(self, ids: list[strawberry.ID]) -> list[Item]:
        return [Item(name=str(one)) for one in ids]

    @strawberry.field
    def find(self, by: Reference) -> str:
        return "by id" if by.id else "by name"

    @strawberry.field
    def grow(self, by: int = 1) -> int:
        return by

    @strawberry.field
    def broken(self) -> str | None:
        raise RuntimeError("the password is hunter2")

    @strawberry.field
    def all_broken(self) -> str:
        raise RuntimeError("the password is hunter2")

    @strawberry.field
    def hot(self) -> str | None:
        raise TooHot("It is too hot for that.")

    @strawberry.field
    def unprintable(self) -> JSON:
        return {1, 2}  # type: ignore[return-value]

    @strawberry.field
    async def waits(self, info: Info) -> str | None:
        info.context.started.set()
        try:
            await info.context.gate.wait()
        except asyncio.CancelledError:
            info.context.cancelled = True
            raise
        info.context.finished.append("waits")
        return "waited"

    @strawberry.field
    async def lingers(self, info: Info) -> str | None:
        for _ in range(5):
            await asyncio.sleep(0)
        info.context.finished.append("lingers" if not info.context.closed else "too late")
        return "lingered"


@strawberry.type
class Mutation:
    @strawberry.mutation
    def touch(self) -> str:
        return "touched"

    @strawberry.mutation
    async def hesitate(self, info: Info) -> str | None:
        await info.context.gate.wait()
        return "done"


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self) -> AsyncIterator[int]:
        yield 1


schema = strawberry.Schema(query=Query, mutation=Mutation, subscription=Subscription)
