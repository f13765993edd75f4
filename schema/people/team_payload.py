"""What the mutations of one team have in common."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

import strawberry
from strawberry import ID

from resolvers.people import TeamsView
from schema.accounts.types import Team
from schema.ids import Kind, uuid_of
from schema.mutation import Payload, RevisedInput


@strawberry.input
class TeamInput(RevisedInput):
    """The fields of inputs that change one team."""

    team_id: ID = strawberry.field(description="The global id of the team.")

    @property
    def id(self) -> UUID:
        """The id of the team."""
        return uuid_of(Kind.TEAM, self.team_id)


@strawberry.type
class TeamPayload(Payload):
    """The fields of payloads that return one team."""

    team: Team | None = strawberry.field(
        default=None, description="The team as it is now; null if the request was declined."
    )

    @classmethod
    def of(cls, view: TeamsView | None) -> Self:
        """The team that was read again after the commit."""
        return cls(team=next((Team.of(team, view.members) for team in view.teams), None) if view else None)


def users_of(ids: Sequence[ID]) -> list[UUID]:
    """The users of these global ids."""
    return [uuid_of(Kind.USER, each) for each in ids]
