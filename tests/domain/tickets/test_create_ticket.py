"""Opening a ticket: its stage, its key, its place, its first visit, and what is declined (S8, S19, B5, B10, B21)."""

from typing import Any

import pytest

from domain import pipelines, properties, tickets
from domain.access import AccessMode, Grantee
from domain.database.model import new_id
from domain.errors import Conflict, Invalid, NotFound, NotPermitted, Refusal
from domain.pipelines import StageState
from domain.reference import BOTTOM, TOP, Place, Ref
from domain.tickets import PlaceGone, Priority, TicketDraft
from policies import Level, Role
from tests.support import actions, concurrency, db_state
from tests.support.world import World


async def test_a_subject_is_all_that_a_ticket_needs(world: World) -> None:
    made = await db_state.ticket(world, await actions.open_ticket(world, "  No sound "))

    support = await world.pipeline()
    assert (made.subject, made.content, made.priority, made.properties) == ("No sound", "", None, {})
    assert (made.owner_id, made.team_id, made.closed_at, made.archived_at) == (None, None, None, None)
    assert (made.pipeline_id, made.stage_id) == (support.id, support.stages[0].id)
    assert made.revision == 1


async def test_a_ticket_says_everything_that_its_draft_says(world: World) -> None:
    owner, team = world.users[Role.AGENT].id, world.teams["blue"].id
    async with world.acting(Role.SETTINGS_EDITOR) as work:
        await properties.define_properties(work, ["Order number", "Shop"])

    made = await db_state.ticket(
        world,
        await actions.open_ticket(
            world,
            "No sound",
            content="None at all.",
            priority=Priority.HIGH,
            owner=owner,
            team=team,
            properties={"order_number": "17", "shop": None},
        ),
    )

    assert (made.content, made.priority, made.owner_id, made.team_id) == ("None at all.", "HIGH", owner, team)
    assert made.properties == {"order_number": "17"}


async def test_opening_a_ticket_records_it(world: World) -> None:
    owner = world.users[Role.AGENT].id

    async with db_state.recorded(world) as happened:
        made = await actions.open_ticket(world, "No sound", owner=owner, priority=Priority.LOW)

    [event] = happened
    support = await world.pipeline()
    assert (event.kind, event.object_kind, event.object_id) == ("TICKET_CREATED", "ticket", made)
    assert (event.actor_kind, event.actor_id) == ("PERSON", owner)
    assert (event.pipeline_from, event.pipeline_to) == (None, support.id)
    assert event.before is None
    assert event.after == {
        "key": "SUP-1",
        "subject": "No sound",
        "content": "",
        "properties": {},
        "stage": str(support.stages[0].id),
        "owner": str(owner),
        "team": None,
        "priority": "LOW",
    }


async def test_a_ticket_begins_its_first_visit_when_it_is_created(world: World) -> None:
    made = await actions.open_ticket(world)

    [visit] = await db_state.visits(world, made)
    row = await db_state.ticket(world, made)
    assert visit.entered_at == row.entered_at == row.created_at
    assert (visit.entered_by_kind, visit.entered_by) == ("PERSON", world.users[Role.AGENT].id)
    assert (visit.left_at, visit.left_by_kind, visit.left_by) == (None, None, None)
    await db_state.assert_sound(world)


async def test_without_a_stage_a_ticket_opens_in_the_first_open_one(world: World) -> None:
    await actions.reorder_stages(world, "closed", "waiting_on_us", "new", "waiting_on_contact")

    await actions.open_ticket(world, "No sound")

    assert (await db_state.board(world))["waiting_on_us"] == ["No sound"]


async def test_a_ticket_created_in_a_closed_stage_is_closed_from_birth(world: World) -> None:
    made = await actions.open_ticket(world, stage="closed")

    row = await db_state.ticket(world, made)
    [closure] = await db_state.closures(world, made)
    assert row.closed_at == row.created_at == closure.closed_at
    assert (closure.closed_by, closure.reopened_at) == (world.users[Role.AGENT].id, None)


