"""What an operation costs: its fields, each counted as often as the lists around it may repeat it.

The sum is prepared once per document and only the sizes of lists are filled in for a request, so that page sizes given
in variables cost next to nothing to check. For validated documents within the limits of structure.py only.
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

# A page's size is said by a field, and meant for the connections in it: board(first: 50) sizes the cards of each stage.
_PAGE_ARGUMENTS = ("first", "last")
_PAGE_MARK = "pageInfo"
_LIST_ARGUMENT = "ids"

_WITH_FIELDS = (GraphQLObjectType, GraphQLInterfaceType)

# The items of a list: a number, on average of introspection, the variable that says it, or unknown.
Size = int | float | str | None


@dataclass(slots=True)
class Sum:
    """Fields counted once, and sums counted as often as a list has items."""

    fixed: int = 0
    repeated: list[tuple[Size, "Sum"]] = field(default_factory=list)

    def total(self, variables: Mapping[str, Any], assumed: int) -> float:
        """The fields for these variables; a list of unknown size counts as `assumed` items."""
        return self.fixed + sum(
            _items(size, variables, assumed) * part.total(variables, assumed) for size, part in self.repeated
        )

    def add(self, part: "Sum", size: Size = 1) -> None:
        """Count another sum, as often as `size` says."""
        if size == 1:
            self.fixed += part.fixed
            self.repeated += part.repeated
        else:
            self.repeated.append((size, part))


class Price:
    """The cost of one operation as a function of its variables."""

    def __init__(self, operation: OperationDefinitionNode, total: Sum) -> None:
        self._sum = total
        self._defaults = {
            one.variable.name.value: _written(one.default_value)
            for one in operation.variable_definitions or ()
            if one.default_value is not None
        }

    def __call__(self, variables: Mapping[str, Any], assumed: int) -> int:
        """How many fields the operation may produce with these variables, as they were sent."""
        total = self._sum.total({**self._defaults, **variables} if self._defaults else variables, assumed)
        return total if isinstance(total, int) else ceil(round(total, 3))


class Pricing:
    """Reads the cost of the operations of one document."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        self._known: dict[tuple[str, Size], Sum] = {}

    def price(self, operation: OperationDefinitionNode) -> Price:
        """The price of an operation of the document."""
        root = self._schema.get_root_type(operation.operation)
        return Price(operation, self._selected(operation.selection_set, root, None))

    def _selected(self, selection_set: SelectionSetNode, parent: Any, page: Size) -> Sum:
        total = Sum()
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                self._count(node, parent, page, total)
            elif isinstance(node, FragmentSpreadNode):
                total.add(self._fragment(node.name.value, page))
            elif isinstance(node, InlineFragmentNode):
                narrowed = self._type(node.type_condition.name) if node.type_condition else parent
                total.add(self._selected(node.selection_set, narrowed, page))
        return total

    def _fragment(self, name: str, page: Size) -> Sum:
        known = self._known.get((name, page))
        if known is None:
            fragment = self._fragments[name]
            parent = self._type(fragment.type_condition.name)
            known = self._known[name, page] = self._selected(fragment.selection_set, parent, page)
        return known

    def _type(self, name: NameNode) -> GraphQLNamedType | None:
        return self._schema.get_type(name.value)

    def _count(self, node: FieldNode, parent: Any, page: Size, total: Sum) -> None:
        total.fixed += 1
        definition = self._schema.get_field(parent, node.name.value)
        if node.selection_set is None or definition is None:
            return
        if is_introspection_type(get_named_type(definition.type)):
            many = _introspected(self._schema).get(node.name.value, 1)
            total.add(self._selected(node.selection_set, get_named_type(definition.type), None), many)
            return
        size, inner_page = _sizes(node, definition, page, of_connection=_PAGE_MARK in getattr(parent, "fields", ()))
        total.add(self._selected(node.selection_set, get_named_type(definition.type), inner_page), size)


@cache
def _introspected(schema: GraphQLSchema) -> Mapping[str, float]:
    """The sizes of the lists of introspection, which no document says; averages, so that their products are right."""
    types = list(schema.type_map.values())
    fields = [field for kind in types if isinstance(kind, _WITH_FIELDS) for field in kind.fields.values()]
    taken = sum(len(kind.fields) for kind in types if isinstance(kind, GraphQLInputObjectType))
    values = sum(len(kind.values) for kind in types if isinstance(kind, GraphQLEnumType))
    return {
        "types": len(types),
        "directives": len(schema.directives),
        "fields": len(fields) / len(types),
        "args": sum(len(field.args) for field in fields) / max(1, len(fields)),
        "inputFields": taken / len(types),
        "enumValues": values / len(types),
    }


def _sizes(node: FieldNode, definition: GraphQLField, page: Size, *, of_connection: bool) -> tuple[Size, Size]:
    """How often the field's selection may be repeated, and the size of pages in it."""
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    is_list = is_list_type(get_nullable_type(definition.type))
    paging = [name for name in _PAGE_ARGUMENTS if name in definition.args]
    if paging:
        name = next((name for name in paging if name in given), paging[0])
        said = _said(definition.args[name], given.get(name))
        return (said, None) if is_list else (1, said)
    if not is_list:
        return 1, page
    if _LIST_ARGUMENT in definition.args:
        return _said(definition.args[_LIST_ARGUMENT], given.get(_LIST_ARGUMENT)), None
    return (page, None) if of_connection else (None, page)


def _said(argument: GraphQLArgument, node: ValueNode | None) -> Size:
    if isinstance(node, VariableNode):
        return node.name.value
    return _default(argument) if node is None else _written(node)


def _written(node: ValueNode) -> int | None:
    if isinstance(node, IntValueNode):
        # Python declines to read thousands of digits, and twelve are over any limit.
        return int(node.value[:12])
    return len(node.values) if isinstance(node, ListValueNode) else None


def _default(argument: GraphQLArgument) -> int | None:
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
