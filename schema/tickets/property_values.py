"""Values for an account's own properties, as clients send them."""

import strawberry

from schema.errors import BadInput


@strawberry.input(description="A value for one of the account's own properties; null clears it.")
class PropertyValueInput:
    """One property, as text."""

    name: str = strawberry.field(description="The internal name of the property.")
    value: str | None = strawberry.field(description="The new value, at most 4,000 characters.")


def values_of(given: list[PropertyValueInput]) -> dict[str, str | None]:
    """The values by property; BadInput where a property is given twice."""
    values = {each.name: each.value for each in given}
    if len(values) < len(given):
        raise BadInput("A property is given twice.")
    return values
