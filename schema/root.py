"""The schema: all root fields together, and the function that builds it for whoever serves it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import strawberry
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig

from schema.access.mutations import AccessMutation
from schema.access.queries import AccessQuery
from schema.accounts import AccountMutation, AccountQuery
from schema.apps.mutations import AppMutation
from schema.apps.queries import AppQuery
from schema.audit.queries import AuditQuery
from schema.errors import ERROR_TYPES
from schema.nodes import NodeQuery
from schema.oidc import OidcMutation
from schema.people.mutations import PeopleMutation
from schema.people.queries import PeopleQuery
from schema.people.role_mutations import RoleMutation
from schema.people.team_mutations import TeamMutation
from schema.pipelines.mutations import PipelineMutation
from schema.pipelines.queries import PipelineQuery
from schema.pipelines.stage_mutations import StageMutation
from schema.properties import PropertyQuery
from schema.scalars import DATE_TIME
from schema.sessions import SessionMutation, SessionQuery
from schema.tickets.mutations import TicketMutation
from schema.tickets.queries import TicketQuery
from schema.viewer import ViewerQuery

Extensions = Iterable[type[SchemaExtension] | Callable[[], SchemaExtension]]


@strawberry.type(description="Everything that can be asked.")
class Query(
    ViewerQuery,
    AccountQuery,
    SessionQuery,
    PeopleQuery,
    PropertyQuery,
    PipelineQuery,
    AccessQuery,
    TicketQuery,
    AppQuery,
    AuditQuery,
    NodeQuery,
):
    """All queries."""


@strawberry.type(description="Everything that can be done; the fields of one request are done one after the other.")
class Mutation(
    AccountMutation,
    OidcMutation,
    SessionMutation,
    PeopleMutation,
    TeamMutation,
    RoleMutation,
    PipelineMutation,
    StageMutation,
    AccessMutation,
    AppMutation,
    TicketMutation,
):
    """All mutations."""


def build(
    extensions: Extensions = (),
    execution_context_class: Any = None,
) -> strawberry.Schema:
    """The schema, with what the server adds to its execution (settled choice 14)."""
    return strawberry.Schema(
        query=Query,
        mutation=Mutation,
        types=ERROR_TYPES,
        extensions=extensions,
        execution_context_class=execution_context_class,
        config=StrawberryConfig(scalar_map={datetime: DATE_TIME}),
    )
