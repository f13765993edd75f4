"""The audit chain in tests: numbered and sealed as the worker does it, and changed as only the tables' owner can."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from domain import audit
from domain.audit import Head, Verified
from domain.database.model import Json, new_id
from domain.events import journal
from domain.events.outbox import write_events
from policies import Role
from server.auth.audit_key import AuditKey
from server.jobs.audit_sealer import Sealing
from tests.support.world import World

KEY = AuditKey(b"tests only: thirty-two bytes or more")


async def seal(world: World, *, batch: int = journal.BATCH, key: AuditKey = KEY) -> int:
    """Number and seal everything that waits, in batches; how many there were."""
    sealing, done = Sealing(world.sessions, key), 0
    while given := await journal.number_events(world.sessions, world.account_id, batch, afterwards=sealing.seal):
        done += given
    return done


async def record_as_stored(world: World, *kinds: str, object_id: UUID, object_kind: str = "team") -> None:
    """Write events with these strings as their kinds, as a release that knew other names wrote them."""
    event: Json = {"at": None, "actor_kind": "OPERATOR", "actor_id": None, "before": None, "after": {"name": "Blue"}}
    event |= {"object_kind": object_kind, "object_id": object_id, "pipeline_from": None, "pipeline_to": None}
    async with world.acting(Role.OPERATOR) as work:
        happened = [{**event, "id": new_id(), "kind": kind} for kind in kinds]
        await write_events(work.session, work.account_id, work.address, await work.clock(), happened)


async def verified(
    world: World, *, kept: Sequence[Head] = (), longest: timedelta | None = None, key: AuditKey = KEY
) -> Verified:
    """What verifying comes to."""
    async with world.looking(Role.OPERATOR) as work:
        return await audit.verify_audit(work, key, kept=kept, longest=longest)


async def troubles(
    world: World, *, kept: Sequence[Head] = (), key: AuditKey = KEY
) -> list[tuple[str, int, int | None]]:
    """The findings: the name of each trouble, and where it is."""
    found = (await verified(world, kept=kept, key=key)).findings
    return [(finding.trouble.name, finding.number, finding.last) for finding in found]


async def as_owner(owner: AsyncEngine, account_id: UUID, *statements: str, **parameters: Any) -> list[Any]:
    """Have the owner of the tables change rows of an account, in one transaction; the rows of the last answer."""
    async with owner.begin() as connection:
        await connection.execute(text("SELECT set_config('app.account', :id, true)"), {"id": str(account_id)})
        result = None
        for statement in statements:
            wanted = {name: value for name, value in parameters.items() if f":{name}" in statement}
            result = await connection.execute(text(statement), wanted)
        return [*result] if result is not None and result.returns_rows else []
