"""Which properties tickets of the account have."""

from domain import properties
from resolvers.context import Context


async def list_properties(context: Context) -> list[properties.Property]:
    """The account's own properties by internal name."""
    async with context.reading() as work:
        return await properties.list_properties(work)
