"""PostGraphile is asked in its own words: documents for the schema that it generates from the tables, and its answers
brought into the form of ours.
"""

from typing import Any

from bench.operations import Ask, body, plain_ids

_CARD = """rowId key subject priority createdAt enteredAt closedAt revision
  owner: accountUserByAccountIdAndOwnerId { rowId name }"""
_CARDS = "condition: {archivedAt: null}, orderBy: [RANK_ASC, ROW_ID_ASC]"
_BOARD = f"""query ($pipeline: UUID!) {{
  allStages(condition: {{pipelineId: $pipeline}}, orderBy: [POSITION_ASC]) {{ nodes {{ rowId label COUNTED
    cards(first: 50, {_CARDS}) {{ TOTAL edges {{ cursor node {{ {_CARD} }} }} }} }} }}
}}"""
_KEPT = "counted: stageCountsByAccountIdAndStageId { nodes { change } }"
_DOCUMENTS = {
    "list": f"""query ($stage: UUID!) {{ allStages(condition: {{rowId: $stage}}) {{ nodes {{
      cards(first: 500, {_CARDS}) {{ edges {{ cursor node {{ {_CARD} }} }} }} }} }} }}""",
    "ticket": f"""query ($ticket: UUID!) {{ allTickets(condition: {{rowId: $ticket, archivedAt: null}}) {{ nodes {{
      {_CARD} content team: teamByAccountIdAndTeamId {{ rowId name }}
      stage {{ rowId label pipeline: pipelineByAccountIdAndPipelineId {{ rowId label }} }} }} }} }}""",
    "move": """mutation ($ticket: UUID!, $stage: UUID!) {
      benchApiMoveTicket(input: {ticketId: $ticket, stageId: $stage}) { result { rowId revision stageId } } }""",
}
_RENAMED = {"rowId": "id", "enteredAt": "enteredStageAt"}


def asked(ask: Ask) -> tuple[str, bytes]:
    """Path and body of a request. Whoever sees all tickets is told the kept count; for others it counts."""
    if ask.document == "board":
        counted, total = ("", "totalCount") if ask.scoped else (_KEPT, "")
        document = _BOARD.replace("COUNTED", counted).replace("TOTAL", total)
    else:
        document = _DOCUMENTS[ask.document]
    return "/graphql", body(document, plain_ids(ask.variables))


def formed(document: str, answer: Any) -> Any:
    """The answer as ours would be."""
    data = answer.get("data") or {}
    if document == "board":
        return {"data": {"board": {"stages": [_column(stage) for stage in data["allStages"]["nodes"]]}}}
    if document == "list":
        cards = data["allStages"]["nodes"][0]["cards"]
        return {"data": {"stageCards": {"edges": [_edge(edge) for edge in cards["edges"]]}}}
    if document == "ticket":
        (found,) = data["allTickets"]["nodes"]
        stage = found.pop("stage")
        pipeline = stage.pop("pipeline")
        return {"data": {"ticket": _node(found) | {"stage": _node(stage), "pipeline": _node(pipeline)}}}
    moved = data["benchApiMoveTicket"]["result"]
    ticket = {"id": moved["rowId"], "revision": int(moved["revision"]), "stage": {"id": moved["stageId"]}}
    return {"data": {"moveTicket": {"ticket": ticket, "userErrors": []}}}


def _column(stage: Any) -> Any:
    cards = stage["cards"]
    kept = sum(int(each["change"]) for each in stage.get("counted", {}).get("nodes", ()))
    edges = [_edge(edge) for edge in cards["edges"]]
    return {
        "stage": {"id": stage["rowId"], "label": stage["label"]},
        "totalCount": cards.get("totalCount", kept),
        "cards": {"edges": edges},
    }


def _edge(edge: Any) -> Any:
    return {"cursor": edge["cursor"], "node": _node(edge["node"])}


def _node(row: Any) -> Any:
    named = {
        _RENAMED.get(name, name): _node(value) if isinstance(value, dict) else value for name, value in row.items()
    }
    return named | {"revision": int(named["revision"])} if "revision" in named else named
