"""Defining an account's own ticket properties, and checking names and values against what is defined (S15, B11)."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, any_, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import InstrumentedAttribute

from domain.authorization import require
from domain.database.model import Json, new_id
from domain.errors import Invalid, Path
from domain.events.event import EventKind
from domain.labels import internal_name
from domain.properties.property import BuiltIn, Property
from domain.unit_of_work import UnitOfWork
from policies import Permission

LONGEST_VALUE = 4000  # characters


async def list_properties(work: UnitOfWork) -> list[Property]:
    """The account's own properties by internal name."""
    statement = select(Property).where(Property.account_id == work.account_id).order_by(Property.internal_name)
    return list((await work.session.execute(statement)).scalars())


def labels_of(
    account_id: InstrumentedAttribute[UUID], names: InstrumentedAttribute[list[str]]
) -> ColumnElement[Json | None]:
    """What those of the names that are the account's own properties are called, as one JSON object within a
    statement.
    """
    labels = select(func.jsonb_object_agg(Property.internal_name, Property.label, type_=JSONB))
    return labels.where(Property.account_id == account_id, Property.internal_name == any_(names)).scalar_subquery()


async def define_properties(work: UnitOfWork, labels: Iterable[str]) -> dict[str, Property]:
    """A property for each label, made where the account has none of that internal name. Declines NOT_PERMITTED."""
    require(work.actor, Permission.PROPERTY_EDIT)
    known = {defined.internal_name: defined for defined in await list_properties(work)}
    found: dict[str, Property] = {}
    for label in labels:
        name = internal_name(label, {*BuiltIn})
        if name not in known:
            known[name] = Property(account_id=work.account_id, id=new_id(), internal_name=name, label=label)
            work.session.add(known[name])
            work.record(EventKind.PROPERTY_CREATED, "property", known[name].id, after={"internalName": name})
        found[label] = known[name]
    return found


async def check_names(work: UnitOfWork, names: list[str], *, field: Path) -> None:
    """Decline names that are neither built-in nor defined in the account, and repeated ones."""
    known = {*BuiltIn, *(defined.internal_name for defined in await list_properties(work))}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise Invalid(f"There is no property {unknown[0][:100]!r}.", field=field)
    if len(set(names)) < len(names):
        raise Invalid("A property is named twice.", field=field)


async def check_values(work: UnitOfWork, values: Mapping[str, Any], *, field: Path = ("properties",)) -> None:
    """Decline values of properties that the account did not define, and texts over 4,000 characters."""
    if not values:
        return
    known = {defined.internal_name for defined in await list_properties(work)}
    for name, value in values.items():
        if name not in known:
            raise Invalid(f"There is no property {name[:100]!r} of your own in this account.", field=field)
        if value is not None and len(value) > LONGEST_VALUE:
            raise Invalid(f"The value of {name!r} is longer than {LONGEST_VALUE} characters.", field=field)
