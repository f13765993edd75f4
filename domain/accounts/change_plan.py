"""What an account has bought: reading and changing its plan, and what each tier holds at most."""

from collections.abc import Mapping
from uuid import UUID

from domain.accounts.finders import lock_account
from domain.authorization import require
from domain.events.event import EventKind
from domain.unit_of_work import UnitOfWork
from policies import Permission, Tier

PipelineLimits = Mapping[Tier, int]


async def change_plan(work: UnitOfWork, service: Tier, marketing: Tier | None = None) -> UUID:
    """Put the account on a plan; nothing that it has is lost or opened by that (B20). For operators alone."""
    require(work.actor, Permission.PLAN_CHANGE)
    account = await lock_account(work)
    before = {"service": account.service_tier, "marketing": account.marketing_tier}
    account.service_tier = service.value
    account.marketing_tier = (marketing or Tier(account.marketing_tier)).value
    account.revision += 1
    after = {"service": account.service_tier, "marketing": account.marketing_tier}
    work.record(EventKind.PLAN_UPDATED, "account", account.id, before=before, after=after)
    return account.id
