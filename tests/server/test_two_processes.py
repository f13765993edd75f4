"""What somebody loses is gone from their very next request on, in every server process: none remembers who may do what
(B19).
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from domain import accounts, apps, people
from domain.access import AccessMode, Grantee
from domain.accounts import Identity
from domain.actor import Reach, TicketScope
from domain.apps import AppChanges
from domain.pipelines import Pipeline
from domain.reference import Ref
from policies import Level, Permission, Role, Tier
from schema.ids import Kind, global_id
from server.database.engine import Database
from server.settings import Databases
from tests.support import actions, app_actions, db_state, member_actions
from tests.support.app_actions import Robot
from tests.support.client import Client, token_of
from tests.support.process import serving
from tests.support.world import World, make_world

KEY = "0123456789abcdef" * 2
SIGHT = """query ($pipeline: ID!, $ticket: ID!) {
  pipeline(id: $pipeline) { viewerCan { addStage { allowed } createTicket { allowed } } }
  ticket(id: $ticket) { viewerCan { edit { allowed } } } }"""
EVERYTHING = "stages may be added, tickets created, this one edited"
NOBODY = "turned away"


@pytest.fixture(scope="module")
def urls(databases: Databases) -> Iterator[list[str]]:
    """Where two server processes on the database of the tests listen."""
    settings = {"SLUICEGATE_DATABASE_URL": databases.serving, "SLUICEGATE_SECRET_KEY": KEY}
    with ExitStack() as stack:
        yield [stack.enter_context(serving("--no-worker", **settings)).url for _ in range(2)]


@dataclass
class Case:
    """Somebody who may do everything in a pipeline, by a grant to their team and a custom role, and an app that may."""

    world: World
    pipeline: Pipeline
    ticket: UUID
    custom_role: UUID
    robot: Robot
    tokens: dict[str, str]
    https: list[httpx.AsyncClient]

    async def sight(self, who: str) -> str:
        """What both processes say that somebody may do; they must agree."""
        said = {await self._told(Client(http, self.tokens[who])) for http in self.https}
        assert len(said) == 1, said
        return said.pop()

    async def _told(self, client: Client) -> str:
        ids = {"pipeline": global_id(Kind.PIPELINE, self.pipeline.id), "ticket": global_id(Kind.TICKET, self.ticket)}
        answer = await client.answer(SIGHT, ids)
        if answer.get("errors"):
            assert {error["extensions"]["code"] for error in answer["errors"]} == {"UNAUTHENTICATED"}
            return NOBODY
        pipeline, ticket = answer["data"]["pipeline"], answer["data"]["ticket"]
        if pipeline is None:
            assert ticket is None
            return "nothing is seen"
        can = {
            "stages may be added": pipeline["viewerCan"]["addStage"]["allowed"],
            "tickets created": pipeline["viewerCan"]["createTicket"]["allowed"],
            "this one edited": ticket is not None and ticket["viewerCan"]["edit"]["allowed"],
            "this one is not seen": ticket is None,
        }
        return ", ".join(name for name, allowed in can.items() if allowed) or "read only"


@pytest.fixture
async def case(database: Database, urls: list[str]) -> AsyncIterator[Case]:
    """It, with a client's connections to both processes."""
    world = await make_world(database.sessions)
    pipeline = await world.add_pipeline()
    ticket = await actions.open_ticket(world, to=Ref(id=pipeline.id))
    role = await member_actions.define(world, Permission.STAGE_ADD.value, Permission.PIPELINE_EDIT.value)
    await member_actions.appoint(world, world.users[Role.AGENT], member_actions.roles(Role.AGENT, custom=(role,)))
    grant = Grantee(Level.EDIT, team_id=world.teams["blue"].id)
    await actions.set_access(world, pipeline, AccessMode.RESTRICTED, grant)
    robot = await app_actions.make_robot(world)
    tokens = {"agent": await token_of(world, Role.AGENT), "app": robot.token}
    async with AsyncExitStack() as stack:
        https = [await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=30)) for url in urls]
        yield Case(world, pipeline, ticket, role, robot, tokens, https)


async def lose_the_grant(case: Case) -> None:
    await actions.revoke(case.world, case.pipeline, team=case.world.teams["blue"].id)


async def see_the_grant_narrowed(case: Case) -> None:
    await actions.grant(case.world, case.pipeline, Grantee(Level.VIEW, team_id=case.world.teams["blue"].id))


async def see_the_grant_end(case: Case) -> None:
    await db_state.execute(case.world, "UPDATE pipeline_grant SET until = now()")


