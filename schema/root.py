"""The schema: all root fields together, and the function that builds it for whoever serves it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import strawberry
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig

from schema.accounts import AccountMutation, AccountQuery
from schema.errors import ERROR_TYPES
from schema.nodes import NodeQuery
from schema.pipelines.mutations import PipelineMutation
from schema.pipelines.queries import PipelineQuery
from schema.pipelines.stage_mutations import StageMutation
from schema.properties import PropertyQuery
from schema.scalars import DATE_TIME
from schema.tickets.mutations import TicketMutation
from schema.tickets.queries import TicketQuery

Extensions = Iterable[type[SchemaExtension] | Callable[[], SchemaExtension]]


@strawberry.type(description="Everything that can be asked.")
class Query(AccountQuery, PropertyQuery, PipelineQuery, TicketQuery, NodeQuery):
    """All queries."""


@strawberry.type(description="Everything that can be done; the fields of one request are done one after the other.")
class Mutation(AccountMutation, PipelineMutation, StageMutation, TicketMutation):
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
