"""Finding anything by its id; things of one kind are found together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain import accounts, apps, people, pipelines, tickets
from domain.apps import SecretFacts
from domain.pipelines import AnyPipeline, AnyStage
from domain.unit_of_work import UnitOfWork
from resolvers.accounts import AccountView, account_view
from resolvers.apps import AppsView, view_of
from resolvers.audit import AuditView, find_audit_events
from resolvers.context import Context
from resolvers.people import Members
from resolvers.related import AnyTicket, Includes, Related, load_related
from resolvers.sessions import SessionsView


@dataclass(frozen=True)
class NodesView:
    """What was found of what was asked for, by id; what the viewer may not see is absent."""

    related: Related
    account: AccountView | None
    pipelines: Mapping[UUID, AnyPipeline]
    stages: Mapping[UUID, AnyStage]
    tickets: Mapping[UUID, AnyTicket]
    users: dict[UUID, accounts.User]
    teams: dict[UUID, accounts.Team]
    apps: dict[UUID, AppsView]
    secrets: dict[UUID, SecretFacts]
    roles: dict[UUID, accounts.CustomRole]
    members: Members | None
    sessions: SessionsView
    audit_events: dict[UUID, AuditView]


@dataclass(frozen=True)
class AskedFor:
    """Ids by kind of thing."""

    account: bool
    pipelines: Sequence[UUID]
    stages: Sequence[UUID]
    tickets: Sequence[UUID]
    users: Sequence[UUID]
    teams: Sequence[UUID]
    apps: Sequence[UUID]
    secrets: Sequence[UUID]
    roles: Sequence[UUID]
    sessions: Sequence[UUID]
    audit_events: Sequence[UUID]


async def find_nodes(context: Context, asked: AskedFor, includes: Includes) -> NodesView:
    """Everything of the asked-for that the viewer sees; as many statements as there are kinds."""
    async with context.reading() as work:
        found = await pipelines.read_pipelines(work, asked.pipelines) if asked.pipelines else {}
        homes = await pipelines.find_pipelines_of_stages(work, asked.stages) if asked.stages else {}
        subjects = await tickets.read_tickets(work, asked.tickets, wide=includes.wide) if asked.tickets else {}
        related = await load_related(
            work, includes, found=[*found.values(), *homes.values()], subjects=[*subjects.values()]
        )
        return NodesView(
            related=related,
            account=await account_view(context, work) if asked.account else None,
            pipelines=found,
            stages={stage.id: stage for home in homes.values() for stage in home.stages if stage.id in asked.stages},
            tickets=subjects,
            users=await accounts.find_users(work, asked.users),
            teams=await accounts.find_teams(work, asked.teams),
            apps=await _find_apps(work, asked.apps, includes),
            secrets=await apps.find_secrets(work, asked.secrets),
            roles=await people.find_custom_roles(work, asked.roles),
            members=await people.find_members_of_teams(work, asked.teams) if includes.members else None,
            sessions=SessionsView(await accounts.find_sessions(work, asked.sessions), work.actor.token_id),
            audit_events=await find_audit_events(work, asked.audit_events, includes),
        )


async def _find_apps(work: UnitOfWork, ids: Sequence[UUID], includes: Includes) -> dict[UUID, AppsView]:
    found = await apps.find_apps(work, ids)
    if not found:
        return {}
    related = (await view_of(work, list(found.values()), includes)).related
    return {app_id: AppsView([facts], related) for app_id, facts in found.items()}
