"""Root fields that find anything by its global id."""

from typing import Annotated
from uuid import UUID

import strawberry
from strawberry import ID, argument

from resolvers import nodes as resolvers
from schema.accounts.session import Session
from schema.accounts.types import Account, Team, User
from schema.apps.app_payload import app_of
from schema.apps.types import AppSecret
from schema.audit.types import shape_event
from schema.errors import BadInput
from schema.ids import Kind, read_id
from schema.info import Info, includes_of
from schema.node import Node
from schema.people.roles import CustomRole
from schema.pipelines.stage import Stage
from schema.pipelines.types import pipeline_of
from schema.presenter import Presenter
from schema.tickets.types import Ticket

MOST_NODES = 100


@strawberry.type
class NodeQuery:
    """Relay's root fields."""

    @strawberry.field(description="The thing with this global id; null when there is none for the viewer.")
    async def node(self, info: Info, id: Annotated[ID, argument(description="A global id.")]) -> Node | None:
        """Hidden, deleted and unknown things are one answer (B16)."""
        return (await _find(info, [id]))[0]

    @strawberry.field(
        description="The things with these global ids, in their order; null for each that there is not for the viewer."
    )
    async def nodes(
        self, info: Info, ids: Annotated[list[ID], argument(description="Global ids, at most 100.")]
    ) -> list[Node | None]:
        """As `node`, for many."""
        if len(ids) > MOST_NODES:
            raise BadInput(f"`nodes` takes at most {MOST_NODES} ids, not {len(ids)}.")
        return await _find(info, ids)


async def _find(info: Info, ids: list[ID]) -> list[Node | None]:
    keys = [read_id(given) for given in ids]

    def of(kind: Kind) -> list[UUID]:
        return [uuid for found, uuid in keys if found is kind]

    asked = resolvers.AskedFor(
        account=bool(of(Kind.ACCOUNT)),
        pipelines=of(Kind.PIPELINE),
        stages=of(Kind.STAGE),
        tickets=of(Kind.TICKET),
        users=of(Kind.USER),
        teams=of(Kind.TEAM),
        apps=of(Kind.APP),
        secrets=of(Kind.APP_SECRET),
        roles=of(Kind.ROLE),
        sessions=of(Kind.SESSION),
        audit_events=of(Kind.AUDIT_EVENT),
    )
    view = await resolvers.find_nodes(info.context, asked, includes_of(info))
    presenter = Presenter(view.related)
    return [_shape(view, presenter, kind, uuid) for kind, uuid in keys]


def _shape(view: resolvers.NodesView, presenter: Presenter, kind: Kind, id: UUID) -> Node | None:
    match kind:
        case Kind.ACCOUNT:
            return Account.of(view.account) if view.account and view.account.account.id == id else None
        case Kind.PIPELINE:
            return pipeline_of(id, presenter) if id in view.pipelines else None
        case Kind.STAGE:
            return Stage.of(view.stages[id]) if id in view.stages else None
        case Kind.TICKET:
            return Ticket.of(view.tickets[id], presenter) if id in view.tickets else None
        case _:
            return _shape_of_people(view, kind, id)


def _shape_of_people(view: resolvers.NodesView, kind: Kind, id: UUID) -> Node | None:
    match kind:
        case Kind.USER:
            return User.of(view.users[id]) if id in view.users else None
        case Kind.TEAM:
            return Team.of(view.teams[id], view.members) if id in view.teams else None
        case Kind.APP:
            return app_of(view.apps.get(id))
        case Kind.APP_SECRET:
            return AppSecret.of(view.secrets[id]) if id in view.secrets else None
        case Kind.ROLE:
            return CustomRole.of(view.roles[id]) if id in view.roles else None
        case Kind.SESSION:
            return Session.of(view.sessions, id) if id in view.sessions.sessions else None
        case Kind.AUDIT_EVENT:
            return shape_event(view.audit_events.get(id))
        case _:
            return None
