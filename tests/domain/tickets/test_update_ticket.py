"""Updating the texts, priority and own properties of a ticket (B21)."""

from typing import Any

import pytest

from domain import pipelines, properties, tickets
from domain.access import AccessMode, Grantee
from domain.database.model import new_id
from domain.errors import Conflict, Invalid, NotPermitted
from domain.reference import Ref
from domain.tickets import Priority
from policies import Level, Role
from tests.support import actions, concurrency, db_state
from tests.support.world import World


@pytest.fixture
async def ticket(world: World) -> Any:
    """The id of a ticket with a value for one of two properties of the account's own."""
    async with world.acting(Role.SETTINGS_EDITOR) as work:
        await properties.define_properties(work, ["Shop", "Order"])
    return await actions.open_ticket(world, "No sound", content="None.", properties={"shop": "Delft"})


async def test_an_update_changes_what_it_names_and_nothing_else(world: World, ticket: Any) -> None:
    await actions.update(world, ticket, subject=" Too much sound ", priority=Priority.URGENT)

    row = await db_state.ticket(world, ticket)
    assert (row.subject, row.priority, row.content, row.properties) == (
        "Too much sound",
        "URGENT",
        "None.",
        {"shop": "Delft"},
    )
    assert row.revision == 2


async def test_an_update_records_before_and_after_of_what_differs(world: World, ticket: Any) -> None:
    async with db_state.recorded(world) as happened:
        await actions.update(world, ticket, subject="No sound", content="At all.", properties={"order": "17"})

    [event] = happened
    assert (event.kind, event.object_kind, event.object_id) == ("TICKET_UPDATED", "ticket", ticket)
    assert event.pipeline_from == event.pipeline_to == (await world.pipeline()).id
    assert event.before == {"content": "None.", "properties": {"shop": "Delft"}}
    assert event.after == {"content": "At all.", "properties": {"shop": "Delft", "order": "17"}}


async def test_an_update_that_changes_nothing_records_nothing(world: World, ticket: Any) -> None:
    async with db_state.recorded(world) as happened:
        await actions.update(world, ticket, subject="No sound ", properties={"shop": "Delft", "order": None})

    assert happened == []
    assert (await db_state.ticket(world, ticket)).revision == 1


async def test_a_property_that_is_set_to_null_is_cleared_and_others_stay(world: World, ticket: Any) -> None:
    await actions.update(world, ticket, properties={"order": "17"})
    await actions.update(world, ticket, properties={"shop": None})

    assert (await db_state.ticket(world, ticket)).properties == {"order": "17"}


async def test_a_priority_can_be_taken_away(world: World, ticket: Any) -> None:
    await actions.update(world, ticket, priority=Priority.LOW)
    await actions.update(world, ticket, priority=None)

    assert (await db_state.ticket(world, ticket)).priority is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subject": " "}, ("subject",)),
        ({"subject": "x" * 501}, ("subject",)),
        ({"content": "x" * 65_537}, ("content",)),
        ({"properties": {"unheard_of": "1"}}, ("properties",)),
        ({"properties": {"shop": "x" * 4001}}, ("properties",)),
    ],
    ids=["empty subject", "long subject", "long content", "unknown property", "long value"],
)
async def test_texts_and_properties_that_cannot_be_are_refused(
    world: World, ticket: Any, changes: dict[str, Any], field: tuple[str, ...]
) -> None:
    with pytest.raises(Invalid) as refused:
        await actions.update(world, ticket, **changes)

    assert refused.value.field == field


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SETTINGS_EDITOR, Role.WORKFLOW_EDITOR])
async def test_who_works_no_tickets_changes_and_assigns_none(world: World, ticket: Any, role: Role) -> None:
    for deed in (
        actions.update(world, ticket, who=role, subject=" ", revision=9),
        actions.assign(world, ticket, who=role, owner_id=new_id(), revision=9),
    ):
        with pytest.raises(NotPermitted) as refused:
            await deed
        assert refused.value.details == {"permission": "ticket:write"}


async def test_at_view_level_nothing_is_changed_or_assigned(world: World, ticket: Any) -> None:
    grant = Grantee(Level.VIEW, user_id=world.users[Role.AGENT].id)
    await actions.set_access(world, await world.pipeline(), AccessMode.RESTRICTED, grant)

    with pytest.raises(NotPermitted, match="only view"):
        await actions.update(world, ticket, subject="Mine")
    with pytest.raises(NotPermitted, match="only view"):
        await actions.assign(world, ticket, owner_id=None)


