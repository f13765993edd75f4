"""The shape of a document, measured before the library's own validation sees it.

Each definition is walked once and each fragment's numbers are added wherever it is spread, so the work is linear in
the length of the text, however often fragments spread one another; nothing here recurses.
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


class Shape(NamedTuple):
    """Numbers of one definition with all that it spreads; `walked` counts the nodes that were looked at for it."""

    selections: int = 0
    depth: int = 0
    aliases: int = 0
    root_fields: int = 0
    directives: int = 0
    walked: int = 0


class Presenter(NamedTuple):
    """The shapes of a document's operations and fragments."""

    operations: Sequence[Shape]
    fragments: Sequence[Shape]


_NOTHING = Shape()


def measure(document: DocumentNode) -> Presenter:
    """The shapes of all definitions; raises RequestError where fragments spread one another in a circle."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    spreads = {name: _spreads(fragment.selection_set) for name, fragment in fragments.items()}
    shapes: dict[str, Shape] = {}
    for name in _leaves_first(spreads):
        shapes[name] = _shape(fragments[name], shapes)
    operations = (one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    return Presenter([_shape(operation, shapes) for operation in operations], list(shapes.values()))


def check(document: DocumentNode, limits: Limits) -> None:
    """Refuse a document over a limit with QUERY_TOO_COMPLEX, naming what there is too much of, and both numbers.

    Depth, aliases and root fields are limited by operation; selections and directives by document.
    """
    if len(document.definitions) > limits.definitions:
        raise too_complex("operations and fragments", len(document.definitions), limits.definitions)
    operations, fragments = measure(document)
    everything = [*operations, *fragments]
    selections = max(sum(one.selections for one in operations), _most(one.selections for one in fragments))
    for what, found, limit in (
        ("levels of fields", _most(one.depth for one in operations), limits.depth),
        ("aliases", _most(one.aliases for one in operations), limits.aliases),
        ("root fields", _most(one.root_fields for one in operations), limits.root_fields),
        ("directives", _most(one.directives for one in everything), limits.directives),
        ("selected fields", selections, limits.selections),
    ):
        if found > limit:
            raise too_complex(what, found, limit)


def _most(numbers: Iterator[int]) -> int:
    return max(numbers, default=0)


def _shape(definition: FragmentDefinitionNode | OperationDefinitionNode, known: Mapping[str, Shape]) -> Shape:
    nodes = list(_walk(definition.selection_set))
    fields = [(node, level) for node, level in nodes if isinstance(node, FieldNode)]
    spread = [
        (known.get(node.name.value, _NOTHING), level) for node, level in nodes if isinstance(node, FragmentSpreadNode)
    ]
    own_directives = len(definition.directives or ()) + sum(len(node.directives or ()) for node, _ in nodes)
    return Shape(
        selections=len(nodes) + sum(shape.selections for shape, _ in spread),
        depth=max(_most(level for _, level in fields), _most(level - 1 + shape.depth for shape, level in spread)),
        aliases=sum(node.alias is not None for node, _ in fields) + sum(shape.aliases for shape, _ in spread),
        root_fields=sum(level == 1 for _, level in fields)
        + sum(shape.root_fields for shape, level in spread if level == 1),
        directives=own_directives + sum(shape.directives for shape, _ in spread),
        walked=len(nodes),
    )


def _walk(selection_set: SelectionSetNode) -> Iterator[tuple[SelectionNode, int]]:
    """Every selection of a definition with its level, inline fragments adding none."""
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
    """The fragments' names, each after all that it spreads."""
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
                # What was entered and is not done lies on the way from the root to here.
                if circular := next((inner for inner in waiting if inner in entered), None):
                    raise refused(f"The fragment {circular} spreads itself.")
                pending += waiting
