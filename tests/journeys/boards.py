"""Boards as journeys look at them: the subjects of the cards by stage, and the ids to do something with."""

from typing import Any

from tests.support.client import Client

BOARD = """query ($pipeline: PipelineRef, $first: Int!) { board(pipeline: $pipeline, first: $first) {
  pipeline { id label revision }
  stages { stage { id internalName label state } totalCount
           cards { nodes { id key subject revision } pageInfo { hasNextPage endCursor } } } } }"""


STAGES = "{ pipelines { isDefault stages { id internalName } } }"


async def default_stages(client: Client) -> dict[str, str]:
    """The internal names of the default pipeline's stages by their ids."""
    found = (await client.run(STAGES))["pipelines"]
    return {stage["id"]: stage["internalName"] for each in found if each["isDefault"] for stage in each["stages"]}


async def board(client: Client, pipeline: str | None = None) -> list[dict[str, Any]]:
    """The stages of a pipeline's board, named by its internal name or the default one; counts are as many as cards."""
    ref = {"internalName": pipeline} if pipeline else None
    data = await client.run(BOARD, pipeline=ref, first=500)
    stages: list[dict[str, Any]] = data["board"]["stages"]
    assert all(stage["totalCount"] == len(stage["cards"]["nodes"]) for stage in stages)
    return stages


async def subjects(client: Client, stage: str, pipeline: str | None = None) -> list[str]:
    """The subjects of one stage's cards, in order."""
    (found,) = [each for each in await board(client, pipeline) if each["stage"]["internalName"] == stage]
    return [card["subject"] for card in found["cards"]["nodes"]]
