"""A furnished world: everything that an operation can name, with the ids, names, keys and cursors that lead to it.

`furnish` fills a pipeline with tickets; what is in it is what operations.py's arguments are about.
"""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from domain import apps, people, pipelines, properties, tickets
from domain.accounts import User
from domain.actor import AppReach
from domain.page import NameCursor
from domain.pipelines import Pipeline, Stage, StageState
from domain.reference import BOTTOM, Ref
from domain.tickets import Ticket
from policies import Role
from schema.ids import Kind, global_id
from schema.paging import bound_to, bound_to_members, seal_card, seal_name
from server.graphql.cursors import SealedCursors
from tests.support import member_actions
from tests.support.client import SECRET
from tests.support.ids import gid, unknown
from tests.support.world import LIMITS, World

_NOTHING = {kind: unknown(kind) for kind in Kind}
SPARE = [pipelines.StageDraft("In", StageState.OPEN), pipelines.StageDraft("Out", StageState.CLOSED)]


class Lead(NamedTuple):
    """A text that leads to something, and its twin: one that looks the same and leads nowhere."""

    text: str
    twin: str


@dataclass(frozen=True)
class Scenery:
    """The ids, as clients write them, of one furnished pipeline and what surrounds it.

    `ticket` and `neighbour` stand in `stage`, `closed` in the CLOSED stage; `empty` is a stage without tickets and
    `spare` a pipeline without any; `cursor` is that of `ticket`, the first card of `stage`.
    """

    world: World
    pipeline: str
    internal_name: str
    spare: str
    pipelines: list[str]
    stages: list[str]
    stage: str
    empty: str
    closing: str
    ticket: str
    key: str
    neighbour: str
    closed: str
    cursor: str
    user: str
    team: str
    own_property: str
    role: str
    invited: str
    left: str
    idle_team: str
    member_cursor: str
    app: str
    app_secret: str

    @property
    def ids(self) -> list[Lead]:
        """A global id of each kind of thing."""
        texts = {Kind.PIPELINE: self.pipeline, Kind.STAGE: self.stage, Kind.TICKET: self.ticket}
        texts |= {Kind.USER: self.user, Kind.TEAM: self.team, Kind.APP: self.app, Kind.APP_SECRET: self.app_secret}
        texts |= {Kind.ROLE: self.role}
        return [Lead(text, _NOTHING[kind]) for kind, text in texts.items()]

    @property
    def names(self) -> list[Lead]:
        """A text of each kind that is no id: internal names, a key, a cursor and the account's slug."""
        tampered = self.cursor[:-4] + self.cursor[-4:][::-1]
        return [
            Lead(self.internal_name, "never_was"),
            Lead(self.own_property, "never_was"),
            Lead(self.key, self.key.split("-")[0] + "-4711"),
            Lead(self.cursor, tampered),
            Lead(self.member_cursor, tampered),
            Lead(self.world.slug, "never-was"),
        ]


async def furnish(world: World, pipeline: Pipeline | None = None, label: str = "Home") -> Scenery:
    """Fill a pipeline, the default one unless given, and make a spare one beside it; `label` begins what is said."""
    home = pipeline or await world.pipeline()
    stages = {stage.internal_name: stage for stage in home.stages}
    async with world.acting(Role.SUPER_ADMIN) as work:
        found = await pipelines.find_pipeline(work, Ref(id=home.id))

        async def opened(subject: str, stage: str) -> UUID:
            draft = tickets.TicketDraft(f"{label} {subject}", owner_id=world.second_agent.id)
            return await tickets.create_ticket(work, found, draft, stage=stages[stage], place=BOTTOM)

        first, neighbour, closed = (
            await opened("one", "new"),
            await opened("two", "new"),
            await opened("done", "closed"),
        )
        (own,) = (await properties.define_properties(work, [f"{label} number"])).values()
        spare = await pipelines.create_pipeline(work, label="Spare", stages=SPARE, limits=LIMITS)
        robot = await apps.create_app(
            work, name=f"{label} robot", permissions=["pipeline:view"], reach=AppReach.LISTED, listed=[home.id]
        )
        (secret,) = (await apps.find_app(work, robot.app_id)).secrets
    staff = await _staff(world, label)
    async with world.looking(Role.VIEWER) as work:
        ticket, seen = await tickets.find_ticket(work, first), await pipelines.list_pipelines(work)
    return Scenery(
        world=world,
        pipeline=gid(home),
        internal_name=home.internal_name,
        spare=global_id(Kind.PIPELINE, spare),
        pipelines=[gid(each) for each in seen],
        stages=[gid(stage) for stage in home.stages],
        stage=gid(stages["new"]),
        empty=gid(stages["waiting_on_us"]),
        closing=gid(stages["closed"]),
        ticket=gid(ticket),
        key=ticket.key,
        neighbour=global_id(Kind.TICKET, neighbour),
        closed=global_id(Kind.TICKET, closed),
        cursor=cursor_of(ticket, stages["new"]),
        user=gid(world.users[Role.AGENT]),
        team=gid(world.teams["blue"]),
        own_property=own.internal_name,
        app=global_id(Kind.APP, robot.app_id),
        app_secret=global_id(Kind.APP_SECRET, secret.secret.id),
        member_cursor=member_cursor_of(world.users[Role.AGENT]),
        **staff,
    )


async def _staff(world: World, label: str) -> dict[str, str]:
    """A custom role that nobody holds and one that somebody does, somebody invited, somebody who left, and a team that
    is inactive.
    """
    role = await member_actions.define(world, "ticket:view", name=f"{label} free role")
    held = await member_actions.define(world, "ticket:view", name=f"{label} held role")
    domain = f"{label.lower()}.{world.slug}.test"
    invited = await member_actions.invite(world, f"invited@{domain}", name=f"{label} invited")
    left = await member_actions.hire(
        world, f"left@{domain}", name=f"{label} left", to_be=member_actions.roles(Role.AGENT)
    )
    await member_actions.deactivate(world, left)
    keeping = member_actions.roles(Role.AGENT, custom=(held,))
    await member_actions.appoint(world, world.second_agent, keeping, who=Role.OPERATOR)
    async with world.acting(Role.SUPER_ADMIN) as work:
        idle = await people.create_team(work, name=f"{label} idle", members=[])
        await people.deactivate_team(work, idle)
    return {
        "role": global_id(Kind.ROLE, role),
        "invited": global_id(Kind.USER, invited.user_id),
        "left": global_id(Kind.USER, left.id),
        "idle_team": global_id(Kind.TEAM, idle),
    }


def member_cursor_of(user: User) -> str:
    """The cursor that the application of the tests gives for a member."""
    place = NameCursor(user.name, user.id)
    return seal_name(SealedCursors(SECRET), place, bound_to_members(user.account_id))


def cursor_of(ticket: Ticket, stage: Stage) -> str:
    """The cursor that the application of the tests gives for a card."""
    bound = bound_to(stage.account_id, stage.id)
    return seal_card(SealedCursors(SECRET), bound, stage.rank_epoch, ticket.rank, ticket.id)
