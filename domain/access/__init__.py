"""Access: the mode and grants of each pipeline, what an actor sees by them, and why; and the review of it all."""

from domain.access.changing import MOST_GRANTS
from domain.access.explaining import (
    Explanation,
    Facts,
    GrantFact,
    HeldRole,
    Step,
    StepKind,
    TicketSight,
    explain,
)
from domain.access.granting import grant_pipeline_access, revoke_pipeline_access, set_pipeline_access
from domain.access.investigating import find_facts
from domain.access.pipeline_access import AccessMode, Grantee, PipelineAccess, PipelineGrant
from domain.access.reaching import ReviewFilter, Why
from domain.access.reducing import Standing, only_reduces
from domain.access.reviewing import ReviewCursor, ReviewRow, read_review
from domain.access.seeing import editable, in_scope, level_of, visible_pipelines
from domain.access.standing import find_access, find_grants, open_to_everyone

__all__ = [
    "MOST_GRANTS",
    "AccessMode",
    "Explanation",
    "Facts",
    "GrantFact",
    "Grantee",
    "HeldRole",
    "PipelineAccess",
    "PipelineGrant",
    "ReviewCursor",
    "ReviewFilter",
    "ReviewRow",
    "Standing",
    "Step",
    "StepKind",
    "TicketSight",
    "Why",
    "editable",
    "explain",
    "find_access",
    "find_facts",
    "find_grants",
    "grant_pipeline_access",
    "in_scope",
    "level_of",
    "only_reduces",
    "open_to_everyone",
    "read_review",
    "revoke_pipeline_access",
    "set_pipeline_access",
    "visible_pipelines",
]
