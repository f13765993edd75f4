"""Constellations: who holds what, and what was granted to whom, drawn at random and laid into a world that has one
pipeline and one ticket for it.

What explains or reviews access is held against what finders do in many of them.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from hypothesis import strategies as st
from sqlalchemy import text

from domain.accounts import User
from domain.actor import AppReach, Reach
from domain.database.model import new_id
from domain.pipelines import Pipeline
from domain.reference import Ref
from domain.unit_of_work import UnitOfWork
from policies import Permission, Role, Tier, may_be_given
from tests.support import actions
from tests.support.world import PEOPLE, World

MEMBERS = [Role.AGENT, Role.VIEWER, Role.SETTINGS_EDITOR]
TEAMS = ["blue", "red"]
GIVABLE = [permission.value for permission in Permission if may_be_given(permission)]


class Person(NamedTuple):
    """What one of the members is: of roles and scopes, of teams, and of what was granted to them."""

    roles: list[str]
    active: bool
    view: tuple[str, bool]
    edit: tuple[str, bool]
    teams: list[str]
    custom_roles: list[int]
    grant: tuple[str, str | None] | None


class Program(NamedTuple):
    """What an app is."""

    permissions: list[str]
    reach: str
    listed: bool
    sponsored: bool
    deleted: bool


@dataclass(frozen=True)
class Constellation:
    """Everything that a decision can rest on. An end is an interval from now; the owner is a place in MEMBERS."""

    tier: Tier
    mode: str
    creator: int | None
    people: list[Person]
    team_grants: list[tuple[str, str | None] | None]
    active_teams: list[bool]
    custom_roles: list[list[str]]
    owner: int | None
    team: int | None
    apps: list[Program]


_ENDS = st.sampled_from([None, "-1 second", "1 day"])
_GRANTS = st.none() | st.tuples(st.sampled_from(["VIEW", "EDIT"]), _ENDS)
_NUMBERS = st.none() | st.integers(0, len(MEMBERS) - 1)
_ROLES = st.lists(st.sampled_from([role.value for role in PEOPLE]), max_size=2, unique=True)
_PEOPLE = st.builds(
    Person,
    roles=_ROLES,
    active=st.sampled_from([True, True, True, False]),
    view=st.tuples(st.sampled_from([Reach.ALL, Reach.ALL, Reach.TEAM, Reach.OWN]), st.booleans()),
    edit=st.tuples(st.sampled_from(list(Reach)), st.booleans()),
    teams=st.lists(st.sampled_from(TEAMS), unique=True),
    custom_roles=st.lists(st.sampled_from([0, 1]), unique=True),
    grant=_GRANTS,
)
_APPS = st.builds(
    Program,
    permissions=st.lists(st.sampled_from(["pipeline:view", "ticket:write"]), unique=True),
    reach=st.sampled_from(list(AppReach)),
    listed=st.booleans(),
    sponsored=st.sampled_from([True, True, False]),
    deleted=st.sampled_from([False, False, True]),
)


def _exactly(count: int, of: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(of, min_size=count, max_size=count)


CONSTELLATIONS = st.builds(
    Constellation,
    tier=st.sampled_from(Tier),
    mode=st.sampled_from(["EVERYONE", "PRIVATE", "RESTRICTED", "RESTRICTED", "RESTRICTED"]),
    creator=_NUMBERS,
    people=_exactly(len(MEMBERS), _PEOPLE),
    team_grants=_exactly(len(TEAMS), _GRANTS),
    active_teams=_exactly(len(TEAMS), st.sampled_from([True, True, False])),
    custom_roles=_exactly(2, st.lists(st.sampled_from(GIVABLE), max_size=3, unique=True)),
    owner=_NUMBERS,
    team=st.none() | st.integers(0, len(TEAMS) - 1),
    apps=_exactly(2, _APPS),
)


@dataclass
class Sky:
    """A world in which constellations follow each other: always the same people, pipeline, ticket, roles and apps."""

    world: World
    pipeline: Pipeline
    ticket: UUID
    roles: list[UUID]
    apps: list[UUID]

    @property
    def members(self) -> list[User]:
        """Those that differ from constellation to constellation."""
        return [self.world.users[role] for role in MEMBERS]

    async def lay(self, constellation: Constellation) -> None:
        """Make everything as the constellation has it."""
        await self.world.on(constellation.tier)
        async with self.world.acting(Role.OPERATOR) as work:
            for table in ("pipeline_grant", "team_member", "custom_role_holder", "app_pipeline"):
                await self._do(work, f"DELETE FROM {table} WHERE account_id = :account")  # noqa: S608 (our own names)
            await self._lay_around(work, constellation)
            for user, person in zip(self.members, constellation.people, strict=True):
                await self._lay_person(work, user.id, person)
            for app_id, program in zip(self.apps, constellation.apps, strict=True):
                await self._lay_app(work, app_id, program)

    async def _lay_around(self, work: UnitOfWork, has: Constellation) -> None:
        creator = None if has.creator is None else self.members[has.creator].id
        mode = "UPDATE pipeline_access SET mode = :mode, created_by = :creator WHERE pipeline_id = :pipeline"
        await self._do(work, mode, mode=has.mode, creator=creator)
        owner = None if has.owner is None else self.members[has.owner].id
        team = None if has.team is None else self.world.teams[TEAMS[has.team]].id
        ticket = "UPDATE ticket SET owner_id = :owner, team_id = :team WHERE id = :ticket"
        await self._do(work, ticket, owner=owner, team=team, ticket=self.ticket)
        for role, permissions in zip(self.roles, has.custom_roles, strict=True):
            await self._do(work, "UPDATE custom_role SET permissions = :all WHERE id = :id", all=permissions, id=role)
        for name, active, grant in zip(TEAMS, has.active_teams, has.team_grants, strict=True):
            await self._do(
                work, "UPDATE team SET active = :active WHERE id = :id", active=active, id=self.world.teams[name].id
            )
            await self._grant(work, grant, team=self.world.teams[name].id)

    async def _lay_person(self, work: UnitOfWork, user: UUID, person: Person) -> None:
        scopes = "view_reach = :view, view_unassigned = :view_too, edit_reach = :edit, edit_unassigned = :edit_too"
        await self._do(
            work,
            f"UPDATE account_user SET roles = :roles, active = :active, {scopes} WHERE id = :user",  # noqa: S608
            roles=person.roles,
            active=person.active,
            view=person.view[0],
            view_too=person.view[1],
            edit=person.edit[0],
            edit_too=person.edit[1],
            user=user,
        )
        for name in person.teams:
            into = "INSERT INTO team_member (account_id, team_id, user_id) VALUES (:account, :team, :user)"
            await self._do(work, into, team=self.world.teams[name].id, user=user)
        for place in person.custom_roles:
            into = "INSERT INTO custom_role_holder (account_id, role_id, user_id) VALUES (:account, :role, :user)"
            await self._do(work, into, role=self.roles[place], user=user)
        await self._grant(work, person.grant, user=user)

    async def _grant(
        self,
        work: UnitOfWork,
        grant: tuple[str, str | None] | None,
        *,
        user: UUID | None = None,
        team: UUID | None = None,
    ) -> None:
        if grant is None:
            return
        level, end = grant
        columns = "account_id, id, pipeline_id, user_id, team_id, level, until"
        values = ":account, :id, :pipeline, :to_user, :to_team, :level, now() + CAST(CAST(:end AS text) AS interval)"
        await self._do(
            work,
            f"INSERT INTO pipeline_grant ({columns}) VALUES ({values})",  # noqa: S608 (our own names)
            id=new_id(),
            to_user=user,
            to_team=team,
            level=level,
            end=end,
        )

    async def _lay_app(self, work: UnitOfWork, app_id: UUID, program: Program) -> None:
        sponsor = self.world.users[Role.SUPER_ADMIN].id if program.sponsored else self.members[0].id
        await self._do(
            work,
            "UPDATE app SET permissions = :permissions, reach = :reach, sponsor_id = :sponsor, "
            "deleted_at = CASE WHEN :deleted THEN now() END WHERE id = :app",
            permissions=program.permissions,
            reach=program.reach,
            sponsor=sponsor,
            deleted=program.deleted,
            app=app_id,
        )
        if program.listed:
            into = "INSERT INTO app_pipeline (account_id, app_id, pipeline_id) VALUES (:account, :app, :pipeline)"
            await self._do(work, into, app=app_id)

    async def _do(self, work: UnitOfWork, statement: str, **values: Any) -> None:
        always = {"account": self.world.account_id, "pipeline": self.pipeline.id}
        given = {name: value for name, value in (always | values).items() if f":{name}" in statement}
        await work.session.execute(text(statement), given)


async def make_sky(world: World) -> Sky:
    """A world with what every constellation needs."""
    pipeline = await world.add_pipeline(label="Returns")
    ticket = await actions.open_ticket(world, to=Ref(id=pipeline.id))
    roles, apps = [new_id(), new_id()], [new_id(), new_id()]
    async with world.acting(Role.OPERATOR) as work:
        for place in (0, 1):
            await work.session.execute(
                text("INSERT INTO custom_role (account_id, id, name, permissions) VALUES (:account, :id, :name, '{}')"),
                {"account": world.account_id, "id": roles[place], "name": f"Custom {place}"},
            )
            await work.session.execute(
                text(
                    "INSERT INTO app (account_id, id, name, permissions, reach) "
                    "VALUES (:account, :id, :name, '{}', 'ALL')"
                ),
                {"account": world.account_id, "id": apps[place], "name": f"App {place}"},
            )
    return Sky(world, pipeline, ticket, roles, apps)
