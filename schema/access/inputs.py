"""What the mutations and queries of access take."""

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import TypeVar
from uuid import UUID

import strawberry
from strawberry import ID, UNSET

from domain import access
from policies import Level
from schema.access.types import AccessLevel
from schema.enums import AccessMode
from schema.errors import BadInput
from schema.ids import Kind, uuid_of
from schema.pipelines.inputs import KEY, PIPELINE
from schema.references import PipelineRef

_REVISION = (
    "The revision of the access, not of the pipeline, that the change rests on; declined with CONFLICT when it is not "
    "the one that stands."
)
Word = TypeVar("Word", bound=Enum)

_UNTIL = "When it ends: in the future, with an offset such as Z."


@strawberry.input(one_of=True, description="A user or a team.")
class GranteeRef:
    """One of both."""

    user_id: ID | None = strawberry.field(default=UNSET, description="The global id of a user.")
    team_id: ID | None = strawberry.field(default=UNSET, description="The global id of a team.")

    @property
    def user(self) -> UUID | None:
        """The user, where it is one."""
        return uuid_of(Kind.USER, self.user_id) if isinstance(self.user_id, str) else None

    @property
    def team(self) -> UUID | None:
        """The team, where it is one."""
        return uuid_of(Kind.TEAM, self.team_id) if isinstance(self.team_id, str) else None

    def at(self, level: AccessLevel, until: datetime | None) -> access.Grantee:
        """As the domain takes it, at a level and perhaps until a time."""
        return access.Grantee(Level(level.value), self.user, self.team, until)


@strawberry.input(description="VIEW or EDIT for one user or one team.")
class AccessGrantInput:
    """A grant to be."""

    to: GranteeRef = strawberry.field(description="Who is to have it.")
    level: AccessLevel = strawberry.field(description="How near they may come.")
    until: datetime | None = strawberry.field(default=None, description=_UNTIL)

    def plain(self) -> access.Grantee:
        """As the domain takes it."""
        return self.to.at(self.level, self.until)


@strawberry.input(description="Who may view and edit a pipeline, as a whole.")
class SetPipelineAccessInput:
    """Mode and all grants (S11)."""

    pipeline: PipelineRef = strawberry.field(description=PIPELINE)
    mode: AccessMode = strawberry.field(description="Who may come near in general.")
    grants: list[AccessGrantInput] = strawberry.field(
        default_factory=list, description="All grants, in place of those there were; at most 500."
    )
    expected_revision: int | None = strawberry.field(default=None, description=_REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A grant that is to be added, or to take the place of what the same had before.")
class GrantPipelineAccessInput:
    """A level for one user or one team (S11, B22)."""

    pipeline: PipelineRef = strawberry.field(description=PIPELINE)
    to: GranteeRef = strawberry.field(description="Who is to have it: an active or invited user, or an active team.")
    level: AccessLevel = strawberry.field(description="How near they may come.")
    until: datetime | None = strawberry.field(default=None, description=_UNTIL)
    expected_revision: int | None = strawberry.field(default=None, description=_REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="The grant that is to be taken away.")
class RevokePipelineAccessInput:
    """What one user or one team was granted."""

    pipeline: PipelineRef = strawberry.field(description=PIPELINE)
    from_: GranteeRef = strawberry.field(name="from", description="Whose grant it is, active or not.")
    expected_revision: int | None = strawberry.field(default=None, description=_REVISION)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="What an access review is to be about; all that is given has to fit.")
class AccessReviewFilter:
    """What is null does not narrow."""

    pipeline_id: ID | None = strawberry.field(default=None, description="The global id of the only pipeline.")
    user_id: ID | None = strawberry.field(default=None, description="The global id of the only user.")
    team_id: ID | None = strawberry.field(
        default=None, description="The global id of a team: only users who are in it, by whatever they come near."
    )
    app_id: ID | None = strawberry.field(default=None, description="The global id of the only API app.")
    level: AccessLevel | None = strawberry.field(default=None, description="Only who has this very level.")
    mode: AccessMode | None = strawberry.field(default=None, description="Only pipelines with this access mode.")


def review_filter(given: AccessReviewFilter | None) -> access.ReviewFilter:
    """As the domain takes it; an id of another kind is one that nothing has (settled choice 17)."""
    if given is None:
        return access.ReviewFilter()
    return access.ReviewFilter(
        pipeline_id=uuid_of(Kind.PIPELINE, given.pipeline_id) if given.pipeline_id is not None else None,
        user_id=uuid_of(Kind.USER, given.user_id) if given.user_id is not None else None,
        team_id=uuid_of(Kind.TEAM, given.team_id) if given.team_id is not None else None,
        app_id=uuid_of(Kind.APP, given.app_id) if given.app_id is not None else None,
        level=Level(given.level.value) if given.level else None,
        mode=given.mode,
    )


def filter_by_texts(given: Mapping[str, str | None]) -> access.ReviewFilter:
    """The filter of an export, whose parameters are called as the members of the input are; BadInput."""
    ids = {
        name: ID(text) for name in ("pipelineId", "userId", "teamId", "appId") if (text := given.get(name)) is not None
    }
    level, mode = given.get("level"), given.get("mode")
    return review_filter(
        AccessReviewFilter(
            pipeline_id=ids.get("pipelineId"),
            user_id=ids.get("userId"),
            team_id=ids.get("teamId"),
            app_id=ids.get("appId"),
            level=None if level is None else _one_of(AccessLevel, level),
            mode=None if mode is None else _one_of(AccessMode, mode),
        )
    )


def _one_of(words: type[Word], text: str) -> Word:
    try:
        return words(text)
    except ValueError:
        known = ", ".join(str(word.value) for word in words)
        raise BadInput(f"{text[:50]!r} is none of {known}.") from None