async def test_a_stale_revision_is_a_conflict_that_tells_the_revision_that_stands(world: World, ticket: Any) -> None:
    await actions.update(world, ticket, subject="First", revision=1)

    with pytest.raises(Conflict) as of_update:
        await actions.update(world, ticket, subject="Second", revision=1)
    with pytest.raises(Conflict) as of_assignment:
        await actions.assign(world, ticket, owner_id=None, revision=1)

    assert of_update.value.details == of_assignment.value.details == {"revision": 2}
    assert of_update.value.field == ("expectedRevision",)


async def test_of_two_updates_at_once_that_rest_on_one_revision_one_is_a_conflict(world: World, ticket: Any) -> None:
    outcomes = await concurrency.together(
        *[actions.update(world, ticket, subject=subject, revision=1) for subject in ("One", "Two")]
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["Conflict", "NoneType"]


async def test_two_updates_at_once_of_different_things_both_stand(world: World, ticket: Any) -> None:
    outcomes = await concurrency.together(
        actions.update(world, ticket, subject="Changed"),
        actions.update(world, ticket, properties={"order": "17"}),
        actions.assign(world, ticket, owner_id=world.second_agent.id),
    )

    row = await db_state.ticket(world, ticket)
    assert outcomes == [None, None, None]
    assert (row.subject, row.owner_id, row.revision) == ("Changed", world.second_agent.id, 4)
    assert row.properties == {"shop": "Delft", "order": "17"}


async def test_a_ticket_that_goes_to_another_pipeline_meanwhile_is_not_changed_by_the_rights_on_the_first(
    world: World, ticket: Any
) -> None:
    returns = await world.add_pipeline()
    grant = Grantee(Level.VIEW, user_id=world.users[Role.AGENT].id)
    await actions.set_access(world, returns, AccessMode.RESTRICTED, grant)

    async with world.acting(Role.SUPER_ADMIN) as first:
        found = await tickets.find_ticket(first, ticket)
        target = await pipelines.find_pipeline(first, Ref(id=returns.id))
        source = await pipelines.find_pipeline(first, None)
        await tickets.move_ticket(first, found, source=source, target=target, stage=target.stages[0])
        await first.session.flush()
        late = [
            concurrency.start(actions.update(world, ticket, subject="Mine")),
            concurrency.start(actions.assign(world, ticket, owner_id=world.users[Role.AGENT].id)),
            concurrency.start(actions.delete_ticket(world, ticket)),
        ]
        await concurrency.until_waiting(world, 3)

    for each in late:
        with pytest.raises(Conflict, match="another pipeline"):
            await each
    row = await db_state.ticket(world, ticket)
    assert (row.subject, row.owner_id, row.archived_at) == ("No sound", None, None)


@pytest.mark.parametrize(
    ("reach", "unassigned", "allowed"),
    [
        ("ALL", False, {"own", "mate", "team", "other", "nobody"}),
        ("TEAM", True, {"own", "mate", "team", "nobody"}),
        ("TEAM", False, {"own", "mate", "team"}),
        ("OWN", True, {"own", "nobody"}),
        ("OWN", False, {"own"}),
        ("NONE", True, {"nobody"}),
        ("NONE", False, set()),
    ],
)
async def test_an_edit_scope_reaches_as_far_as_it_says(
    world: World, reach: str, unassigned: bool, allowed: set[str]
) -> None:
    agent, blue = world.users[Role.AGENT].id, world.teams["blue"].id
    mate, viewer = world.users[Role.WORKFLOW_EDITOR].id, world.users[Role.VIEWER].id
    await db_state.execute(
        world,
        "INSERT INTO team_member (account_id, team_id, user_id) VALUES (:account, :team, :mate)",
        account=world.account_id,
        team=blue,
        mate=mate,
    )
    made = {
        "own": await actions.open_ticket(world, owner=agent),
        "mate": await actions.open_ticket(world, owner=mate),
        "team": await actions.open_ticket(world, owner=viewer, team=blue),
        "other": await actions.open_ticket(world, owner=viewer, team=world.teams["red"].id),
        "nobody": await actions.open_ticket(world),
    }
    await db_state.execute(
        world, "UPDATE account_user SET edit_reach = :reach, edit_unassigned = :un", reach=reach, un=unassigned
    )

    outcomes = {
        name: await concurrency.together(actions.update(world, each, subject="Mine")) for name, each in made.items()
    }

    assert {name for name, [outcome] in outcomes.items() if outcome is None} == allowed
    assert {type(outcome) for [outcome] in outcomes.values()} <= {type(None), NotPermitted}
