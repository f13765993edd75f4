"""A small account to test in: one user for each role, two teams, and ways to act as each of them.

Every world is an account of its own, so tests of one database never meet.
"""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from uuid import UUID, uuid4

from domain import accounts, pipelines
from domain.accounts import Team, User
from domain.database.model import new_id
from domain.pipelines import Pipeline, StageDraft, StageState
from domain.reference import Ref
from domain.unit_of_work import LoadActor, Sessions, UnitOfWork, reading, writing
from policies import Plan, Role, Tier

LIMITS = {Tier.FREE: 1, Tier.STARTER: 2, Tier.PROFESSIONAL: 15, Tier.ENTERPRISE: 100}
PEOPLE = [role for role in Role if role is not Role.OPERATOR]


@dataclass
class World:
    """An account and who is in it."""

    sessions: Sessions
    account_id: UUID
    slug: str
    users: dict[Role, User]
    second_agent: User
    teams: dict[str, Team]

    def acting(self, who: Role | User) -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work that may change things, as the user with that role, or as that user."""
        return writing(self.sessions, self.account_id, self._admit(who))

    def looking(self, who: Role | User) -> AbstractAsyncContextManager[UnitOfWork]:
        """A read-only unit of work."""
        return reading(self.sessions, self.account_id, self._admit(who))

    async def on(self, tier: Tier) -> None:
        """Put the account on a plan."""
        async with self.acting(Role.OPERATOR) as work:
            await accounts.change_plan(work, tier)

    async def pipeline(self, ref: Ref | None = None) -> Pipeline:
        """A pipeline as the operator sees it, the default one unless named."""
        async with self.looking(Role.OPERATOR) as work:
            return await pipelines.find_pipeline(work, ref)

    async def add_pipeline(self, *states: StageState, label: str = "Returns") -> Pipeline:
        """Another pipeline, with stages of those states or the default ones."""
        drafts = [StageDraft(f"{state.value.title()} {place}", state) for place, state in enumerate(states, start=1)]
        async with self.acting(Role.SETTINGS_EDITOR) as work:
            made = await pipelines.create_pipeline(work, label=label, stages=drafts or None, limits=LIMITS)
        return await self.pipeline(Ref(id=made))

    def _admit(self, who: Role | User) -> LoadActor:
        if who is Role.OPERATOR:
            return accounts.operator(self.account_id)
        return accounts.member(self.account_id, self.users[who].id if isinstance(who, Role) else who.id)


async def make_world(sessions: Sessions, tier: Tier = Tier.ENTERPRISE, *, email: str = "") -> World:
    """Found an account on a plan, with everybody in it; `email` is what their addresses end in."""
    account_id, slug = new_id(), f"world-{uuid4().hex[:12]}"
    plan = Plan(tier, Tier.FREE)
    async with writing(sessions, account_id, accounts.as_founder(account_id, plan)) as work:
        await pipelines.create_account(work, name=slug.title(), slug=slug, plan=plan)
    users: dict[Role, User] = {}
    async with writing(sessions, account_id, accounts.operator(account_id)) as work:
        for role in PEOPLE:
            users[role] = await _add(work, role.value, role, email or f"{slug}.test")
        second = await _add(work, "second agent", Role.AGENT, email or f"{slug}.test")
        await work.session.flush()
        teams = {
            "blue": await accounts.add_team(work, name="Blue", members=[users[Role.AGENT].id]),
            "red": await accounts.add_team(work, name="Red", members=[second.id]),
        }
    return World(sessions, account_id, slug, users, second, teams)


async def _add(work: UnitOfWork, name: str, role: Role, domain: str) -> User:
    address = f"{name.replace(' ', '_')}@{domain}"
    return await accounts.add_user(work, name=name.title(), email=address, roles=frozenset({role}))
