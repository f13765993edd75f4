"""Root fields that find the properties of tickets (S15, B11)."""

import strawberry

from domain import properties
from resolvers import properties as resolvers
from schema.info import Info


@strawberry.type(description="A property of tickets: a built-in one, or one that the account defined.")
class Property:
    """A property that a card can show."""

    internal_name: str = strawberry.field(
        description="The name for integrations, by which cards and values refer to the property."
    )
    label: str = strawberry.field(description="The label, which people see.")
    built_in: bool = strawberry.field(
        description="Whether it is a field of every ticket; `PropertyValueInput` takes only the other properties."
    )


@strawberry.type
class PropertyQuery:
    """Root fields about properties."""

    @strawberry.field(description="The properties of tickets: the built-in ones, then the account's own by name.")
    async def properties(self, info: Info) -> list[Property]:
        """The properties that `setPipelineCard` and ticket values refer to (S15)."""
        built_in = [
            Property(internal_name=name, label=label, built_in=True)
            for name, label in properties.BUILT_IN_LABELS.items()
        ]
        own = await resolvers.list_properties(info.context)
        return built_in + [Property(internal_name=each.internal_name, label=each.label, built_in=False) for each in own]
