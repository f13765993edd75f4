"""Creating an account with its default pipeline (S3)."""

from uuid import UUID

from domain import accounts
from domain.authorization import require
from domain.events.event import EventKind, JournalHead
from domain.labels import clean_label
from domain.pipelines.default_stages import DEFAULT_LABEL, DEFAULT_STAGES, SUPPORT
from domain.pipelines.new_pipeline import insert_pipeline
from domain.pipelines.pipeline import Pipeline
from domain.unit_of_work import UnitOfWork
from policies import Permission, Plan


async def create_account(work: UnitOfWork, *, name: str, slug: str, plan: Plan, time_zone: str = "UTC") -> UUID:
    """Create the account of the unit with its default support pipeline, and return its id (S3). Declines
    NOT_PERMITTED.
    """
    require(work.actor, Permission.PLAN_CHANGE)
    work.session.add(
        accounts.Account(
            id=work.account_id,
            name=clean_label(name, field=("name",)),
            slug=slug,
            service_tier=plan.service.value,
            marketing_tier=plan.marketing.value,
            add_ons=sorted(plan.add_ons),
            time_zone=time_zone,
        )
    )
    await work.session.flush()
    accounts.enlist(work.session, accounts.DirectoryKind.ACCOUNT, slug, work.account_id, work.account_id)
    work.session.add(JournalHead(account_id=work.account_id, last_number=0))
    work.record(EventKind.ACCOUNT_CREATED, "account", work.account_id, after={"name": name, "plan": plan.service})
    support = Pipeline(internal_name=SUPPORT, label=DEFAULT_LABEL, position=1, key_prefix="SUP", is_default=True)
    await insert_pipeline(work, support, list(DEFAULT_STAGES))
    return work.account_id
