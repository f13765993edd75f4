"""What the mutations of one member have in common."""

from typing import Self
from uuid import UUID

import strawberry
from strawberry import ID

from resolvers.people import MembersView
from schema.ids import Kind, uuid_of
from schema.mutation import Payload, RevisedInput
from schema.people.types import Member, member_of


@strawberry.input
class MemberInput(RevisedInput):
    """The fields of inputs that change one member."""

    user_id: ID = strawberry.field(description="The global id of the user.")

    @property
    def id(self) -> UUID:
        """The id of the user."""
        return uuid_of(Kind.USER, self.user_id)


@strawberry.type
class MemberPayload(Payload):
    """The fields of payloads that return one member."""

    member: Member | None = strawberry.field(
        default=None,
        description="The member as they are now; null if the request was declined, or if the viewer may no longer "
        "manage people.",
    )

    @classmethod
    def of(cls, view: MembersView | None) -> Self:
        """The member who was read again after the commit."""
        return cls(member=member_of(view))
