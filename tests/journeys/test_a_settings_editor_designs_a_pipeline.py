"""A settings editor makes a pipeline out of nothing, changes it until it fits, and takes it away again."""

from typing import Any

from tests.journeys.people import AMY, SAM, Hall
from tests.support.client import Client

SHOWN = "pipeline { id internalName label isDefault stages { id internalName label state } card { name } }"
PIPELINES = "{ pipelines { id label } }"


async def change(client: Client, field: str, **input: Any) -> dict[str, Any]:
    """The pipeline after a mutation that is not declined."""
    done = await client.do(field, SHOWN, **input)
    assert done["userErrors"] == []
    pipeline: dict[str, Any] = done["pipeline"]
    return pipeline


def stages(pipeline: dict[str, Any]) -> list[tuple[str, str]]:
    """Labels and states of a pipeline's stages, in order."""
    return [(stage["label"], stage["state"]) for stage in pipeline["stages"]]


async def test_a_settings_editor_designs_a_pipeline(hall: Hall) -> None:
    sam, amy = await hall.sign_in(SAM), await hall.sign_in(AMY)
    made = await change(sam, "createPipeline", label="Returns")
    ref, named = {"id": made["id"]}, {stage["internalName"]: {"id": stage["id"]} for stage in made["stages"]}

    await change(sam, "renamePipeline", pipeline=ref, label="Returns and repairs")
    await change(
        sam, "addStage", pipeline=ref, label="In the workshop", state="OPEN", place={"after": named["new"]["id"]}
    )
    await change(sam, "updateStage", stage=named["waiting_on_contact"], label="With the customer")
    added = await change(sam, "addStage", pipeline=ref, label="Scrapped", state="CLOSED")
    flipped = await change(sam, "updateStage", stage=named["closed"], state="OPEN")
    last = await sam.refused("updateStage", stage={"id": added["stages"][-1]["id"]}, state="OPEN")
    shrunk = await change(sam, "deleteStage", stage=named["waiting_on_us"])
    order = [{"internalName": stage["internalName"]} for stage in reversed(shrunk["stages"])]
    turned = await change(sam, "reorderStages", pipeline=ref, order=order)
    shown = await change(sam, "setPipelineCard", pipeline=ref, properties=["subject", "priority"])
    forbidden = await amy.refused("renamePipeline", pipeline=ref, label="Mine")

    assert stages(made) == [
        ("New", "OPEN"),
        ("Waiting on contact", "OPEN"),
        ("Waiting on us", "OPEN"),
        ("Closed", "CLOSED"),
    ]
    assert flipped["stages"][-2]["internalName"] == "closed"
    assert (last["code"], forbidden["code"]) == ("STATE_MISSING", "NOT_PERMITTED")
    assert stages(turned) == [
        ("Scrapped", "CLOSED"),
        ("Closed", "OPEN"),
        ("With the customer", "OPEN"),
        ("In the workshop", "OPEN"),
        ("New", "OPEN"),
    ]
    assert (shown["label"], shown["internalName"]) == ("Returns and repairs", made["internalName"])
    assert shown["card"] == [{"name": "subject"}, {"name": "priority"}]


async def test_pipelines_are_put_in_order_as_a_whole_or_not_at_all(hall: Hall) -> None:
    sam = await hall.sign_in(SAM)
    seen = [{"id": each["id"]} for each in (await sam.run(PIPELINES))["pipelines"]]
    turned = list(reversed(seen))

    incomplete = await sam.refused("reorderPipelines", order=turned[1:])
    done = await sam.do("reorderPipelines", "pipelines { id }", order=turned, expectedOrder=seen)
    stale = await sam.refused("reorderPipelines", order=seen, expectedOrder=seen)

    assert (incomplete["code"], stale["code"]) == ("STALE_ORDER", "STALE_ORDER")
    assert done["pipelines"] == turned
    assert (await sam.run(PIPELINES))["pipelines"][0]["id"] == turned[0]["id"]


async def test_a_pipeline_goes_only_when_nothing_is_left_in_it(hall: Hall) -> None:
    sam, amy = await hall.sign_in(SAM), await hall.sign_in(AMY)
    ref = {"id": (await change(sam, "createPipeline", label="Fair of spring"))["id"]}
    done = await amy.do("createTicket", "ticket { id }", subject="Where is the stand?", pipeline=ref)

    guarded = await sam.refused("deletePipeline", pipeline=ref)
    await amy.do("deleteTicket", "deletedTicketId", ticketId=done["ticket"]["id"])
    gone = await sam.do("deletePipeline", "deletedPipelineId", pipeline=ref)

    assert (guarded["code"], guarded["tickets"]) == ("NOT_EMPTY", 1)
    assert gone == {"deletedPipelineId": ref["id"], "userErrors": []}
    assert "Fair of spring" not in [each["label"] for each in (await amy.run(PIPELINES))["pipelines"]]
