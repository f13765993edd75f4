"""Denials: that somebody asked for what their roles or their plan do not allow, sampled, so that nobody fills the log
(B18).
"""

import hashlib
from datetime import timedelta

from domain.accounts import AttemptLimit, count_attempts
from domain.errors import Refusal
from domain.events.event import EventKind
from domain.unit_of_work import UnitOfWork

DENIALS_WINDOW = timedelta(hours=1)
DENIALS = 10


async def record_denial(work: UnitOfWork, operation: str, refusal: Refusal, most: int = DENIALS) -> None:
    """Record that the actor was denied an operation; at most so many of one actor and operation in an hour.

    It takes a unit of its own, since the one that was denied is rolled back. Nothing that was named in the input is
    kept: it may be hidden from the actor, and it is theirs to mistype.
    """
    actor = work.actor
    if actor.id is None:
        return
    key = f"denied:{work.account_id}:{actor.id}:{operation}"
    limit = AttemptLimit(hashlib.sha256(key.encode()).hexdigest(), most)
    if await count_attempts(work.session, [limit], DENIALS_WINDOW) is not None:
        return
    after = {"operation": operation, "code": refusal.code, "permission": refusal.details.get("permission")}
    work.record(EventKind.ACCESS_DENIED, "app" if actor.user_id is None else "user", actor.id, after=after)
