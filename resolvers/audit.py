"""The audit log for those who may read it: pages of events, how far they are sealed, and the whole of it as rows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from domain import accounts, apps, audit
from domain.actor import ActorKind
from domain.audit import AuditEntry, AuditFilter, AuditPlace
from domain.page import LARGEST_PAGE, Page
from domain.unit_of_work import UnitOfWork
from resolvers.context import Context
from resolvers.related import Includes


@dataclass(frozen=True)
class AuditView:
    """A page of the log, with the names of who acted where they are wanted."""

    account_id: UUID
    page: Page[AuditEntry]
    users: Mapping[UUID, accounts.Name]
    apps: Mapping[UUID, str]

    def name_of(self, entry: AuditEntry) -> str | None:
        """What who acted is called, as far as that is known."""
        event = entry.event
        if event.actor_id is None:
            return None
        if event.actor_kind == ActorKind.APP.value:
            return self.apps.get(event.actor_id)
        found = self.users.get(event.actor_id)
        return found.name if found else None


@dataclass(frozen=True)
class SealView:
    """How far the account is sealed, and the key that heads are verified with."""

    state: audit.SealState
    public_key: bytes


async def list_audit_events(
    context: Context,
    includes: Includes,
    *,
    narrowed: AuditFilter,
    first: int,
    after: Callable[[UUID], AuditPlace | None],
) -> AuditView:
    """A page of the log; `after` opens the cursor, for the account that it is to be of."""
    async with context.reading() as work:
        page = await audit.list_audit_events(work, narrowed, first, after(work.account_id))
        return await _named(work, page, people=includes.people)


async def find_audit_events(work: UnitOfWork, ids: Iterable[UUID], includes: Includes) -> dict[UUID, AuditView]:
    """Events of the log by id, each as a page of its own."""
    found = await audit.find_audit_events(work, ids)
    if not found:
        return {}
    named = await _named(work, Page([*found.values()], has_more=False), people=includes.people)
    return {
        event_id: AuditView(named.account_id, Page([entry], has_more=False), named.users, named.apps)
        for event_id, entry in found.items()
    }


async def read_seal(context: Context) -> SealView:
    """How far the account's events are sealed."""
    async with context.reading() as work:
        return SealView(await audit.read_seal(work), context.services.signer.public_key)


async def export_page(context: Context, narrowed: AuditFilter, after: AuditPlace | None) -> AuditView:
    """The next events of an export, as many as a page holds."""
    async with context.reading() as work:
        page = await audit.list_audit_events(work, narrowed, LARGEST_PAGE, after)
        return await _named(work, page, people=True)


async def _named(work: UnitOfWork, page: Page[AuditEntry], *, people: bool) -> AuditView:
    events = [entry.event for entry in page.items] if people else []
    by_apps = {event.actor_id for event in events if event.actor_kind == ActorKind.APP.value}
    users = {event.actor_id for event in events} - by_apps
    names = await accounts.find_names(work, users, [])
    called = await apps.find_names(work, {each for each in by_apps if each is not None})
    return AuditView(work.account_id, page, names, called)
