"""What the mutations of access answer."""

import strawberry

from schema.pipelines.payloads import OnePipeline


@strawberry.type(description="The pipeline whose access was set.")
class SetPipelineAccessPayload(OnePipeline):
    """Answer of setPipelineAccess."""


@strawberry.type(description="The pipeline on which a level was granted.")
class GrantPipelineAccessPayload(OnePipeline):
    """Answer of grantPipelineAccess."""


@strawberry.type(description="The pipeline on which a grant was taken away.")
class RevokePipelineAccessPayload(OnePipeline):
    """Answer of revokePipelineAccess."""
