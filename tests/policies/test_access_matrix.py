"""The whole law as one reviewed page, and the same law met at the door of every verb: 4 tiers × all roles (law 5, S11,
S12, section C).
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from domain import access, accounts, apps, audit, people, pipelines, properties, tickets
from domain.access import AccessMode
from domain.accounts import User
from domain.errors import NotFound, Refusal
from domain.pipelines import StageState
from domain.reference import Ref
from domain.unit_of_work import UnitOfWork
from policies import Permission, Role, Tier
from server.database.engine import Database
from tests.policies.print_matrix import PAGE, matrix
from tests.support import actions, db_state
from tests.support.app_actions import make_robot
from tests.support.audit_chain import KEY
from tests.support.world import LIMITS, World, make_world

TIERS = list(Tier)
PIPELINES = 2  # as many as STARTER allows and more than FREE does


def written() -> dict[tuple[Role, Permission, Tier], str]:
    """The cells of the committed page."""
    found: dict[tuple[Role, Permission, Tier], str] = {}
    for section in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        name, _, table = section.partition("\n")
        for line in table.strip().splitlines()[2:]:
            permission, _, *cells = [cell.strip() for cell in line.strip("| ").split("|")]
            found |= {(Role(name), Permission(permission), tier): cells[place] for place, tier in enumerate(TIERS)}
    return found


def test_the_page_says_what_the_law_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == matrix(), (
        "the law has changed: run `.venv/bin/python -m tests.policies.print_matrix` and have the page reviewed"
    )


def test_the_page_has_a_cell_for_every_role_permission_and_tier() -> None:
    assert set(written()) == {(role, act, tier) for role in Role for act in Permission for tier in Tier}


@dataclass
class Scene:
    """What the verbs are about: a ticket in the default pipeline, an empty pipeline beside it, and an app."""

    world: World
    ticket: UUID
    empty: UUID
    app: UUID


Verb = Callable[[UnitOfWork, Scene], Awaitable[object]]


async def _view_pipeline(work: UnitOfWork, _: Scene) -> object:
    return await pipelines.find_pipeline(work, None)


async def _create_pipeline(work: UnitOfWork, _: Scene) -> object:
    return await pipelines.create_pipeline(work, label="Another", stages=None, limits=LIMITS)


async def _reorder_pipelines(work: UnitOfWork, _: Scene) -> None:
    order = [Ref(id=each.id) for each in await pipelines.list_pipelines(work)]
    await pipelines.reorder_pipelines(work, order[::-1])


async def _rename_pipeline(work: UnitOfWork, _: Scene) -> None:
    await pipelines.rename_pipeline(work, await pipelines.lock_pipeline(work, None), "Another name")


async def _delete_pipeline(work: UnitOfWork, scene: Scene) -> None:
    await tickets.delete_pipeline(work, await pipelines.find_pipeline(work, Ref(id=scene.empty)))


async def _add_stage(work: UnitOfWork, _: Scene) -> None:
    found = await pipelines.lock_pipeline(work, None)
    await pipelines.add_stage(work, found, label="Escalated", state=StageState.OPEN)


async def _define_property(work: UnitOfWork, _: Scene) -> None:
    await properties.define_properties(work, ["Order number"])


async def _view_ticket(work: UnitOfWork, scene: Scene) -> object:
    return await tickets.find_ticket(work, scene.ticket)


async def _update_ticket(work: UnitOfWork, scene: Scene) -> None:
    found, pipeline = await tickets.find_ticket(work, scene.ticket), await pipelines.find_pipeline(work, None)
    await tickets.update_ticket(work, found, pipeline=pipeline, changes={"subject": "Another subject"})


async def _delete_ticket(work: UnitOfWork, scene: Scene) -> None:
    found, pipeline = await tickets.find_ticket(work, scene.ticket), await pipelines.find_pipeline(work, None)
    await tickets.delete_ticket(work, found, pipeline=pipeline)


async def _set_access(work: UnitOfWork, scene: Scene) -> None:
    await access.set_pipeline_access(work, scene.empty, AccessMode.PRIVATE, [])


async def _revoke_access(work: UnitOfWork, scene: Scene) -> None:
    await access.revoke_pipeline_access(work, scene.empty, user_id=scene.world.second_agent.id)


async def _review_access(work: UnitOfWork, _: Scene) -> object:
    return await access.read_review(work, access.ReviewFilter(), first=1)


async def _add_user(work: UnitOfWork, _: Scene) -> None:
    email = f"{uuid4().hex}@example.test"
    await accounts.add_user(work, name="Kim", email=email, roles=frozenset({Role.AGENT}))


async def _create_role(work: UnitOfWork, _: Scene) -> None:
    await people.create_role(work, name=f"Role {uuid4().hex}", permissions=["ticket:view"])


async def _delete_app(work: UnitOfWork, scene: Scene) -> None:
    await apps.delete_app(work, scene.app)


async def _change_plan(work: UnitOfWork, _: Scene) -> None:
    await accounts.change_plan(work, Tier.ENTERPRISE)


async def _transfer(work: UnitOfWork, _: Scene) -> None:
    await accounts.ensure_placeholders(work, User, "elsewhere", ["Kim"])


async def _verify_audit(work: UnitOfWork, _: Scene) -> object:
    return await audit.verify_audit(work, KEY)


VERBS: dict[Permission, Verb] = {
    Permission.PIPELINE_VIEW: _view_pipeline,
    Permission.PIPELINE_CREATE: _create_pipeline,
    Permission.PIPELINE_REORDER: _reorder_pipelines,
    Permission.PIPELINE_EDIT: _rename_pipeline,
    Permission.PIPELINE_DELETE: _delete_pipeline,
    Permission.STAGE_ADD: _add_stage,
    Permission.PROPERTY_EDIT: _define_property,
    Permission.TICKET_VIEW: _view_ticket,
    Permission.TICKET_WRITE: _update_ticket,
    Permission.TICKET_DELETE: _delete_ticket,
    Permission.ACCESS_MANAGE: _set_access,
    Permission.ACCESS_REDUCE: _revoke_access,
    Permission.ACCESS_REVIEW: _review_access,
    Permission.PEOPLE_MANAGE: _add_user,
    Permission.ROLE_DEFINE: _create_role,
    Permission.APP_MANAGE: _delete_app,
    Permission.AUDIT_VIEW: _verify_audit,
    Permission.PLAN_CHANGE: _change_plan,
    Permission.DATA_TRANSFER: _transfer,
}


class _Undo(Exception):  # noqa: N818 (it is no error: the unit is rolled back for the next one)
    """Ends a unit that was allowed to do its verb."""


async def heard(scene: Scene, role: Role, verb: Verb) -> str:
    """The code of the refusal that a verb answers to a role, or yes; nothing stays of it."""
    try:
        async with scene.world.acting(role) as work:
            await verb(work, scene)
            raise _Undo
    except _Undo:
        return "yes"
    except Refusal as refusal:
        return refusal.code


async def _furnish(world: World) -> Scene:
    ticket, empty = await actions.open_ticket(world), await world.add_pipeline()
    return Scene(world, ticket, empty.id, (await make_robot(world)).id)


@pytest.fixture(scope="module")
async def scene(database: Database) -> Scene:
    """A scene that no test of this module changes for good."""
    world = await make_world(database.sessions)
    return await _furnish(world)


@pytest.mark.parametrize("tier", Tier)
async def test_every_verb_answers_every_role_what_the_page_says(scene: Scene, tier: Tier) -> None:
    page, beyond = written(), LIMITS[tier] <= PIPELINES
    await scene.world.on(tier)

    answers = {(role, act): await heard(scene, role, VERBS[act]) for role in Role for act in Permission}

    expected = {(role, act): page[role, act, tier] for role in Role for act in Permission}
    for role in Role:
        if beyond and expected[role, Permission.PIPELINE_CREATE] == "yes":
            expected[role, Permission.PIPELINE_CREATE] = "PLAN_LIMIT_REACHED"
    assert answers == expected


async def test_the_two_gates_do_not_lean_on_each_other(scene: Scene) -> None:
    codes = {}
    for role in (Role.SUPER_ADMIN, Role.SETTINGS_EDITOR):
        for tier in (Tier.FREE, Tier.ENTERPRISE):
            await scene.world.on(tier)
            codes[role, tier] = await heard(scene, role, _set_access)

    assert codes == {
        (Role.SUPER_ADMIN, Tier.FREE): "PLAN_TOO_LOW",
        (Role.SUPER_ADMIN, Tier.ENTERPRISE): "yes",
        (Role.SETTINGS_EDITOR, Tier.FREE): "NOT_PERMITTED",
        (Role.SETTINGS_EDITOR, Tier.ENTERPRISE): "NOT_PERMITTED",
    }


async def test_who_holds_no_role_finds_nothing_and_may_do_nothing(database: Database) -> None:
    world = await make_world(database.sessions)
    scene = await _furnish(world)
    await db_state.execute(world, "UPDATE account_user SET roles = '{}' WHERE name = 'Viewer'")

    codes = {act: await heard(scene, Role.VIEWER, VERBS[act]) for act in Permission}

    assert set(codes.values()) == {"NOT_FOUND", "NOT_PERMITTED"}
    for act in (Permission.PIPELINE_VIEW, Permission.TICKET_VIEW):
        assert codes[act] == NotFound.code