async def test_keys_count_up_in_each_pipeline(world: World) -> None:
    returns = Ref(id=(await world.add_pipeline(label="Returns")).id)

    made = [await actions.open_ticket(world, to=to) for to in (None, returns, None, returns)]

    assert [(await db_state.ticket(world, each)).key for each in made] == ["SUP-1", "RET-1", "SUP-2", "RET-2"]


async def test_tickets_created_at_once_get_a_key_and_a_place_each(world: World) -> None:
    made = await concurrency.together(*[actions.open_ticket(world, f"Ticket {number}") for number in range(8)])

    keys = {(await db_state.ticket(world, each)).key for each in made}
    assert keys == {f"SUP-{number}" for number in range(1, 9)}
    await db_state.assert_sound(world)


async def test_a_refused_ticket_takes_no_number(world: World) -> None:
    with pytest.raises(NotFound):
        await actions.open_ticket(world, owner=new_id())

    assert (await db_state.ticket(world, await actions.open_ticket(world))).key == "SUP-1"


@pytest.mark.parametrize(
    ("place", "order"),
    [("top", "xabc"), ("bottom", "abcx"), ("before", "axbc"), ("after", "abxc")],
)
async def test_a_new_card_goes_to_the_place_that_is_given(world: World, place: str, order: str) -> None:
    _, beside, _ = await actions.open_tickets(world, *"abc")
    places = {"top": TOP, "bottom": BOTTOM, "before": Place(before=beside), "after": Place(after=beside)}

    await actions.open_ticket(world, "x", place=places[place])

    assert (await db_state.board(world))["new"] == list(order)


async def test_a_new_card_is_not_placed_beside_one_that_is_not_in_its_stage(world: World) -> None:
    elsewhere = await actions.open_ticket(world, stage="waiting_on_us")

    for place, name in ((Place(before=elsewhere), "before"), (Place(after=new_id()), "after")):
        with pytest.raises(PlaceGone) as refused:
            await actions.open_ticket(world, "x", place=place)
        assert refused.value.field == ("place", name)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"subject": "  "}, ("subject",)),
        ({"subject": "x" * 501}, ("subject",)),
        ({"content": "x" * 65_537}, ("content",)),
        ({"properties": {"unheard_of": "1"}}, ("properties",)),
        ({"properties": {"subject": "1"}}, ("properties",)),
    ],
    ids=["empty subject", "long subject", "long content", "unknown property", "built-in property"],
)
async def test_texts_and_properties_that_cannot_be_are_refused(
    world: World, draft: dict[str, Any], field: tuple[str, ...]
) -> None:
    with pytest.raises(Invalid) as refused:
        await actions.open_ticket(world, **draft)

    assert refused.value.field == field


async def test_the_longest_texts_are_taken(world: World) -> None:
    made = await db_state.ticket(world, await actions.open_ticket(world, "x" * 500, content="y" * 65_536))

    assert (len(made.subject), len(made.content)) == (500, 65_536)


async def test_a_value_of_a_property_holds_at_most_four_thousand_characters(world: World) -> None:
    async with world.acting(Role.SETTINGS_EDITOR) as work:
        await properties.define_properties(work, ["Note"])

    await actions.open_ticket(world, properties={"note": "x" * 4000})
    with pytest.raises(Invalid, match="4000"):
        await actions.open_ticket(world, properties={"note": "x" * 4001})


@pytest.mark.parametrize(("changes", "field"), [("owner", "ownerId"), ("team", "teamId")])
async def test_owners_and_teams_that_are_not_of_the_account_are_not_found(
    world: World, changes: str, field: str
) -> None:
    with pytest.raises(NotFound) as refused:
        await actions.open_ticket(world, **{changes: new_id()})  # type: ignore[arg-type] # the parameter varies

    assert refused.value.field == (field,)


