"""Founding the demo account: who is in it, and the pipelines that its tickets travel.

Passwords are random; whoever calls prints them, once.
"""

import secrets
from typing import NamedTuple
from uuid import UUID

from domain import access, accounts, pipelines, properties
from domain.database.model import new_id
from domain.pipelines import StageDraft, StageState
from domain.unit_of_work import Sessions, UnitOfWork, unbound, writing
from policies import Level, Plan, Role, Tier
from server.auth.passwords import Argon2Passwords

SLUG = "demo"
SUPPORT, ONBOARDING, BILLING = "Support Pipeline", "Onboarding", "Billing"
FRONT_DESK, ACCOUNTING = "Front desk", "Accounting"
PRODUCT, CHANNEL = "Product", "Channel"

_PLAN = Plan(Tier.ENTERPRISE, Tier.ENTERPRISE)
_ONBOARDING_STAGES = [
    StageDraft("Requested", StageState.OPEN),
    StageDraft("Call planned", StageState.OPEN),
    StageDraft("Setting up", StageState.OPEN),
    StageDraft("Trial", StageState.OPEN),
    StageDraft("Live", StageState.CLOSED),
    StageDraft("Not now", StageState.CLOSED),
]
_BILLING_STAGES = [
    StageDraft("New", StageState.OPEN),
    StageDraft("With accounting", StageState.OPEN),
    StageDraft("Waiting on customer", StageState.OPEN),
    StageDraft("Settled", StageState.CLOSED),
]


class Person(NamedTuple):
    """Somebody of the demo account."""

    name: str
    email: str
    role: Role
    teams: tuple[str, ...] = ()


PEOPLE = (
    Person("Ada Okafor", "ada@demo.test", Role.SUPER_ADMIN),
    Person("Sam Lindqvist", "sam@demo.test", Role.SETTINGS_EDITOR, (ACCOUNTING,)),
    Person("Wes Tanaka", "wes@demo.test", Role.WORKFLOW_EDITOR),
    Person("Amy de Boer", "amy@demo.test", Role.AGENT, (FRONT_DESK,)),
    Person("Ben Costa", "ben@demo.test", Role.AGENT, (FRONT_DESK, ACCOUNTING)),
    Person("Vic Moreau", "vic@demo.test", Role.VIEWER),
)


async def find_demo(sessions: Sessions) -> UUID | None:
    """The demo account, or None where it was never founded."""
    async with unbound(sessions) as session:
        found = await accounts.look_up(session, accounts.DirectoryKind.ACCOUNT, SLUG)
    return found[0].account_id if found else None


async def found_demo(sessions: Sessions, limits: accounts.PipelineLimits) -> tuple[UUID, dict[str, str]]:
    """Found the demo account, without tickets; returns its id and the passwords of those whose identity is new."""
    account_id = new_id()
    given = await _make_passwords(sessions)
    async with writing(sessions, account_id, accounts.as_founder(account_id, _PLAN)) as work:
        await pipelines.create_account(work, name="Demo", slug=SLUG, plan=_PLAN)
        teams = await _add_people(work, {email: hashed for email, (_, hashed) in given.items()})
        await properties.define_properties(work, [PRODUCT, CHANNEL])
        await pipelines.create_pipeline(work, label=ONBOARDING, stages=_ONBOARDING_STAGES, limits=limits)
        billing = await pipelines.create_pipeline(work, label=BILLING, stages=_BILLING_STAGES, limits=limits)
        await _show_product(work)
        grants = [access.Grantee(Level.EDIT, team_id=teams[ACCOUNTING])]
        await access.set_pipeline_access(work, billing, access.AccessMode.RESTRICTED, grants)
    return account_id, {email: password for email, (password, _) in given.items()}


async def _make_passwords(sessions: Sessions) -> dict[str, tuple[str, str]]:
    """A random password and its hash for each person who has none; an identity that exists keeps its own."""
    hasher = Argon2Passwords()
    made: dict[str, tuple[str, str]] = {}
    for person in PEOPLE:
        async with unbound(sessions) as session:
            identity = await accounts.find_identity(session, person.email)
        if identity is None:
            password = secrets.token_urlsafe(12)
            made[person.email] = (password, await hasher.hash(password))
    hasher.close()
    return made


async def _add_people(work: UnitOfWork, hashes: dict[str, str]) -> dict[str, UUID]:
    """Add the people and their teams; returns the teams by name."""
    members: dict[str, list[UUID]] = {FRONT_DESK: [], ACCOUNTING: []}
    for person in PEOPLE:
        roles = frozenset({person.role})
        user = await accounts.add_user(
            work, name=person.name, email=person.email, roles=roles, password_hash=hashes.get(person.email)
        )
        for team in person.teams:
            members[team].append(user.id)
    return {name: (await accounts.add_team(work, name=name, members=users)).id for name, users in members.items()}


async def _show_product(work: UnitOfWork) -> None:
    """Let the cards of the first pipeline show what the others do not."""
    support = await pipelines.find_pipeline(work, None)
    await pipelines.set_pipeline_card(work, support, ["key", "priority", "owner", "product", "created_at"])
