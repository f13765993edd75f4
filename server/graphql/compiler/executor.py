"""The executor of the endpoint: graphql-core's, save that plain subtrees are completed by compiled functions.

It is given the operation's `Plans`, which live as long as the parsed document. What cannot be compiled, and whatever a
compiled function declines, is completed as ever (server/graphql/compiler/selection.py).
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

from server.graphql.compiler.selection import Compiled, compiled

Key: TypeAlias = tuple[Any, ...]

_MOST_PLANS = 256  # of one operation: its plain subtrees, each with every outcome of @skip and @include seen so far


class Plans:
    """The compiled subtrees of one operation, made from its second run on: what is asked once is not worth it."""

    def __init__(self, document: DocumentNode) -> None:
        self._found: dict[Key, Compiled | None] = {}
        self._seen = False
        self.conditions = _conditions(document)

    def begin(self) -> bool:
        """Whether this run may use them."""
        seen, self._seen = self._seen, True
        return seen

    def find(
        self, executor: "CompilingExecutor", return_type: GraphQLOutputType, details: list[FieldDetails]
    ) -> Compiled | None:
        """The function for a subtree, compiled where it is met for the first time; None for one that is not plain."""
        key = (return_type, *[id(each.node) for each in details], *executor.outcomes)
        try:
            return self._found[key]
        except KeyError:
            if len(self._found) >= _MOST_PLANS:
                self._found.clear()
            self._found[key] = found = _compile(executor, return_type, details)
            return found


class CompilingExecutor(StrawberryGraphQLCoreExecutionContext):
    """Executes one operation, with `plans` or without."""

    def __init__(self, *given: Any, plans: Plans | None = None, **named: Any) -> None:
        super().__init__(*given, **named)
        plain = plans is not None and self.error_propagation and self.middleware_manager is None
        self._plans = plans if plans is not None and plain and plans.begin() else None
        values = self.variable_values.coerced
        # Part of the key of each subtree: which of its fields are there at all.
        self.outcomes = [values.get(name) for name in plans.conditions] if plans is not None else []

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: list[FieldDetails],
        path: Path,
        position_context: Any,
    ) -> Any:
        """A field; before a root field is resolved, its resolver is told whether its rows may come rendered."""
        if self._plans and path.prev is None:
            self._tell(self._plans, parent_type, field_details_list, path)
        return super().execute_field(parent_type, source, field_details_list, path, position_context)

    def _tell(self, plans: Plans, parent_type: GraphQLObjectType, details: list[FieldDetails], path: Path) -> None:
        told: set[Any] | None = getattr(self.context_value, "renderable", None)
        field = self.schema.get_field(parent_type, details[0].node.name.value)
        kind = get_nullable_type(field.type) if field else None
        if told is not None and isinstance(kind, GraphQLObjectType):
            plan = plans.find(self, kind, details)
            if plan and plan.renderable:
                told.add(path.key)

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_details_list: list[FieldDetails],
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """An object, at once where its subtree is plain."""
        plan = self._plans and self._plans.find(self, return_type, field_details_list)
        if plan:
            try:
                return plan.complete(result)
            except Exception:  # noqa: BLE001, S110 (whatever it was, the executor meets it again and says it)
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
        """A list, at once where the subtree of its items is plain."""
        plan = self._plans and self._plans.find(self, return_type, field_details_list)
        if plan:
            try:
                return plan.complete(result)
            except Exception:  # noqa: BLE001, S110
                pass
        return super().complete_list_value(return_type, field_details_list, info, path, result, position_context)


def _compile(
    executor: CompilingExecutor, return_type: GraphQLOutputType, details: list[FieldDetails]
) -> Compiled | None:
    if any(each.defer_usage or each.fragment_variable_values for each in details):
        return None
    try:
        return compiled(return_type, details, executor.collect_subfields)
    except Exception:  # noqa: BLE001 (if it is more than NotPlain, the executor meets it again, where it is a field's error)
        return None


def _conditions(document: DocumentNode) -> list[str]:
    """The variables that @skip and @include ask for anywhere in a document."""

    class Finding(Visitor):
        names: set[str] = set()  # noqa: RUF012 (of this one walk)

        def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
            values = [argument.value for argument in node.arguments or ()]
            self.names |= {value.name.value for value in values if isinstance(value, VariableNode)}

    finding = Finding()
    visit(document, finding)
    return sorted(finding.names)
