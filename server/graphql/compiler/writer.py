"""What the parts of the compiler share: the interface of the writer of functions."""

from typing import Any, Protocol, TypeAlias

from graphql import GraphQLField, GraphQLObjectType, GraphQLOutputType
from graphql.execution.collect_fields import FieldDetails

from server.graphql.compiler.plain_fields import NotCompilable

Details: TypeAlias = list[FieldDetails]
Selected: TypeAlias = list[tuple[str, GraphQLField | None, Details]]


class Writer(Protocol):
    """Writes functions as Python source; implemented in server/graphql/compiler/selection.py."""

    def named(self, value: Any) -> str:
        """A name by which the source refers to a value."""

    def new_variable(self) -> str:
        """An unused name."""

    def function(self, parameters: str, lines: list[str]) -> str:
        """Define a function; returns its name."""

    def selected(self, kind: GraphQLObjectType, details: Details) -> Selected:
        """The selected fields by their response names; None in place of the field for __typename."""

    def expression(self, kind: GraphQLOutputType, name: str, details: Details) -> str:
        """The expression that completes the variable of that name."""


def reject_streams(details: Details) -> None:
    """Raise NotCompilable where a list is streamed."""
    if any(each.name.value == "stream" for detail in details for each in detail.node.directives or ()):
        raise NotCompilable("@stream")