async def see_the_pipeline_made_private(case: Case) -> None:
    await actions.set_access(case.world, case.pipeline, AccessMode.PRIVATE)


async def leave_the_team(case: Case) -> None:
    async with case.world.acting(Role.SUPER_ADMIN) as work:
        await people.update_team(work, case.world.teams["blue"].id, members=[])


async def see_the_team_end(case: Case) -> None:
    async with case.world.acting(Role.SUPER_ADMIN) as work:
        await people.deactivate_team(work, case.world.teams["blue"].id)


async def lose_the_role(case: Case) -> None:
    await member_actions.appoint(case.world, case.world.users[Role.AGENT], member_actions.roles(Role.VIEWER))


async def see_the_custom_role_narrowed(case: Case) -> None:
    await member_actions.redefine(case.world, case.custom_role, Permission.PIPELINE_EDIT.value)


async def see_the_scope_narrowed(case: Case) -> None:
    mine = TicketScope(Reach.OWN, unassigned=False)
    await member_actions.scope(case.world, case.world.users[Role.AGENT], mine, mine)


async def see_the_edit_scope_narrowed(case: Case) -> None:
    nothing = TicketScope(Reach.NONE, unassigned=False)
    await member_actions.scope(case.world, case.world.users[Role.AGENT], TicketScope(), nothing)


async def be_deactivated(case: Case) -> None:
    await member_actions.deactivate(case.world, case.world.users[Role.AGENT])


async def have_the_session_ended(case: Case) -> None:
    async with case.world.acting(Role.SUPER_ADMIN) as work:
        await accounts.end_user_sessions(work, case.world.users[Role.AGENT].id)


async def change_the_password_elsewhere(case: Case) -> None:
    of_agent = select(Identity).where(Identity.id == case.world.users[Role.AGENT].identity_id)
    [identity] = await db_state.rows(case.world, of_agent)
    async with case.world.acting(Role.AGENT) as work:
        await accounts.change_password(work, identity, "another hash")


async def see_the_plan_lowered(case: Case) -> None:
    await case.world.on(Tier.FREE)


async def have_the_secret_revoked(case: Case) -> None:
    [secret] = await case.robot.secrets()
    async with case.world.acting(Role.SUPER_ADMIN) as work:
        await apps.revoke_app_secret(work, secret.id)


async def have_the_apps_permissions_narrowed(case: Case) -> None:
    narrower = AppChanges(permissions=[Permission.PIPELINE_VIEW.value, Permission.TICKET_VIEW.value])
    async with case.world.acting(Role.SUPER_ADMIN) as work:
        await apps.update_app(work, case.robot.id, narrower)


async def see_the_sponsor_demoted(case: Case) -> None:
    await app_actions.demote(case.world, case.world.users[Role.SUPER_ADMIN])


READ_ONLY, UNSEEN = "read only", "nothing is seen"
LOSSES: dict[Callable[[Case], Awaitable[None]], tuple[str, str]] = {
    lose_the_grant: ("agent", UNSEEN),
    see_the_grant_narrowed: ("agent", READ_ONLY),
    see_the_grant_end: ("agent", UNSEEN),
    see_the_pipeline_made_private: ("agent", UNSEEN),
    leave_the_team: ("agent", UNSEEN),
    see_the_team_end: ("agent", UNSEEN),
    lose_the_role: ("agent", READ_ONLY),
    see_the_custom_role_narrowed: ("agent", "tickets created, this one edited"),
    see_the_scope_narrowed: ("agent", "stages may be added, tickets created, this one is not seen"),
    see_the_edit_scope_narrowed: ("agent", "stages may be added"),
    be_deactivated: ("agent", NOBODY),
    have_the_session_ended: ("agent", NOBODY),
    change_the_password_elsewhere: ("agent", NOBODY),
    see_the_plan_lowered: ("agent", "tickets created, this one edited"),
    have_the_secret_revoked: ("app", NOBODY),
    have_the_apps_permissions_narrowed: ("app", READ_ONLY),
    see_the_sponsor_demoted: ("app", NOBODY),
}


@pytest.mark.parametrize("lose", LOSSES, ids=lambda lose: lose.__name__)
async def test_what_is_lost_is_gone_at_the_next_request_in_both(
    case: Case, lose: Callable[[Case], Awaitable[None]]
) -> None:
    who, expected = LOSSES[lose]
    assert await case.sight(who) == EVERYTHING

    await lose(case)

    assert await case.sight(who) == expected
