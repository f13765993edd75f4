"""Relay's Node: anything that has a global id."""

import strawberry
from strawberry import ID


@strawberry.interface(description="Anything that has a global id and can be found again by it.")
class Node:
    """Plain attributes only: below a root nothing is looked up."""

    id: ID = strawberry.field(description="The global id: opaque, and the same for ever.")
