"""Deleting pipelines: what holds tickets stays, one always does, and one of them is the default (S3, S13, S14)."""

import pytest

from domain import pipelines, tickets
from domain.access import AccessMode, Grantee
from domain.errors import Invalid, NotFound, NotPermitted
from domain.pipelines import Pipeline
from domain.reference import Ref
from domain.tickets import LastPipeline, NotEmpty
from policies import Level, Role
from tests.support import actions, concurrency, db_state
from tests.support.world import World

SETTINGS = Role.SETTINGS_EDITOR


async def listed(world: World) -> list[Pipeline]:
    async with world.looking(Role.OPERATOR) as work:
        return await pipelines.list_pipelines(work)


async def test_an_empty_pipeline_is_deleted_with_its_stages_and_access(world: World) -> None:
    returns = await world.add_pipeline()
    grant = Grantee(Level.VIEW, user_id=world.users[Role.AGENT].id)
    await actions.set_access(world, returns, AccessMode.EVERYONE, grant)

    async with db_state.recorded(world) as happened:
        await actions.delete_pipeline(world, Ref(id=returns.id))

    assert [each.label for each in await listed(world)] == ["Support Pipeline"]
    [event] = happened
    assert (event.kind, event.object_kind, event.object_id) == ("PIPELINE_DELETED", "pipeline", returns.id)
    assert (event.pipeline_from, event.pipeline_to) == (returns.id, returns.id)
    assert (event.before, event.after) == ({"label": "Returns"}, None)
    await db_state.assert_sound(world)


async def test_a_pipeline_with_tickets_is_kept_and_the_refusal_carries_their_count(world: World) -> None:
    await world.add_pipeline()
    await actions.open_ticket(world)
    await actions.open_ticket(world, stage="closed")

    with pytest.raises(NotEmpty, match="2 tickets") as refused:
        await actions.delete_pipeline(world)

    assert (refused.value.details, refused.value.field) == ({"tickets": 2}, ("pipeline",))
    assert len(await listed(world)) == 2


async def test_one_ticket_is_told_in_the_singular(world: World) -> None:
    await world.add_pipeline()
    await actions.open_ticket(world)

    with pytest.raises(NotEmpty, match="holds 1 ticket;"):
        await actions.delete_pipeline(world)


async def test_archived_tickets_keep_no_pipeline(world: World) -> None:
    returns = Ref(id=(await world.add_pipeline()).id)
    archived = await actions.open_ticket(world, to=returns)
    await actions.delete_ticket(world, archived)

    await actions.delete_pipeline(world, returns)

    assert (await db_state.ticket(world, archived)).stage_id is None


async def test_the_last_pipeline_stays(world: World) -> None:
    with pytest.raises(LastPipeline) as refused:
        await actions.delete_pipeline(world)

    assert refused.value.field == ("pipeline",)


async def test_with_the_default_pipeline_a_new_default_is_named(world: World) -> None:
    returns = Ref(id=(await world.add_pipeline()).id)
    support = await world.pipeline()

    for heir in (None, Ref(id=support.id)):
        with pytest.raises(Invalid) as refused:
            await actions.delete_pipeline(world, Ref(id=support.id), new_default=heir)
        assert refused.value.field == ("newDefault",)
    await actions.delete_pipeline(world, Ref(id=support.id), new_default=returns)

    assert (await world.pipeline()).id == returns.id
    assert [each.is_default for each in await listed(world)] == [True]


async def test_another_pipeline_goes_without_a_new_default_and_changes_none(world: World) -> None:
    returns = Ref(id=(await world.add_pipeline()).id)
    repairs = Ref(id=(await world.add_pipeline()).id)

    await actions.delete_pipeline(world, returns, new_default=repairs)

    assert (await world.pipeline()).label == "Support Pipeline"


async def test_a_hidden_pipeline_is_neither_deleted_nor_made_the_default(world: World) -> None:
    returns = await world.add_pipeline()
    await actions.set_access(world, returns, AccessMode.RESTRICTED)

    with pytest.raises(NotFound):
        await actions.delete_pipeline(world, Ref(id=returns.id))
    with pytest.raises(NotFound):
        await actions.delete_pipeline(world, new_default=Ref(id=returns.id))


