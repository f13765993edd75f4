"""The cost of an operation: the number of its fields, each counted as often as the lists around it may repeat it.

The analysis runs once per document; a request only fills in list sizes, so that page sizes given in variables are cheap
to check. For validated documents within the limits of document_stats.py only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from math import ceil
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NameNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_introspection_type,
    is_list_type,
    value_from_ast_untyped,
)

# A field takes the page size for the connections in it: board(first: 50) sizes the cards of each stage.
_PAGE_ARGUMENTS = ("first", "last")
_PAGE_INFO = "pageInfo"
_LIST_ARGUMENT = "ids"

_WITH_FIELDS = (GraphQLObjectType, GraphQLInterfaceType)

# The number of items in a list: a number (an average in introspection), the variable that holds it, or unknown.
Size = int | float | str | None


@dataclass(slots=True)
class CostSum:
    """Fields counted once, and sums counted once per item of a list."""

    fixed: int = 0
    repeated: list[tuple[Size, "CostSum"]] = field(default_factory=list)

    def total(self, variables: Mapping[str, Any], assumed: int) -> float:
        """The number of fields for these variables; a list of unknown size counts as `assumed` items."""
        return self.fixed + sum(
            _items(size, variables, assumed) * part.total(variables, assumed) for size, part in self.repeated
        )

    def add(self, part: "CostSum", size: Size = 1) -> None:
        """Add another sum, `size` times."""
        if size == 1:
            self.fixed += part.fixed
            self.repeated += part.repeated
        else:
            self.repeated.append((size, part))


class Cost:
    """The cost of one operation as a function of its variables."""

    def __init__(self, operation: OperationDefinitionNode, total: CostSum) -> None:
        self._sum = total
        self._defaults = {
            one.variable.name.value: _literal_size(one.default_value)
            for one in operation.variable_definitions or ()
            if one.default_value is not None
        }

    def __call__(self, variables: Mapping[str, Any], assumed: int) -> int:
        """The number of fields that the operation may produce with these variables, as the client sent them."""
        total = self._sum.total({**self._defaults, **variables} if self._defaults else variables, assumed)
        return total if isinstance(total, int) else ceil(round(total, 3))


class CostAnalysis:
    """Analyses the cost of the operations of one document."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        self._known: dict[tuple[str, Size], CostSum] = {}

    def cost(self, operation: OperationDefinitionNode) -> Cost:
        """The cost of an operation of the document."""
        root = self._schema.get_root_type(operation.operation)
        return Cost(operation, self._selected(operation.selection_set, root, None))

    def _selected(self, selection_set: SelectionSetNode, parent: Any, page: Size) -> CostSum:
        total = CostSum()
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                self._count(node, parent, page, total)
            elif isinstance(node, FragmentSpreadNode):
                total.add(self._fragment(node.name.value, page))
            elif isinstance(node, InlineFragmentNode):
                narrowed = self._type(node.type_condition.name) if node.type_condition else parent
                total.add(self._selected(node.selection_set, narrowed, page))
        return total

    def _fragment(self, name: str, page: Size) -> CostSum:
        known = self._known.get((name, page))
        if known is None:
            fragment = self._fragments[name]
            parent = self._type(fragment.type_condition.name)
            known = self._known[name, page] = self._selected(fragment.selection_set, parent, page)
        return known

    def _type(self, name: NameNode) -> GraphQLNamedType | None:
        return self._schema.get_type(name.value)

    def _count(self, node: FieldNode, parent: Any, page: Size, total: CostSum) -> None:
        total.fixed += 1
        definition = self._schema.get_field(parent, node.name.value)
        if node.selection_set is None or definition is None:
            return
        if is_introspection_type(get_named_type(definition.type)):
            average = _introspection_sizes(self._schema).get(node.name.value, 1)
            total.add(self._selected(node.selection_set, get_named_type(definition.type), None), average)
            return
        size, inner_page = _sizes(node, definition, page, of_connection=_PAGE_INFO in getattr(parent, "fields", ()))
        total.add(self._selected(node.selection_set, get_named_type(definition.type), inner_page), size)


@cache
def _introspection_sizes(schema: GraphQLSchema) -> Mapping[str, float]:
    """The sizes of introspection lists, which take no page size; averages, so that their products are right."""
    types = list(schema.type_map.values())
    fields = [field for kind in types if isinstance(kind, _WITH_FIELDS) for field in kind.fields.values()]
    input_fields = sum(len(kind.fields) for kind in types if isinstance(kind, GraphQLInputObjectType))
    values = sum(len(kind.values) for kind in types if isinstance(kind, GraphQLEnumType))
    return {
        "types": len(types),
        "directives": len(schema.directives),
        "fields": len(fields) / len(types),
        "args": sum(len(field.args) for field in fields) / max(1, len(fields)),
        "inputFields": input_fields / len(types),
        "enumValues": values / len(types),
    }


def _sizes(node: FieldNode, definition: GraphQLField, page: Size, *, of_connection: bool) -> tuple[Size, Size]:
    """How often the field's selection may be repeated, and the page size of the connections in it."""
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    is_list = is_list_type(get_nullable_type(definition.type))
    paging = [name for name in _PAGE_ARGUMENTS if name in definition.args]
    if paging:
        name = next((name for name in paging if name in given), paging[0])
        size = _argument_size(definition.args[name], given.get(name))
        return (size, None) if is_list else (1, size)
    if not is_list:
        return 1, page
    if _LIST_ARGUMENT in definition.args:
        return _argument_size(definition.args[_LIST_ARGUMENT], given.get(_LIST_ARGUMENT)), None
    return (page, None) if of_connection else (None, page)


def _argument_size(argument: GraphQLArgument, node: ValueNode | None) -> Size:
    if isinstance(node, VariableNode):
        return node.name.value
    return _default_size(argument) if node is None else _literal_size(node)


def _literal_size(node: ValueNode) -> int | None:
    if isinstance(node, IntValueNode):
        # Python rejects ints of thousands of digits, and twelve digits exceed any limit.
        return int(node.value[:12])
    return len(node.values) if isinstance(node, ListValueNode) else None


def _default_size(argument: GraphQLArgument) -> int | None:
    declared = argument.default
    value = argument.default_value
    if declared is not None:
        value = value_from_ast_untyped(declared.literal) if declared.literal else declared.value
    if value is Undefined:
        return None
    return len(value) if isinstance(value, list) else value if isinstance(value, int) else None


def _items(size: Size, variables: Mapping[str, Any], assumed: int) -> float:
    if isinstance(size, float):
        return size
    value = variables.get(size) if isinstance(size, str) else size
    if isinstance(value, list):
        return len(value)
    return max(int(value), 0) if isinstance(value, int | float) else assumed
