"""Keyset pages: where a page begins and how many things it holds. Cursors are sealed outside the domain."""

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from domain.errors import Invalid

LARGEST_PAGE = 500

Item = TypeVar("Item", covariant=True)


class Page(NamedTuple, Generic[Item]):
    """The things of one page, in order, and whether there are more after them."""

    items: Sequence[Item]
    has_more: bool


class RankCursor(NamedTuple):
    """After which card of a stage a page begins; `epoch` tells whether ranks were made anew since (settled choice
    13).
    """

    epoch: int
    rank: str
    id: UUID


class NameCursor(NamedTuple):
    """After which thing a page of things by name begins."""

    name: str
    id: UUID


def check_size(first: int) -> int:
    """The page size. Declines anything but 1 to 500."""
    if not 1 <= first <= LARGEST_PAGE:
        raise Invalid(f"`first` must be from 1 to {LARGEST_PAGE}.", field=("first",))
    return first


def cut(items: Sequence[Item], first: int) -> Page[Item]:
    """A page of items of which one more than `first` were read, to know whether there are more."""
    return Page(items[:first], len(items) > first)
