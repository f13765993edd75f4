"""The history of one ticket as another system tells it: rows in their order, kept as the steps that changed something.

Names of stages and people are those of the source; `reliving.py` makes a ticket's life of them. Nothing here touches
the database, and what is kept is small: a digest a row and a step a change.
"""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import takewhile
from typing import NamedTuple

from domain import properties
from domain.errors import Invalid
from domain.labels import LONGEST_LABEL, clean_label
from domain.tickets import Priority, check_content, clean_subject

_DIGEST = 8  # bytes
_UNSEEN = ("Cc", "Cf")  # categories: control characters, and those without width


class Snapshot(NamedTuple):
    """What the source says of a ticket after a row; `properties` stand in the order of the import's own."""

    subject: str
    content: str = ""
    priority: Priority | None = None
    owner: str | None = None
    team: str | None = None
    properties: tuple[str | None, ...] = ()


class Step(NamedTuple):
    """A row that changed something: which one it is, and where and how it left the ticket."""

    row: int
    at: datetime
    stage: str
    actor: str | None
    says: Snapshot


class History:
    """All the rows of one ticket, known in its source by `number`.

    `backwards` are the rows whose time was before that of the row above, and which are taken to have happened then.
    """

    __slots__ = ("_digests", "_latest", "backwards", "number", "steps")

    def __init__(self, number: str) -> None:
        self.number = clean_label(number, field=("number",))
        self.steps: list[Step] = []
        self.backwards: tuple[int, ...] = ()
        self._digests = bytearray()
        self._latest: datetime | None = None

    def __len__(self) -> int:
        return len(self._digests) // _DIGEST

    @property
    def digests(self) -> bytes:
        """By which the rows are known again, one after the other."""
        return bytes(self._digests)

    @property
    def entered_at(self) -> datetime:
        """When the last stage was entered."""
        stay = takewhile(lambda step: step.stage == self.steps[-1].stage, reversed(self.steps))
        return min(step.at for step in stay)

    def add(self, at: datetime, stage: str, says: Snapshot, *, actor: str | None = None, mark: str) -> None:
        """Take the next row; `mark` is what it is known again by.

        Declines empty, invisible and overlong names, and subjects, descriptions and values that are too long, with
        Invalid, and is unchanged then.
        """
        last = self.steps[-1] if self.steps else None
        if last is None or last.stage != stage or last.says != says:
            if _is_blank(stage):
                raise Invalid("The stage has no visible character.", field=("stage",))
            clean_label(stage, field=("stage",))
            self.steps.append(Step(len(self), self._not_before(at), stage, actor, _checked(says, actor)))
        if self._latest is not None and at < self._latest:
            self.backwards += (len(self),)
        self._latest = self._not_before(at)
        self._digests += hashlib.blake2b(mark.encode(), digest_size=_DIGEST).digest()

    def unseen(self, seen: bytes) -> "Unseen":
        """Which rows are not among those with these digests; of equal rows the first are the ones seen before."""
        left = Counter(_cut(seen))
        rows: list[int] = []
        last_seen = -1
        for row, digest in enumerate(_cut(self._digests)):
            if left[digest]:
                left[digest] -= 1
                last_seen = row
            else:
                rows.append(row)
        fresh = b"".join(bytes(self._digests[row * _DIGEST : (row + 1) * _DIGEST]) for row in rows)
        return Unseen(frozenset(row for row in rows if row > last_seen), sum(row < last_seen for row in rows), fresh)

    def _not_before(self, at: datetime) -> datetime:
        return at if self._latest is None or at > self._latest else self._latest


class Unseen(NamedTuple):
    """The rows of a history that are news: those after every row seen before, how many stand between, all digests."""

    rows: frozenset[int]
    late: int
    digests: bytes

    @property
    def total(self) -> int:
        """How many rows there are that were not seen before."""
        return len(self.digests) // _DIGEST


def _cut(digests: bytes | bytearray) -> Iterator[bytes]:
    return (bytes(digests[at : at + _DIGEST]) for at in range(0, len(digests), _DIGEST))


def _is_blank(name: str) -> bool:
    return all(letter.isspace() or unicodedata.category(letter) in _UNSEEN for letter in name)


def _checked(says: Snapshot, actor: str | None) -> Snapshot:
    for name in (actor, says.owner, says.team):
        if name is not None and len(name) > LONGEST_LABEL:
            raise Invalid(f"A name is longer than {LONGEST_LABEL} characters.")
        if name is not None and _is_blank(name):
            raise Invalid("A name has no visible character.")
    check_content(says.content)
    for value in says.properties:
        if value is not None and len(value) > properties.LONGEST_VALUE:
            raise Invalid(f"A value is longer than {properties.LONGEST_VALUE} characters.")
    subject = clean_subject(says.subject)
    return says if subject == says.subject else says._replace(subject=subject)
