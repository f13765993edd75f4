"""A super admin walls a pipeline off: the next request of the others knows nothing of it, whatever the plan becomes."""

from typing import Any

from tests.journeys.people import ADA, AMY, BEN, VIC, Hall
from tests.support.client import Client

SIGHT = """query ($pipeline: ID!, $ticket: ID!, $key: String!) {
  pipelines { id } board(pipeline: {id: $pipeline}) { pipeline { id } } pipeline(id: $pipeline) { id }
  ticket(id: $ticket) { id } byKey: ticket(key: $key) { id } nodes(ids: [$pipeline, $ticket]) { id } }"""
ABLE = """query ($pipeline: ID!) { pipeline(id: $pipeline) { label access { mode }
  viewerCan { createTicket { allowed } manageAccess { allowed code } } } }"""


class Vault:
    """A pipeline with one ticket in it, and who sees it."""

    def __init__(self, pipeline: str, ticket: str, key: str) -> None:
        self.ref = {"id": pipeline}
        self.ticket = ticket
        self._key = key

    async def sight(self, client: Client) -> set[bool]:
        """For each way to come by it, whether the client does."""
        data = await client.run(SIGHT, pipeline=self.ref["id"], ticket=self.ticket, key=self._key)
        listed = any(each == self.ref for each in data["pipelines"])
        single = [data[name] is not None for name in ("board", "pipeline", "ticket", "byKey")]
        return {listed, *single, *[node is not None for node in data["nodes"]]}

    async def restrict(self, client: Client, mode: str, *grants: Any) -> dict[str, Any]:
        """What setting the access comes to."""
        return await client.do(
            "setPipelineAccess", "pipeline { id }", pipeline=self.ref, mode=mode, grants=list(grants)
        )


async def make_vault(ada: Client, label: str) -> Vault:
    """A pipeline that everybody sees, with one ticket."""
    made = await ada.do("createPipeline", "pipeline { id }", label=label)
    done = await ada.do("createTicket", "ticket { id key }", subject="A secret", pipeline=made["pipeline"])
    return Vault(made["pipeline"]["id"], done["ticket"]["id"], done["ticket"]["key"])


async def test_a_restricted_pipeline_is_gone_for_the_others_on_their_next_request(hall: Hall) -> None:
    ada, amy, ben, vic = [await hall.sign_in(email) for email in (ADA, AMY, BEN, VIC)]
    vault = await make_vault(ada, "Complaints about us")
    seen_before = [await vault.sight(client) for client in (ada, amy, ben, vic)]
    people = {each["name"]: each["id"] for each in (await ada.run("{ users { id name } }"))["users"]}

    view, edit = [
        {"to": {"userId": people[name]}, "level": level}
        for name, level in (("Ben Costa", "VIEW"), ("Amy de Boer", "EDIT"))
    ]
    await vault.restrict(ada, "RESTRICTED", view, edit)
    seen = [await vault.sight(client) for client in (ada, amy, ben, vic)]
    written = await amy.do("updateTicket", "ticket { id }", ticketId=vault.ticket, subject="A known secret")
    read_only = await ben.refused("updateTicket", ticketId=vault.ticket, subject="Mine")
    hidden = await vic.refused("updateTicket", ticketId=vault.ticket, subject="Mine")
    await vault.restrict(ada, "PRIVATE")
    seen_in_private = [await vault.sight(client) for client in (ada, amy, ben, vic)]

    assert seen_before == [{True}] * 4
    assert seen == [{True}, {True}, {True}, {False}]
    assert written["userErrors"] == []
    assert (read_only["code"], hidden["code"]) == ("NOT_PERMITTED", "NOT_FOUND")
    assert seen_in_private == [{True}, {False}, {False}, {False}]


async def test_a_lower_plan_opens_nothing_and_lets_nobody_give_access_but_lift_it(hall: Hall) -> None:
    ada, ben, vic = [await hall.sign_in(email) for email in (ADA, BEN, VIC)]
    vault = await make_vault(ada, "Board of directors")
    people = {each["name"]: each["id"] for each in (await ada.run("{ users { id name } }"))["users"]}
    await vault.restrict(ada, "RESTRICTED", {"to": {"userId": people["Ben Costa"]}, "level": "VIEW"})

    hall.site.command("plan", "STARTER", "--account", "demo")
    try:
        more = {"to": {"userId": people["Ben Costa"]}, "level": "EDIT"}
        refused = (await vault.restrict(ada, "RESTRICTED", more))["userErrors"][0]
        not_hers = await ben.refused("setPipelineAccess", pipeline=vault.ref, mode="EVERYONE")
        able = (await ada.run(ABLE, pipeline=vault.ref["id"]))["pipeline"]["viewerCan"]["manageAccess"]
        seen = [await vault.sight(client) for client in (ada, ben, vic)]
        read_only = await ben.refused("updateTicket", ticketId=vault.ticket, subject="Mine")
        lifted = await vault.restrict(ada, "EVERYONE")
    finally:
        hall.site.command("plan", "ENTERPRISE", "--account", "demo")

    assert (refused["code"], refused["needed"], refused["current"]) == ("PLAN_TOO_LOW", "PROFESSIONAL", "STARTER")
    assert not_hers["code"] == "NOT_PERMITTED"
    assert able == {"allowed": False, "code": "PLAN_TOO_LOW"}
    assert seen == [{True}, {True}, {False}]
    assert read_only["code"] == "NOT_PERMITTED"
    assert lifted["userErrors"] == []
    assert await vault.sight(vic) == {True}
