"""Access: the mode and grants of each pipeline, and what an actor sees by them."""

from domain.access.granting import (
    MOST_GRANTS,
    Grantee,
    find_access,
    find_grants,
    open_to_everyone,
    set_pipeline_access,
)
from domain.access.pipeline_access import AccessMode, PipelineAccess, PipelineGrant
from domain.access.seeing import editable, in_scope, level_of, visible_pipelines

__all__ = [
    "MOST_GRANTS",
    "AccessMode",
    "Grantee",
    "PipelineAccess",
    "PipelineGrant",
    "editable",
    "find_access",
    "find_grants",
    "in_scope",
    "level_of",
    "open_to_everyone",
    "set_pipeline_access",
    "visible_pipelines",
]
