"""Reliving: a ticket goes through the steps of its history again and leaves the rows behind that it would have left.

Pure: what it comes to is written by `importing.py`, set by set.
"""

from typing import Any, NamedTuple
from uuid import UUID

from domain.actor import ActorKind
from domain.database.model import Json, new_id
from domain.events.event import EventKind
from domain.imports.history import Snapshot, Step
from domain.imports.requirements import ImportContext, ImportedStage
from domain.tickets import CREATED, Ticket, payload_from
from domain.unit_of_work import Imported

COLUMNS = (
    "pipeline_id",
    "stage_id",
    "rank",
    "key",
    "subject",
    "content",
    "priority",
    "owner_id",
    "team_id",
    "properties",
    "created_at",
    "entered_at",
    "closed_at",
)
_WHERE = ("pipeline_id", "stage_id")
_ASSIGNING = frozenset({"owner_id", "team_id"})
_UNSET: dict[str, Any] = dict.fromkeys(COLUMNS)
_IMPORTED = ActorKind.IMPORTED.value


class Happening(NamedTuple):
    """An event to record, and of which pipelines it is."""

    kind: EventKind
    imported: Imported
    before: Json | None
    after: Json
    pipelines: tuple[UUID | None, UUID | None]


class TicketReplay:
    """A ticket on its way through a history: its columns as they are by now, and the rows that it leaves behind.

    `left` and `reopened` end the visit and the closure that were open before. `placed` tells that it came into a stage
    and needs a rank there, `arrived` that it came into the pipeline and needs a key.
    """

    def __init__(self, ground: ImportContext, ticket: Ticket | None = None) -> None:
        self._ground = ground
        self.new = ticket is None
        self.id = ticket.id if ticket is not None else new_id()
        self.columns: dict[str, Any] = {name: getattr(ticket, name) for name in COLUMNS} if ticket else _UNSET.copy()
        self.visits: list[Json] = []
        self.closures: list[Json] = []
        self.happenings: list[Happening] = []
        self.left: Imported | None = None
        self.reopened: Imported | None = None
        self.placed = self.arrived = False
        self.number = 0
        self.clamped = 0
        self._told: tuple[Snapshot | None, dict[str, Any]] = (None, {})

    def take(self, step: Step, previous: Step | None) -> None:
        """Go through one step; `previous` is the one before it in the history, and only what differs is news."""
        done = Imported(step.at, self._ground.people[step.actor] if step.actor is not None else None)
        entered_at = self.columns["entered_at"]
        if entered_at is None:
            self._begin(step, done)
            return
        if done.at < entered_at:
            done = done._replace(at=entered_at)
            self.clamped += 1
        if previous is None or previous.stage != step.stage:
            self._go(self._ground.stages[step.stage], done)
        self._say(step.says, previous.says if previous is not None else None, done)

    def receive_key(self, number: int) -> None:
        """Take the key of that number in the pipeline that it has come into."""
        self.number, self.columns["key"] = number, f"{self._ground.key_prefix}-{number}"
        if self.new:
            self.happenings[0].after["key"] = self.columns["key"]

    def _begin(self, step: Step, done: Imported) -> None:
        columns = self.columns
        columns.update(self._values(step.says), pipeline_id=self._ground.pipeline_id, created_at=done.at)
        columns["properties"] = _set(columns["properties"])
        self.arrived = True
        self._enter(self._ground.stages[step.stage], done)
        after = payload_from(columns, CREATED)
        self._record(EventKind.TICKET_CREATED, done, None, after, source=None)

    def _go(self, goal: ImportedStage, done: Imported) -> None:
        columns = self.columns
        source, before = columns["pipeline_id"], payload_from(columns, _WHERE)
        if goal.id == columns["stage_id"]:
            return
        columns["pipeline_id"] = self._ground.pipeline_id
        self.arrived = self.arrived or source != columns["pipeline_id"]
        if self.visits:
            self.visits[-1].update(left_at=done.at, left_by_kind=_IMPORTED, left_by=done.by)
        else:
            self.left = done
        closed = self._enter(goal, done)
        after = payload_from(columns, _WHERE)
        self._record(EventKind.TICKET_MOVED, done, before, after, source=source)
        if closed is not None:
            kind = EventKind.TICKET_CLOSED if closed else EventKind.TICKET_REOPENED
            self._record(kind, done, None, payload_from(columns, ["stage_id"]), source=source)

    def _enter(self, goal: ImportedStage, done: Imported) -> bool | None:
        """Begin a visit; True when that closed the ticket, False when it reopened it, else None."""
        columns = self.columns
        columns["stage_id"], columns["entered_at"] = goal.id, done.at
        self.placed = True
        self.visits.append(_visit(columns, done))
        if goal.closed == (columns["closed_at"] is not None):
            return None
        columns["closed_at"] = done.at if goal.closed else None
        if goal.closed:
            self.closures.append({"closed_at": done.at, "closed_by": done.by, "reopened_at": None, "reopened_by": None})
        elif self.closures:
            self.closures[-1].update(reopened_at=done.at, reopened_by=done.by)
        else:
            self.reopened = done
        return goal.closed

    def _say(self, says: Snapshot, said: Snapshot | None, done: Imported) -> None:
        """Take over what the source says now and did not say before."""
        if says == said:
            return
        columns, old = self.columns, self._values(said) if said is not None else {}
        news = {name: value for name, value in self._values(says).items() if name not in old or old[name] != value}
        if "properties" in news:
            told = old.get("properties", {})
            own = {name: value for name, value in news["properties"].items() if name not in told or told[name] != value}
            news["properties"] = _set({**columns["properties"], **own})
        differing = {name: value for name, value in news.items() if columns[name] != value}
        for kind, names in (
            (EventKind.TICKET_ASSIGNED, differing.keys() & _ASSIGNING),
            (EventKind.TICKET_UPDATED, differing.keys() - _ASSIGNING),
        ):
            if names:
                before, after = payload_from(columns, sorted(names)), payload_from(differing, sorted(names))
                self._record(kind, done, before, after, source=columns["pipeline_id"])
        columns.update(differing)

    def _values(self, says: Snapshot) -> dict[str, Any]:
        """A snapshot as columns; the last one is remembered, since the next step is compared with it."""
        if self._told[0] is not says:
            ground = self._ground
            values = {
                "subject": says.subject,
                "content": says.content,
                "priority": says.priority.value if says.priority is not None else None,
                "owner_id": ground.people[says.owner] if says.owner is not None else None,
                "team_id": ground.teams[says.team] if says.team is not None else None,
                "properties": dict(zip(ground.properties, says.properties, strict=True)),
            }
            self._told = (says, values)
        return self._told[1]

    def _record(
        self, kind: EventKind, done: Imported, before: Json | None, after: Json, *, source: UUID | None
    ) -> None:
        self.happenings.append(Happening(kind, done, before, after, (source, self.columns["pipeline_id"])))


def _visit(columns: Json, done: Imported) -> Json:
    return {
        "pipeline_id": columns["pipeline_id"],
        "stage_id": columns["stage_id"],
        "entered_at": done.at,
        "entered_by_kind": _IMPORTED,
        "entered_by": done.by,
        "left_at": None,
        "left_by_kind": None,
        "left_by": None,
    }


def _set(values: Json) -> Json:
    return {name: value for name, value in values.items() if value is not None}
