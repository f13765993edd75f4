"""What is measured: operations as the product is asked, and the answers brought to one form to be compared.

Peers with a hand-written schema are asked the very same documents, with plain UUIDs where the product has global ids.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from bench.data.ground import Ground
from schema.ids import Kind, global_id

_CARD = "id key subject priority createdAt enteredStageAt closedAt revision owner { id name }"
BOARD = f"""query ($pipeline: ID!) {{
  board(pipeline: {{id: $pipeline}}, first: 50) {{
    stages {{ stage {{ id label }} totalCount cards {{ edges {{ cursor node {{ {_CARD} }} }} }} }}
  }}
}}"""
LIST = f"query ($stage: ID!) {{ stageCards(stageId: $stage, first: 500) {{ edges {{ cursor node {{ {_CARD} }} }} }} }}"
TICKET = f"""query ($ticket: ID!) {{
  ticket(id: $ticket) {{ {_CARD} content team {{ id name }} stage {{ id label }} pipeline {{ id label }} }}
}}"""
MOVE = """mutation ($ticket: ID!, $stage: ID!) {
  moveTicket(input: {ticketId: $ticket, stage: {id: $stage}}) {
    ticket { id revision stage { id } } userErrors { message } }
}"""

Variables = Mapping[str, tuple[Kind, UUID]]
_TIMES = {"createdAt", "enteredStageAt", "closedAt"}
_MIXED = "ttbtttlttbmttbttttbm"  # of twenty: 13 tickets, 4 boards, 1 list, 2 moves


class Ask(NamedTuple):
    """One request: which of the documents, with which variables."""

    document: str
    variables: Variables
    scoped: bool = False  # whether whoever asks sees only some tickets


class Operation(NamedTuple):
    """What is sent in turn, as whom; `look` is whether each answer is looked at for errors."""

    name: str
    asks: Sequence[Ask]
    as_agent: bool = False
    look: bool = False
    writes: bool = False


DOCUMENTS = {"board": BOARD, "list": LIST, "ticket": TICKET, "move": MOVE}
NAMES = ("board", "agent-board", "ticket", "list", "move", "mixed")


def operations(ground: Ground) -> dict[str, Operation]:
    """All operations of an account, by name."""
    board = [Ask("board", {"pipeline": (Kind.PIPELINE, ground.pipeline)})]
    cards = [Ask("list", {"stage": (Kind.STAGE, ground.stages[0])})]
    tickets = [Ask("ticket", {"ticket": (Kind.TICKET, ticket)}) for ticket, _ in ground.tickets]
    moves = _moves(ground)
    found = (
        Operation("board", board),
        Operation("agent-board", [ask._replace(scoped=True) for ask in board], as_agent=True),
        Operation("ticket", tickets, look=True),
        Operation("list", cards),
        Operation("move", moves, look=True, writes=True),
        Operation("mixed", _mixed(board, cards, tickets, moves), look=True, writes=True),
    )
    return {operation.name: operation for operation in found}


def _moves(ground: Ground) -> list[Ask]:
    """Each ticket to the stage after the one it is in, then each back again."""
    following = dict(zip(ground.stages, ground.stages[1:] + ground.stages[:1], strict=True))
    there = [_move(ticket, following[stage]) for ticket, stage in ground.tickets]
    return there + [_move(ticket, stage) for ticket, stage in ground.tickets]


def _move(ticket: UUID, stage: UUID) -> Ask:
    return Ask("move", {"ticket": (Kind.TICKET, ticket), "stage": (Kind.STAGE, stage)})


def _mixed(*kinds: Sequence[Ask]) -> list[Ask]:
    by_letter = dict(zip("bltm", kinds, strict=True))
    turns = len(kinds[3]) // _MIXED.count("m")
    places = dict.fromkeys(by_letter, 0)
    asks = []
    for letter in _MIXED * turns:
        among = by_letter[letter]
        asks.append(among[places[letter] % len(among)])
        places[letter] += 1
    return asks


def body(document: str, variables: Mapping[str, str]) -> bytes:
    """The body of a request."""
    return json.dumps({"query": " ".join(document.split()), "variables": variables}, separators=(",", ":")).encode()


def global_ids(variables: Variables) -> dict[str, str]:
    """Variables as the product takes them."""
    return {name: global_id(kind, id) for name, (kind, id) in variables.items()}


def plain_ids(variables: Variables) -> dict[str, str]:
    """Variables as a peer takes them that knows no global ids."""
    return {name: str(id) for name, (_, id) in variables.items()}


def same_form(answer: Any, key: str = "") -> Any:
    """An answer of which only the content is left: ids as UUIDs, times as times, cursors as being there."""
    if isinstance(answer, dict):
        return {name: same_form(value, name) for name, value in answer.items()}
    if isinstance(answer, list):
        return [same_form(each) for each in answer]
    if key == "cursor":
        return bool(answer)
    if answer is None or not isinstance(answer, str):
        return answer
    if key == "id":
        return _id(answer)
    return datetime.fromisoformat(answer) if key in _TIMES else answer


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(hex=base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).partition(b":")[2].decode())
