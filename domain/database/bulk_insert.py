"""Loading many rows in one statement: each column travels as one array and is unfolded by the database.

For batches of hundreds of rows and more, where a statement for each row costs several times as much; COPY FROM is
refused under row-level security (settled choice 3).
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import FromClause, Insert, String, Table, Text, bindparam, column, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from domain.database.model import Base
from domain.database.transaction import Session

Row = Mapping[str, Any]

_GIVEN = "given"


async def load(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    """Insert rows of one table, all with the same columns; none is no statement."""
    if not rows:
        return
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    # What is the same in all rows, such as the account, travels once: a third of all values.
    same = {name: values[0] for name, values in columns.items() if all(value is values[0] for value in values)}
    if len(same) == len(columns):
        same.popitem()
    given = {name: values for name, values in columns.items() if name not in same}
    statement = _insert(model, tuple(given), tuple(same))
    await session.execute(statement, {_parameter(name): value for name, value in (given | same).items()})


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements over many rows that pass by the objects of the session."""
    return model.metadata.tables[model.__tablename__]


def unnest(model: type[Base], columns: Iterable[str]) -> FromClause:
    """Rows of a table's columns as something to select or update from; `folded` makes the parameters."""
    types = {name: _plain(model, name) for name in columns}
    arrays = [bindparam(_parameter(name), type_=ARRAY(type_)) for name, type_ in types.items()]
    rows = func.unnest(*arrays).table_valued(*[column(name, type_) for name, type_ in types.items()], name=_GIVEN)
    return rows.render_derived()


def unnest_params(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """The parameters of a statement over `unfolded` rows, which all have the same columns."""
    return {_parameter(name): [row[name] for row in rows] for name in rows[0]}


@cache
def _insert(model: type[Base], given: tuple[str, ...], same: tuple[str, ...]) -> Insert:
    rows = unnest(model, given)
    constants = [bindparam(_parameter(name), type_=_plain(model, name)) for name in same]
    return insert(table_of(model)).from_select([*given, *same], select(*[rows.c[name] for name in given], *constants))


def _parameter(name: str) -> str:
    return f"{_GIVEN}_{name}"


def _plain(model: type[Base], name: str) -> TypeEngine[Any]:
    """The type of a column; without its collation, which no array has."""
    type_ = table_of(model).c[name].type
    return Text() if isinstance(type_, String) else type_
