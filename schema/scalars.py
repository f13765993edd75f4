"""Scalars of our own: a moment in time, always with an offset on the way in and in UTC on the way out (api 9)."""

from datetime import UTC, datetime

from strawberry.types.scalar import ScalarDefinition

from schema.errors import BadInput

# The database reads the first and the last moment that there are as infinities.
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def read_moment(given: object) -> datetime:
    """A moment in UTC; BadInput for what is no time in ISO 8601 with an offset within the years 1 to 9999."""
    try:
        moment = datetime.fromisoformat(given) if isinstance(given, str) else None
        if moment is not None and moment.tzinfo is not None and _FIRST < moment < _LAST:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise BadInput("A DateTime is a text in ISO 8601 with an offset, such as 2027-01-31T12:00:00Z.")


def _as_it_is(moment: datetime | str) -> datetime | str:
    """The encoder of the endpoint writes moments, quicker than Python does, and the database wrote some already."""
    return moment


DATE_TIME = ScalarDefinition(
    name="DateTime",
    description="A moment in ISO 8601. It is given in UTC, and taken with any offset, such as 2027-01-31T12:00:00Z.",
    specified_by_url=None,
    serialize=_as_it_is,
    parse_value=read_moment,
    parse_literal=None,
    origin=datetime,
)
