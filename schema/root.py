"""The schema: all root fields together, and the function that builds it for whoever serves it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import strawberry
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import create_type
from strawberry.types.field import StrawberryField

from schema.access.queries import AccessQuery
from schema.accounts.queries import AccountQuery
from schema.apps.queries import AppQuery
from schema.audit.queries import AuditQuery
from schema.boards.queries import BoardQuery
from schema.errors import ERROR_TYPES
from schema.nodes import NodeQuery
from schema.people.queries import PeopleQuery
from schema.pipelines.queries import PipelineQuery
from schema.properties.queries import PropertyQuery
from schema.scalars import DATE_TIME
from schema.tickets.queries import TicketQuery

Extensions = Iterable[type[SchemaExtension] | Callable[[], SchemaExtension]]


_MUTATION = "Every change that can be made. The fields of one request run one after the other, each by itself."


@strawberry.type(description="Everything that can be asked.")
class Query(
    AccountQuery,
    PeopleQuery,
    PropertyQuery,
    PipelineQuery,
    AccessQuery,
    BoardQuery,
    TicketQuery,
    AppQuery,
    AuditQuery,
    NodeQuery,
):
    """All queries."""


def mutations() -> list[StrawberryField]:
    """Every mutation: the field that bears the name of its file, in the order of folders and files."""
    folder = Path(__file__).parent
    files = sorted(folder.glob("*/*.py"))
    fields = [vars(import_module(f"schema.{each.parent.name}.{each.stem}")).get(each.stem) for each in files]
    return [field for field in fields if isinstance(field, StrawberryField)]


def build(
    extensions: Extensions = (),
    execution_context_class: Any = None,
) -> strawberry.Schema:
    """The schema, with what the server adds to its execution (settled choice 14)."""
    return strawberry.Schema(
        query=Query,
        mutation=create_type("Mutation", mutations(), description=_MUTATION),
        types=ERROR_TYPES,
        extensions=extensions,
        execution_context_class=execution_context_class,
        config=StrawberryConfig(scalar_map={datetime: DATE_TIME}),
    )
