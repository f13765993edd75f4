"""Statements that are asked all the time: compiled once, and run by the driver itself, in the unit's own transaction.

Building and compiling a statement costs more than running it. So it is built for all actors that look alike, with
parameters in the place of who they are, and whoever asks only brings values (decision 28).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Concatenate, ParamSpec, Protocol, TypeAlias, cast
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, SelectBase, UpdateBase, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, asyncpg

from domain.actor import Actor, AppReach
from domain.database.transaction import Session

_KEPT = 512  # compiled statements: each for every look that an actor can have
_ACTORS = 1024  # of whom it is known whom they look like
_DIALECT = asyncpg.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy left it without types


class _Fact(BindParameter[Any]):
    """A parameter in the place of a fact about an actor; there is such a fact, so it is true."""

    inherit_cache = True

    def __bool__(self) -> bool:
        return True


# By these facts differ the actors who look alike.
_ACCOUNT: Any = _Fact("account", type_=Uuid(), required=True)
_ACTOR: Any = _Fact("actor", type_=Uuid(), required=True)
_TEAMS: Any = _Fact("teams", type_=ARRAY(Uuid()), required=True)
_LISTED: Any = _Fact("listed", type_=ARRAY(Uuid()), required=True)


How = ParamSpec("How")


class Row(Protocol):
    """A row as the driver returns it: by place or by name, to be unpacked."""

    def __getitem__(self, key: int | str | slice) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...

    def __len__(self) -> int: ...

    def values(self) -> Any: ...


Statement: TypeAlias = SelectBase | UpdateBase


class Prepared:
    """A statement that was compiled once; `names` are the values it takes, each of them at every run."""

    __slots__ = ("_fixed", "_order", "names", "text")

    def __init__(self, statement: Statement) -> None:
        compiled = statement.compile(dialect=_DIALECT)
        self.text = compiled.string
        self._order: Sequence[str] = compiled.positiontup or ()
        self.names = frozenset(name for name, bind in compiled.binds.items() if bind.required)
        self._fixed: dict[str, Any] = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        for name, value in self._fixed.items():
            if not isinstance(value, str | int | None):
                # Else what was of one actor could be asked in the name of another.
                raise TypeError(f"{name} is fixed in a statement that serves many: make it a parameter")

    async def rows(self, session: Session, **values: Any) -> Sequence[Row]:
        """Run it; the session's own changes must have been flushed."""
        found: Sequence[Row] = await session.driver.fetch(self.text, *self.ordered(values))
        return found

    def ordered(self, values: dict[str, Any]) -> list[Any]:
        """Values by name, with those that are fixed, in the order in which the driver takes them."""
        given = self._fixed | values
        return [given[name] for name in self._order]

    async def row(self, session: Session, **values: Any) -> Row | None:
        """Run it for its first row."""
        found = await self.rows(session, **values)
        return found[0] if found else None


def prepared(build: Callable[Concatenate[Actor, How], Statement]) -> Callable[Concatenate[Actor, How], Prepared]:
    """Decorates what builds a statement for an actor: it is asked once for all who look alike, and for each way in
    which more is said.
    """

    @lru_cache(_KEPT)
    def for_double(double: Actor, *how: How.args, **said: How.kwargs) -> Prepared:
        return Prepared(build(double, *how, **said))

    def for_actor(actor: Actor, /, *how: How.args, **said: How.kwargs) -> Prepared:
        return for_double(_double(actor), *how, **said)  # type: ignore[arg-type]  # whatever can be hashed

    _FORGETTING.append(for_double.cache_clear)
    return for_actor


def prepared_once(build: Callable[[], Statement]) -> Callable[[], Prepared]:
    """Decorates what builds a statement that is the same for everybody."""

    @lru_cache(1)
    def once() -> Prepared:
        return Prepared(build())

    _FORGETTING.append(once.cache_clear)
    return once


_FORGETTING: list[Callable[[], None]] = []


def forget_prepared() -> None:
    """Let every statement be built anew: for tests that break a finder on purpose."""
    for forget in _FORGETTING:
        forget()


def actor_params(actor: Actor) -> dict[str, Any]:
    """What an actor brings to the statements that look through their eyes (domain/access/visibility.py)."""
    return {
        "account": actor.account_id,
        "actor": actor.id,
        "teams": list(actor.teams),
        "listed": list(actor.listed),
    }


def account_of(double: Actor) -> ColumnElement[UUID]:
    """The account of a double, for statements that write it."""
    return cast("ColumnElement[UUID]", double.account_id)


@lru_cache(_ACTORS)
def _double(actor: Actor) -> Actor:
    """Somebody who looks just like the actor, with parameters in the place of who that is."""
    return replace(
        actor,
        account_id=_ACCOUNT,
        id=_ACTOR,
        teams=_TEAMS if actor.teams else frozenset(),
        listed=_LISTED if actor.reach is AppReach.LISTED else frozenset(),
        token_id=None,
        use_is_stale=False,
    )
