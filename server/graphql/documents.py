"""From the text of a document to an operation that may run: parse, measure, validate, select, compute the cost.

Valid documents are cached, so that a repeated document costs none of this again.
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
from server.graphql.compiler.executor import CompiledSelections
from server.graphql.cost import Cost, CostAnalysis
from server.graphql.limits import Limits
from server.graphql.request_errors import QUERY_TOO_COMPLEX, numeral, refused, rejected, too_complex

# graphql-core's default allows a second of work for one document; no real client needs a tenth of this.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 100_000

_MAX_COMMENTS = 1_000


class Operation(NamedTuple):
    """One operation of a valid document, with what is needed to run it."""

    document: DocumentNode
    node: OperationDefinitionNode
    cost: Cost
    compiled: CompiledSelections

    @property
    def name(self) -> str | None:
        """Its name in the document."""
        return self.node.name.value if self.node.name else None


class Documents:
    """Parses, validates and caches the documents of one schema, within limits."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, *, introspection: bool) -> None:
        self._schema = schema
        self._limits = limits
        self._introspection = introspection
        self._rules = [*specified_rules, MaybeNullValidationRule]
        if not introspection:
            self._rules.append(NoSchemaIntrospectionCustomRule)
        self._cache: OrderedDict[str, list[Operation]] = OrderedDict()
        self._cached_characters = 0
        _mark_one_of(schema)

    def operation(self, text: str, name: str | None) -> Operation:
        """The operation to run; raises RequestError if the text is not valid or no operation is selected."""
        operations = self._cache.get(text)
        if operations is None:
            operations = self._read(text)
            self._store(text, operations)
        else:
            self._cache.move_to_end(text)
        return _select(operations, name)

    def check_cost(self, operation: Operation, variables: Mapping[str, Any]) -> int:
        """The operation's cost; raises RequestError (QUERY_TOO_COMPLEX) over the limit."""
        cost, limit = operation.cost(variables, self._limits.assumed_items), self._limits.cost
        if cost > limit:
            raise refused(
                f"The operation costs {numeral(cost)}, counting every field in every item of a list; at most {limit:,} "
                "is allowed. Ask for fewer items or fewer fields.",
                QUERY_TOO_COMPLEX,
            )
        return cost

    def _read(self, text: str) -> list[Operation]:
        document = self._parse(text)
        document_stats.check(document, self._limits)
        literals.check(text, document)
        errors = validate(self._schema, document, self._rules, hide_suggestions=not self._introspection)
        if errors:
            raise rejected(error_masking.request_errors(errors))
        analysis = CostAnalysis(self._schema, document)
        nodes = (one for one in document.definitions if isinstance(one, OperationDefinitionNode))
        return [Operation(document, node, analysis.cost(node), CompiledSelections(document)) for node in nodes]

    def _parse(self, text: str) -> DocumentNode:
        limits = self._limits
        # The syntax error of an overlong text would quote it.
        if len(text) > limits.characters:
            raise too_complex("characters", len(text), limits.characters)
        try:
            return parse(text, max_lexical_tokens=limits.tokens, max_comments=_MAX_COMMENTS)
        except GraphQLError as error:
            raise rejected(error_masking.request_errors([error])) from None

    def _store(self, text: str, operations: list[Operation]) -> None:
        self._cache[text] = operations
        self._cached_characters += len(text)
        while self._cached_characters > self._limits.cached_characters:
            oldest, _ = self._cache.popitem(last=False)
            self._cached_characters -= len(oldest)


def _select(operations: list[Operation], name: str | None) -> Operation:
    if name is not None:
        named = next((one for one in operations if one.name == name), None)
        if named is None:
            raise refused(f"The document has no operation named {name[:100]}.")
        return named
    if len(operations) != 1:
        raise refused(
            "The document has several operations: name one of them in operationName."
            if operations
            else "The document has no operation."
        )
    return operations[0]


def _mark_one_of(schema: GraphQLSchema) -> None:
    # Strawberry does not pass @oneOf on to graphql-core, and its own rule for it fails on a variable inside a fragment.
    for kind in schema.type_map.values():
        definition = kind.extensions.get("strawberry-definition") if isinstance(kind, GraphQLInputObjectType) else None
        if isinstance(kind, GraphQLInputObjectType) and getattr(definition, "is_one_of", False):
            kind.is_one_of = True