async def test_owners_and_teams_that_are_not_active_any_more_are_not_found(world: World) -> None:
    owner, team = world.users[Role.VIEWER].id, world.teams["red"].id
    await db_state.execute(world, "UPDATE account_user SET active = false WHERE id = :id", id=owner)
    await db_state.execute(world, "UPDATE team SET active = false WHERE id = :id", id=team)

    with pytest.raises(NotFound):
        await actions.open_ticket(world, owner=owner)
    with pytest.raises(NotFound):
        await actions.open_ticket(world, team=team)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SETTINGS_EDITOR, Role.WORKFLOW_EDITOR])
async def test_who_works_no_tickets_opens_none(world: World, role: Role) -> None:
    with pytest.raises(NotPermitted) as refused:
        await actions.open_ticket(world, " ", who=role)

    assert refused.value.details == {"permission": "ticket:write"}


async def test_at_view_level_no_ticket_is_opened(world: World) -> None:
    grant = Grantee(Level.VIEW, user_id=world.users[Role.AGENT].id)
    await actions.set_access(world, await world.pipeline(), AccessMode.RESTRICTED, grant)

    with pytest.raises(NotPermitted, match="only view"):
        await actions.open_ticket(world)


async def test_in_a_hidden_pipeline_no_ticket_is_opened_and_none_is_said_to_be_there(world: World) -> None:
    await actions.set_access(world, await world.pipeline(), AccessMode.RESTRICTED)

    with pytest.raises(NotFound):
        await actions.open_ticket(world)


async def test_an_agent_whose_edit_scope_is_empty_opens_no_ticket(world: World) -> None:
    await db_state.execute(world, "UPDATE account_user SET edit_reach = 'NONE', edit_unassigned = false")

    with pytest.raises(NotPermitted):
        await actions.open_ticket(world)
    await actions.open_ticket(world, who=Role.SUPER_ADMIN)


async def test_a_ticket_is_not_opened_in_a_stage_that_goes_meanwhile(world: World) -> None:
    async with world.acting(Role.SUPER_ADMIN) as first:
        found = await pipelines.lock_pipeline(first, None)
        await tickets.delete_stage(first, found, pipelines.find_stage(found, actions.named("waiting_on_us")))
        late = concurrency.start(actions.open_ticket(world, stage="waiting_on_us"))
        await concurrency.until_waiting(world)

    with pytest.raises(NotFound) as refused:
        await late
    assert refused.value.field == ("stage",)


async def test_a_ticket_is_not_opened_in_a_pipeline_that_goes_meanwhile(world: World) -> None:
    returns = Ref(id=(await world.add_pipeline()).id)

    async with world.acting(Role.SUPER_ADMIN) as first:
        await tickets.delete_pipeline(first, await pipelines.find_pipeline(first, returns))
        late = concurrency.start(actions.open_ticket(world, to=returns))
        await concurrency.until_waiting(world)

    with pytest.raises(NotFound) as refused:
        await late
    assert refused.value.field == ("pipeline",)


async def test_a_ticket_meant_for_an_open_stage_is_not_born_closed_when_the_stage_is_flipped_meanwhile(
    world: World,
) -> None:
    async with world.acting(Role.SETTINGS_EDITOR) as first:
        found = await pipelines.lock_pipeline(first, None)
        await tickets.set_stage_state(
            first, found, pipelines.find_stage(found, actions.named("new")), StageState.CLOSED
        )
        late = concurrency.start(actions.open_ticket(world))
        await concurrency.until_waiting(world)

    with pytest.raises(Conflict):
        await late


async def test_refusals_come_in_the_order_permission_then_input(world: World) -> None:
    async with world.acting(Role.VIEWER) as work:
        pipeline = await pipelines.find_pipeline(work, None)
        refused: list[Refusal] = []
        for draft in (TicketDraft(" "), TicketDraft("x", owner_id=new_id()), TicketDraft("x", properties={"?": "1"})):
            try:
                await tickets.create_ticket(work, pipeline, draft)
            except Refusal as refusal:
                refused.append(refusal)

    assert [refusal.code for refusal in refused] == ["NOT_PERMITTED"] * 3
