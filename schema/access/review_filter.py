"""The filter of an access review, from the API and from an export's parameters."""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

import strawberry
from strawberry import ID

from domain import access
from policies import Level
from schema.access.types import AccessLevel
from schema.enums import AccessMode
from schema.errors import BadInput
from schema.ids import Kind, optional_uuid

Word = TypeVar("Word", bound=Enum)


@strawberry.input(description="Filters an access review; a row has to match all fields that are given.")
class AccessReviewFilter:
    """A null field does not filter."""

    pipeline_id: ID | None = strawberry.field(default=None, description="The global id of a pipeline.")
    user_id: ID | None = strawberry.field(default=None, description="The global id of a user.")
    team_id: ID | None = strawberry.field(
        default=None, description="The global id of a team: only its members, however they have access."
    )
    app_id: ID | None = strawberry.field(default=None, description="The global id of an API app.")
    level: AccessLevel | None = strawberry.field(default=None, description="Only rows with exactly this level.")
    mode: AccessMode | None = strawberry.field(default=None, description="Only pipelines with this access mode.")


def review_filter(given: AccessReviewFilter | None) -> access.ReviewFilter:
    """The filter as the domain takes it; an id of another kind matches nothing (settled choice 17)."""
    if given is None:
        return access.ReviewFilter()
    return access.ReviewFilter(
        pipeline_id=optional_uuid(Kind.PIPELINE, given.pipeline_id),
        user_id=optional_uuid(Kind.USER, given.user_id),
        team_id=optional_uuid(Kind.TEAM, given.team_id),
        app_id=optional_uuid(Kind.APP, given.app_id),
        level=Level(given.level.value) if given.level else None,
        mode=given.mode,
    )


def filter_by_texts(given: Mapping[str, str | None]) -> access.ReviewFilter:
    """The filter from an export's parameters, which are named as the fields of the input. BadInput for other values."""
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
        raise BadInput(f"{text[:50]!r} is not one of {known}.") from None
