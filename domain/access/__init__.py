"""Access: the mode and grants of each pipeline, what an actor sees by them, and why; and the review of it all."""

from domain.access.access_change import MOST_GRANTS
from domain.access.access_review import ReviewCursor, ReviewRow, read_review
from domain.access.access_rows import find_access, find_grants, open_to_everyone
from domain.access.effective_access import AccessSource, ReviewFilter
from domain.access.explain_access import Explanation, Facts, GrantFact, HeldRole, Step, StepKind, TicketSight, explain
from domain.access.explanation_facts import find_facts
from domain.access.grant_pipeline_access import grant_pipeline_access
from domain.access.pipeline_access import AccessMode, Grantee, PipelineAccess, PipelineGrant
from domain.access.restrictions import AccessState, is_restriction
from domain.access.revoke_pipeline_access import revoke_pipeline_access
from domain.access.set_pipeline_access import set_pipeline_access
from domain.access.visibility import editable, in_scope, level_of, visible_pipelines

__all__ = [
    "MOST_GRANTS",
    "AccessMode",
    "AccessSource",
    "AccessState",
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
    "Step",
    "StepKind",
    "TicketSight",
    "editable",
    "explain",
    "find_access",
    "find_facts",
    "find_grants",
    "grant_pipeline_access",
    "in_scope",
    "is_restriction",
    "level_of",
    "open_to_everyone",
    "read_review",
    "revoke_pipeline_access",
    "set_pipeline_access",
    "visible_pipelines",
]
