"""The executor of the endpoint: graphql-core's, except that plain subtrees are completed by compiled functions.

The functions belong to an operation's `CompiledSelections`, which live as long as the parsed document. What cannot be
compiled, and any value that a compiled function does not accept, is completed by graphql-core as usual
(server/graphql/compiler/selection.py).
"""

from typing import Any, TypeAlias

from graphql import (
    DirectiveNode,
    DocumentNode,
    GraphQLList,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    VariableNode,
    Visitor,
    get_nullable_type,
    visit,
)
from graphql.execution.collect_fields import FieldDetails
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from server.graphql.compiler.selection import CompiledSelection, compile_selection

Key: TypeAlias = tuple[Any, ...]

_MAX_SELECTIONS = 256  # of one operation: its plain subtrees, once for each outcome of @skip and @include seen so far


class CompiledSelections:
    """The compiled subtrees of one operation. Compiled from its second run on: a document that runs once is not worth
    it.
    """

    def __init__(self, document: DocumentNode) -> None:
        self._found: dict[Key, CompiledSelection | None] = {}
        self._ran_before = False
        self.condition_variables = _condition_variables(document)

    def start_run(self) -> bool:
        """Whether this run may use compiled selections."""
        ran_before, self._ran_before = self._ran_before, True
        return ran_before

    def find(
        self, executor: "CompilingExecutor", return_type: GraphQLOutputType, details: list[FieldDetails]
    ) -> CompiledSelection | None:
        """The function for a subtree, compiled on first use; None for a subtree that cannot be compiled."""
        key = (return_type, *[id(each.node) for each in details], *executor.conditions)
        try:
            return self._found[key]
        except KeyError:
            if len(self._found) >= _MAX_SELECTIONS:
                self._found.clear()
            self._found[key] = found = _compile(executor, return_type, details)
            return found


class CompilingExecutor(StrawberryGraphQLCoreExecutionContext):
    """Executes one operation, with or without compiled selections."""

    def __init__(self, *args: Any, compiled: CompiledSelections | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usable = compiled is not None and self.error_propagation and self.middleware_manager is None
        self._compiled = compiled if compiled is not None and usable and compiled.start_run() else None
        values = self.variable_values.coerced
        # Part of the key of each subtree: they decide which of its fields are selected.
        self.conditions = [values.get(name) for name in compiled.condition_variables] if compiled is not None else []

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: list[FieldDetails],
        path: Path,
        position_context: Any,
    ) -> Any:
        """Resolve and complete a field; the context of a root field is first given whether its rows may be rendered."""
        if self._compiled and path.prev is None:
            self._announce(self._compiled, parent_type, field_details_list, path)
        return super().execute_field(parent_type, source, field_details_list, path, position_context)

    def _announce(
        self, compiled: CompiledSelections, parent_type: GraphQLObjectType, details: list[FieldDetails], path: Path
    ) -> None:
        renderable: set[Any] | None = getattr(self.context_value, "renderable", None)
        field = self.schema.get_field(parent_type, details[0].node.name.value)
        kind = get_nullable_type(field.type) if field else None
        if renderable is not None and isinstance(kind, GraphQLObjectType):
            selection = compiled.find(self, kind, details)
            if selection and selection.renderable:
                renderable.add(path.key)

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_details_list: list[FieldDetails],
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Complete an object, by a compiled function where its subtree is plain."""
        selection = self._compiled and self._compiled.find(self, return_type, field_details_list)
        if selection:
            try:
                return selection.complete(result)
            except Exception:  # noqa: BLE001, S110 (the executor meets the same value again and reports the error)
                pass
        return super().complete_object_value(return_type, field_details_list, info, path, result, position_context)

    def complete_list_value(
        self,
        return_type: GraphQLList[Any],
        field_details_list: list[FieldDetails],
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Complete a list, by a compiled function where the subtree of its items is plain."""
        selection = self._compiled and self._compiled.find(self, return_type, field_details_list)
        if selection:
            try:
                return selection.complete(result)
            except Exception:  # noqa: BLE001, S110 (as above)
                pass
        return super().complete_list_value(return_type, field_details_list, info, path, result, position_context)


def _compile(
    executor: CompilingExecutor, return_type: GraphQLOutputType, details: list[FieldDetails]
) -> CompiledSelection | None:
    if any(each.defer_usage or each.fragment_variable_values for each in details):
        return None
    try:
        return compile_selection(return_type, details, executor.collect_subfields)
    except Exception:  # noqa: BLE001 (NotCompilable; any other error the executor meets again, as that of a field)
        return None


def _condition_variables(document: DocumentNode) -> list[str]:
    """The variables that @skip and @include use anywhere in a document."""

    class Conditions(Visitor):
        names: set[str] = set()  # noqa: RUF012 (one class for each document)

        def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
            values = [argument.value for argument in node.arguments or ()]
            self.names |= {value.name.value for value in values if isinstance(value, VariableNode)}

    conditions = Conditions()
    visit(document, conditions)
    return sorted(conditions.names)
