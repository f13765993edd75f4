"""Statements that return rows, and the plain Python that makes an answer of them: two statements, then orjson."""

import base64
from collections.abc import Sequence
from typing import Any

import asyncpg
import orjson

from bench.peers.hand.fragments import seen, standing, total

Row = asyncpg.Record
_CARD = "t.id, t.rank, t.key, t.subject, t.priority, t.created_at, t.entered_at, t.closed_at, t.revision, t.owner_id"
OWNERS = "SELECT id, name FROM account_user WHERE account_id = $1 AND id = ANY ($2::uuid[])"


def board(*, scoped: bool) -> str:
    """One row for each card, or for a stage without cards."""
    stands = standing(scoped=scoped)
    return f"""
    SELECT s.id AS stage_id, s.label, s.rank_epoch, counted.total, {_CARD}
      FROM stage AS s
     CROSS JOIN LATERAL {total(scoped=scoped)} AS counted
      LEFT JOIN LATERAL (SELECT * FROM ticket AS t WHERE t.stage_id = s.id AND {stands}
                          ORDER BY t.rank, t.id LIMIT 50) AS t ON true
     WHERE s.account_id = $1 AND s.pipeline_id = $2{seen("s.pipeline_id", scoped=scoped)}
     ORDER BY s.position, t.rank, t.id"""


def cards(*, scoped: bool) -> str:
    """One row for each of the first 500 cards of a stage."""
    return f"""
    SELECT s.rank_epoch, {_CARD}
      FROM stage AS s
      JOIN LATERAL (SELECT * FROM ticket AS t WHERE t.stage_id = s.id AND {standing(scoped=scoped)}
                     ORDER BY t.rank, t.id LIMIT 500) AS t ON true
     WHERE s.account_id = $1 AND s.id = $2{seen("s.pipeline_id", scoped=scoped)}
     ORDER BY t.rank, t.id"""


def ticket(*, scoped: bool) -> str:
    """One row with all that is shown of a ticket."""
    return f"""
    SELECT {_CARD}, t.content, t.team_id, g.name AS team, u.name AS owner, s.id AS stage_id, s.label, p.id AS pipeline_id,
           p.label AS pipeline
      FROM ticket AS t
      JOIN stage AS s ON s.account_id = $1 AND s.id = t.stage_id
      JOIN pipeline AS p ON p.account_id = $1 AND p.id = t.pipeline_id
      LEFT JOIN team AS g ON g.account_id = $1 AND g.id = t.team_id
      LEFT JOIN account_user AS u ON u.account_id = $1 AND u.id = t.owner_id
     WHERE t.id = $2 AND {standing(scoped=scoped)}{seen("t.pipeline_id", scoped=scoped)}"""


def board_answer(rows: Sequence[Row], names: dict[Any, str]) -> bytes:
    """The answer to a board query."""
    owners = _owners(names)
    stages: dict[Any, dict[str, Any]] = {}
    for row in rows:
        stage = stages.get(row["stage_id"])
        if stage is None:
            shown = {"id": gid("Stage", row["stage_id"]), "label": row["label"]}
            stage = stages[row["stage_id"]] = {"stage": shown, "totalCount": row["total"], "cards": {"edges": []}}
        if row["id"] is not None:
            stage["cards"]["edges"].append(_edge(row, owners))
    return orjson.dumps({"data": {"board": {"stages": list(stages.values())}}})


def cards_answer(rows: Sequence[Row], names: dict[Any, str]) -> bytes:
    """The answer to a query for the cards of a stage."""
    owners = _owners(names)
    return orjson.dumps({"data": {"stageCards": {"edges": [_edge(row, owners) for row in rows]}}})


def ticket_answer(row: Row | None) -> bytes:
    """The answer to a query for a ticket."""
    if row is None:
        return b'{"data":{"ticket":null}}'
    node = _node(row, _owners({row["owner_id"]: row["owner"]}) if row["owner_id"] else {})
    node["content"] = row["content"]
    node["team"] = {"id": gid("Team", row["team_id"]), "name": row["team"]} if row["team_id"] else None
    node["stage"] = {"id": gid("Stage", row["stage_id"]), "label": row["label"]}
    node["pipeline"] = {"id": gid("Pipeline", row["pipeline_id"]), "label": row["pipeline"]}
    return orjson.dumps({"data": {"ticket": node}})


def gid(kind: str, id: Any) -> str:
    """A global id as the product writes it."""
    return base64.urlsafe_b64encode(f"{kind}:{id.hex}".encode()).decode().rstrip("=")


def _owners(names: dict[Any, str]) -> dict[Any, dict[str, str]]:
    return {id: {"id": gid("User", id), "name": name} for id, name in names.items()}


def _edge(row: Row, owners: dict[Any, Any]) -> dict[str, Any]:
    place = f"{row['rank_epoch']}:{row['rank']}:{row['id'].hex}"
    return {"cursor": base64.b64encode(place.encode()).decode(), "node": _node(row, owners)}


def _node(row: Row, owners: dict[Any, Any]) -> dict[str, Any]:
    return {
        "id": gid("Ticket", row["id"]),
        "key": row["key"],
        "subject": row["subject"],
        "priority": row["priority"],
        "createdAt": row["created_at"],
        "enteredStageAt": row["entered_at"],
        "closedAt": row["closed_at"],
        "revision": row["revision"],
        "owner": owners.get(row["owner_id"]),
    }
