"""Shapes that are read when they are asked for: a board has hundreds of cards, and a selection takes a few fields of
each. What nobody asks for is never made.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

Kind = TypeVar("Kind")
Make = Callable[[Any, Any], Kind]


def lazy(kind: type[Kind], read: Mapping[str, Callable[[Any], Any]]) -> Callable[[Any, Any], Kind]:
    """What makes a `kind` from a row and what is around it, of which `read` has a reader for each field.

    A reader gets the thing itself, with its `row` and `around`; TypeError where a field has none.
    """
    wrong = {field.name for field in fields(kind)} ^ read.keys()  # type: ignore[arg-type]  # every type of ours is one
    if wrong:
        raise TypeError(f"{kind.__name__} and its readers differ in {sorted(wrong)}")
    members: dict[str, Any] = {name: property(reader) for name, reader in read.items()}
    made: Callable[[Any, Any], Kind] = type(kind.__name__, (kind,), {"__init__": _begin, **members})
    return made


def _begin(self: Any, row: Any, around: Any) -> None:
    self.row, self.around = row, around
