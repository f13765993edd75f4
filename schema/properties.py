"""The properties of tickets, which cards choose from and tickets hold values of (S15, B11)."""

import strawberry

from domain import properties
from resolvers import properties as resolvers
from schema.info import Info


@strawberry.type(description="A property of tickets: one that all have, or one that the account defined.")
class Property:
    """What a card can show."""

    internal_name: str = strawberry.field(description="Its name for integrations: what cards and values name it by.")
    label: str = strawberry.field(description="What people call it.")
    built_in: bool = strawberry.field(
        description="Whether every ticket has it as a field of its own; values can be given for the others only."
    )


@strawberry.type
class PropertyQuery:
    """Root fields about properties."""

    @strawberry.field(description="The properties of tickets: the built-in ones, then the account's own by name.")
    async def properties(self, info: Info) -> list[Property]:
        """What `setPipelineCard` and ticket values may name (S15)."""
        built_in = [
            Property(internal_name=name, label=label, built_in=True)
            for name, label in properties.BUILT_IN_LABELS.items()
        ]
        own = await resolvers.list_properties(info.context)
        return built_in + [Property(internal_name=each.internal_name, label=each.label, built_in=False) for each in own]
