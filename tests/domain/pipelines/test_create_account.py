"""Creating an account with its default pipeline (S3)."""

from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from domain import accounts, pipelines
from domain.database.model import new_id
from domain.errors import Invalid, NotPermitted
from domain.pipelines import StageState
from domain.unit_of_work import writing
from policies import Plan, Role, Tier
from server.database.engine import Database
from tests.support import db_state
from tests.support.world import World, make_world

OPEN, CLOSED = StageState.OPEN, StageState.CLOSED


DEFAULTS = [
    ("new", "New", "OPEN"),
    ("waiting_on_contact", "Waiting on contact", "OPEN"),
    ("waiting_on_us", "Waiting on us", "OPEN"),
    ("closed", "Closed", "CLOSED"),
]


@pytest.mark.parametrize("tier", Tier)
async def test_every_account_has_a_default_support_pipeline_from_birth(database: Database, tier: Tier) -> None:
    world = await make_world(database.sessions, tier)

    support = await world.pipeline()

    assert (support.label, support.internal_name, support.key_prefix) == ("Support Pipeline", "support", "SUP")
    assert support.is_default
    assert [(stage.internal_name, stage.label, stage.state) for stage in support.stages] == DEFAULTS
    await db_state.assert_sound(world)


async def test_a_founded_account_has_one_event_for_itself_and_one_for_its_pipeline(world: World) -> None:
    founded, created, *_ = await db_state.events(world)

    assert (founded.kind, founded.object_kind, founded.object_id) == ("ACCOUNT_CREATED", "account", world.account_id)
    assert (founded.actor_kind, founded.actor_id) == ("OPERATOR", None)
    assert created.kind == "PIPELINE_CREATED"
    assert created.after == {
        "label": "Support Pipeline",
        "stages": ["New", "Waiting on contact", "Waiting on us", "Closed"],
    }


async def test_an_account_is_found_by_its_slug(world: World) -> None:
    async with world.sessions() as session:
        entries = await accounts.look_up(session, accounts.DirectoryKind.ACCOUNT, world.slug.upper())

    assert [(entry.account_id, entry.target_id) for entry in entries] == [(world.account_id, world.account_id)]


async def test_two_accounts_cannot_share_a_slug(database: Database, world: World) -> None:
    account_id, plan = new_id(), Plan(Tier.FREE, Tier.FREE)

    with pytest.raises(IntegrityError, match="uq_directory_entry_slug"):
        async with writing(database.sessions, account_id, accounts.as_founder(account_id, plan)) as work:
            await pipelines.create_account(work, name="Another", slug=world.slug, plan=plan)


async def test_nobody_but_the_operator_founds_an_account(world: World) -> None:
    async with world.looking(Role.SUPER_ADMIN) as work:
        with pytest.raises(NotPermitted):
            await pipelines.create_account(work, name="Mine", slug="mine", plan=Plan(Tier.FREE, Tier.FREE))


async def test_an_empty_name_founds_no_account(database: Database) -> None:
    account_id, plan = new_id(), Plan(Tier.FREE, Tier.FREE)

    with pytest.raises(Invalid) as refused:
        async with writing(database.sessions, account_id, accounts.as_founder(account_id, plan)) as work:
            await pipelines.create_account(work, name=" ", slug=f"empty-{uuid4().hex}", plan=plan)

    assert refused.value.field == ("name",)
