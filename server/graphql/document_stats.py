"""The size of a document (depth, aliases, selections), checked before graphql-core validates it.

Each definition is walked once, and a fragment's numbers are added wherever it is spread. So the work is linear in the
length of the text, however often fragments spread one another, and nothing here recurses.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from server.graphql.limits import Limits
from server.graphql.request_errors import refused, too_complex


class DefinitionStats(NamedTuple):
    """Counts of one definition with all that it spreads; `walked` is the number of nodes visited for it."""

    selections: int = 0
    depth: int = 0
    aliases: int = 0
    root_fields: int = 0
    directives: int = 0
    walked: int = 0


class DocumentStats(NamedTuple):
    """Counts of a document's operations and fragments."""

    operations: Sequence[DefinitionStats]
    fragments: Sequence[DefinitionStats]


_EMPTY = DefinitionStats()


def measure(document: DocumentNode) -> DocumentStats:
    """Counts all definitions; raises RequestError where fragments spread one another in a cycle."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    spreads = {name: _spreads(fragment.selection_set) for name, fragment in fragments.items()}
    stats: dict[str, DefinitionStats] = {}
    for name in _leaves_first(spreads):
        stats[name] = _stats(fragments[name], stats)
    operations = (one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    return DocumentStats([_stats(operation, stats) for operation in operations], list(stats.values()))


def check(document: DocumentNode, limits: Limits) -> None:
    """Reject a document over a limit with QUERY_TOO_COMPLEX, and name the limit and both numbers.

    Depth, aliases and root fields are limited by operation; selections and directives by document.
    """
    if len(document.definitions) > limits.definitions:
        raise too_complex("operations and fragments", len(document.definitions), limits.definitions)
    operations, fragments = measure(document)
    definitions = [*operations, *fragments]
    selections = max(sum(one.selections for one in operations), _max(one.selections for one in fragments))
    for what, found, limit in (
        ("levels of fields", _max(one.depth for one in operations), limits.depth),
        ("aliases", _max(one.aliases for one in operations), limits.aliases),
        ("root fields", _max(one.root_fields for one in operations), limits.root_fields),
        ("directives", _max(one.directives for one in definitions), limits.directives),
        ("selected fields", selections, limits.selections),
    ):
        if found > limit:
            raise too_complex(what, found, limit)


def _max(numbers: Iterator[int]) -> int:
    return max(numbers, default=0)


def _stats(
    definition: FragmentDefinitionNode | OperationDefinitionNode, known: Mapping[str, DefinitionStats]
) -> DefinitionStats:
    nodes = list(_walk(definition.selection_set))
    fields = [(node, level) for node, level in nodes if isinstance(node, FieldNode)]
    spread = [
        (known.get(node.name.value, _EMPTY), level) for node, level in nodes if isinstance(node, FragmentSpreadNode)
    ]
    own_directives = len(definition.directives or ()) + sum(len(node.directives or ()) for node, _ in nodes)
    return DefinitionStats(
        selections=len(nodes) + sum(part.selections for part, _ in spread),
        depth=max(_max(level for _, level in fields), _max(level - 1 + part.depth for part, level in spread)),
        aliases=sum(node.alias is not None for node, _ in fields) + sum(part.aliases for part, _ in spread),
        root_fields=sum(level == 1 for _, level in fields)
        + sum(part.root_fields for part, level in spread if level == 1),
        directives=own_directives + sum(part.directives for part, _ in spread),
        walked=len(nodes),
    )


def _walk(selection_set: SelectionSetNode) -> Iterator[tuple[SelectionNode, int]]:
    """Every selection of a definition with its level; inline fragments add none."""
    pending = [(selection_set, 1)]
    while pending:
        current, level = pending.pop()
        for node in current.selections:
            yield node, level
            if isinstance(node, FieldNode) and node.selection_set:
                pending.append((node.selection_set, level + 1))
            elif isinstance(node, InlineFragmentNode):
                pending.append((node.selection_set, level))


def _spreads(selection_set: SelectionSetNode) -> list[str]:
    return [node.name.value for node, _ in _walk(selection_set) if isinstance(node, FragmentSpreadNode)]


def _leaves_first(spreads: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The fragments' names, each after all fragments it spreads."""
    entered: set[str] = set()
    done: set[str] = set()
    for root in spreads:
        pending = [root]
        while pending:
            name = pending[-1]
            if name in done:
                pending.pop()
            elif name in entered:
                done.add(name)
                pending.pop()
                yield name
            else:
                entered.add(name)
                waiting = [inner for inner in spreads[name] if inner in spreads and inner not in done]
                # A fragment that was entered and is not done is on the path from the root to this one.
                if circular := next((inner for inner in waiting if inner in entered), None):
                    raise refused(f"The fragment {circular} spreads itself.")
                pending += waiting
