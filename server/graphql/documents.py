"""From the text of a document to an operation that may run: parse, measure, validate, choose, price.

Valid documents are kept, so that a client that repeats itself pays for none of this twice.
"""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    parse,
    specified_rules,
    validate,
)
from graphql.validation.rules import overlapping_fields_can_be_merged
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule

from server.graphql import document_stats, error_masking, literals
from server.graphql.compiler.executor import Plans
from server.graphql.cost import Price, Pricing
from server.graphql.limits import Limits
from server.graphql.request_errors import QUERY_TOO_COMPLEX, numeral, refused, rejected, too_complex

# graphql-core's own budget allows a second's work for one document; no page of a real client needs a tenth of this.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 100_000

_COMMENTS = 1_000


class Operation(NamedTuple):
    """One operation of a valid document, with what is needed to run it."""

    document: DocumentNode
    node: OperationDefinitionNode
    price: Price
    plans: Plans

    @property
    def name(self) -> str | None:
        """The name that the client gave it."""
        return self.node.name.value if self.node.name else None


class Documents:
    """Reads documents for one schema, within limits; knows nothing of HTTP."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, *, introspection: bool) -> None:
        self._schema = schema
        self._limits = limits
        self._introspection = introspection
        self._rules = [*specified_rules, MaybeNullValidationRule]
        if not introspection:
            self._rules.append(NoSchemaIntrospectionCustomRule)
        self._kept: OrderedDict[str, list[Operation]] = OrderedDict()
        self._kept_characters = 0
        _know_one_of(schema)

    def operation(self, text: str, name: str | None) -> Operation:
        """The operation that a request means; raises RequestError if the text is not valid or leaves it open."""
        operations = self._kept.get(text)
        if operations is None:
            operations = self._read(text)
            self._keep(text, operations)
        else:
            self._kept.move_to_end(text)
        return _chosen(operations, name)

    def charge(self, operation: Operation, variables: Mapping[str, Any]) -> int:
        """The operation's cost; raises RequestError (QUERY_TOO_COMPLEX) over the limit."""
        cost, limit = operation.price(variables, self._limits.assumed_items), self._limits.cost
        if cost > limit:
            raise refused(
                f"The operation costs {numeral(cost)}, counting every field in every item of a list; at most {limit:,} "
                "is allowed. Ask for fewer items or fewer fields.",
                QUERY_TOO_COMPLEX,
            )
        return cost

    def _read(self, text: str) -> list[Operation]:
        document = self._parsed(text)
        document_stats.check(document, self._limits)
        literals.check(text, document)
        errors = validate(self._schema, document, self._rules, hide_suggestions=not self._introspection)
        if errors:
            raise rejected(error_masking.request_errors(errors))
        pricing = Pricing(self._schema, document)
        nodes = (one for one in document.definitions if isinstance(one, OperationDefinitionNode))
        return [Operation(document, node, pricing.price(node), Plans(document)) for node in nodes]

    def _parsed(self, text: str) -> DocumentNode:
        limits = self._limits
        # The error of an overlong text would quote it.
        if len(text) > limits.characters:
            raise too_complex("characters", len(text), limits.characters)
        try:
            return parse(text, max_lexical_tokens=limits.tokens, max_comments=_COMMENTS)
        except GraphQLError as error:
            raise rejected(error_masking.request_errors([error])) from None

    def _keep(self, text: str, operations: list[Operation]) -> None:
        self._kept[text] = operations
        self._kept_characters += len(text)
        while self._kept_characters > self._limits.cached_characters:
            oldest, _ = self._kept.popitem(last=False)
            self._kept_characters -= len(oldest)


def _chosen(operations: list[Operation], name: str | None) -> Operation:
    if name is not None:
        named = next((one for one in operations if one.name == name), None)
        if named is None:
            raise refused(f"The document has no operation named {name[:100]}.")
        return named
    if len(operations) != 1:
        raise refused(
            "The document has several operations: say in operationName which to run."
            if operations
            else "The document has no operation."
        )
    return operations[0]


def _know_one_of(schema: GraphQLSchema) -> None:
    # Strawberry keeps its @oneOf from graphql-core, and its own rule for it fails on a variable inside a fragment.
    for kind in schema.type_map.values():
        definition = kind.extensions.get("strawberry-definition") if isinstance(kind, GraphQLInputObjectType) else None
        if isinstance(kind, GraphQLInputObjectType) and getattr(definition, "is_one_of", False):
            kind.is_one_of = True