async def test_at_view_level_nothing_is_deleted(world: World) -> None:
    returns = await world.add_pipeline()
    grant = Grantee(Level.VIEW, user_id=world.users[SETTINGS].id)
    await actions.set_access(world, returns, AccessMode.RESTRICTED, grant)

    with pytest.raises(NotPermitted, match="only view"):
        await actions.delete_pipeline(world, Ref(id=returns.id))
    with pytest.raises(NotPermitted, match="only view"):
        await actions.delete_stage(world, "new", to=Ref(id=returns.id), who=SETTINGS)


async def test_two_deletions_at_once_do_not_take_the_last_two_pipelines_together(world: World) -> None:
    returns, support = Ref(id=(await world.add_pipeline()).id), Ref(internal_name="support")

    outcomes = await concurrency.together(
        actions.delete_pipeline(world, returns, new_default=support),
        actions.delete_pipeline(world, support, new_default=returns),
    )

    assert sum(each is None for each in outcomes) == 1
    assert {type(each) for each in outcomes} <= {type(None), LastPipeline, NotFound}
    assert len(await listed(world)) == 1
    await db_state.assert_sound(world)


async def test_a_default_is_not_handed_to_a_pipeline_that_goes_meanwhile(world: World) -> None:
    returns = Ref(id=(await world.add_pipeline()).id)
    await world.add_pipeline()

    async with world.acting(SETTINGS) as first:
        await tickets.delete_pipeline(first, await pipelines.find_pipeline(first, returns))
        late = concurrency.start(actions.delete_pipeline(world, None, new_default=returns))
        await concurrency.until_waiting(world)

    with pytest.raises(NotFound) as refused:
        await late
    assert refused.value.field == ("newDefault",)
    await db_state.assert_sound(world)


async def test_whoever_waits_for_the_default_pipeline_while_it_is_deleted_gets_the_new_one(world: World) -> None:
    returns = Ref(id=(await world.add_pipeline()).id)

    async with world.acting(SETTINGS) as first:
        gone, heir = await pipelines.find_pipeline(first, None), await pipelines.find_pipeline(first, returns)
        await tickets.delete_pipeline(first, gone, new_default=heir)
        late = concurrency.start(actions.rename_pipeline(world, "Helpdesk"))
        await concurrency.until_waiting(world)
    await late

    assert [each.label for each in await listed(world)] == ["Helpdesk"]


async def test_a_pipeline_that_waits_for_its_own_deletion_is_not_found(world: World) -> None:
    returns = Ref(id=(await world.add_pipeline()).id)
    late = []

    async with world.acting(SETTINGS) as first:
        await tickets.delete_pipeline(first, await pipelines.find_pipeline(first, returns))
        late.append(concurrency.start(actions.rename_pipeline(world, "Late", to=returns)))
        late.append(concurrency.start(actions.delete_pipeline(world, returns)))
        await concurrency.until_waiting(world, 2)

    for each in late:
        with pytest.raises(NotFound):
            await each


async def test_a_ticket_that_is_moved_to_another_pipeline_lets_the_first_one_go(world: World) -> None:
    returns = Ref(id=(await world.add_pipeline()).id)
    moved = await actions.open_ticket(world, to=returns)
    await actions.move(world, moved, "new", to=Ref(internal_name="support"))

    await actions.delete_pipeline(world, returns)

    async with world.looking(Role.VIEWER) as work:
        assert [each.id for each in await tickets.find_by_key(work, "RET-1")] == [moved]
        [visit] = await tickets.list_visits(work, [moved])
    assert visit.left_at is None


async def test_a_pipeline_that_may_only_be_viewed_is_not_made_the_default(world: World) -> None:
    heir = await world.add_pipeline()
    viewing = Grantee(Level.VIEW, user_id=world.users[Role.SETTINGS_EDITOR].id)
    await actions.set_access(world, heir, AccessMode.RESTRICTED, viewing)

    with pytest.raises(NotPermitted):
        await actions.delete_pipeline(world, new_default=Ref(id=heir.id))

    assert (await world.pipeline()).internal_name == "support"


async def test_the_new_default_counts_a_change_and_records_it(world: World) -> None:
    heir = await world.add_pipeline()

    await actions.delete_pipeline(world, new_default=Ref(id=heir.id))

    assert (await world.pipeline()).revision == heir.revision + 1
    [made_default] = [event for event in await db_state.events(world, heir.id) if event.kind == "PIPELINE_MADE_DEFAULT"]
    assert made_default.after == {"insteadOf": "support"}
