"""The presenter: rows that were loaded together, as the GraphQL objects that many of them share."""

from dataclasses import dataclass, field
from uuid import UUID

from domain import pipelines, properties
from resolvers.related import Related
from schema.accounts.types import Team, User
from schema.pipelines.stage import Stage


@dataclass
class Presenter:
    """GraphQL objects of the rows that were loaded together; an object that many cards share is created once."""

    related: Related
    _stages: dict[UUID, Stage | None] = field(default_factory=dict)
    _users: dict[UUID, User | None] = field(default_factory=dict)

    def stage(self, pipeline_id: UUID, id: UUID | None) -> Stage | None:
        """A stage of a loaded pipeline; None when it was deleted."""
        if id is not None and id not in self._stages:
            rows = self.related.pipelines[pipeline_id].stages
            self._stages[id] = next((Stage.of(row) for row in rows if row.id == id), None)
        return self._stages.get(id) if id is not None else None

    def user(self, id: UUID | None) -> User | None:
        """A user whose name was loaded."""
        if id is None:
            return None
        if id not in self._users:
            name = self.related.names.get(id)
            self._users[id] = User.of(name) if name else None
        return self._users[id]

    def team(self, id: UUID | None) -> Team | None:
        """A team whose name was loaded."""
        name = self.related.names.get(id) if id is not None else None
        return Team.of(name, self.related.members) if name else None

    def app_name(self, id: UUID | None) -> str | None:
        """The name of an app whose name was loaded."""
        return self.related.app_names.get(id) if id is not None else None

    def label(self, name: str, on: pipelines.AnyPipeline) -> str:
        """The label of a built-in property, of one on a pipeline's card, or of another property of the account."""
        own = (on.card_labels or {}).get(name) or self.related.labels.get(name, name)
        return properties.BUILT_IN_LABELS.get(name, own)
