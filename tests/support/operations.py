"""Each operation of the API as tests that walk the schema need it: an example of its arguments, and its budgets.

An operation declares this in its own test file: `tests/api/test_move_ticket.py` has `OPERATION = Mutation(…)`. Here are
the classes of these declarations, and the functions that collect them.
"""

import importlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache

from policies import Permission, Role
from tests.support.client import Json
from tests.support.contract import query_fields, root_fields, snake_case
from tests.support.fixtures import Scenery

Example = Callable[[Scenery], Json]


@dataclass(frozen=True, kw_only=True)
class HotRequest:
    """A frequent request with budgets that no clock measures.

    `calls` limits the Python calls on its way through the server, GraphQL, Strawberry and Starlette; `size` limits the
    bytes of its body. Both are about five in a hundred above what was counted.
    """

    document: str
    variables: Example
    calls: int
    size: int


@dataclass(frozen=True, kw_only=True)
class Query:
    """A query: an example of its arguments that names all it can name, and what the statement budget is for.

    `budget` counts the statements of a request that selects `selects`, beyond the two that begin every unit of work.
    """

    example: Example
    budget: int
    selects: str
    # Sets of arguments of which a client gives one set.
    alternatives: Collection[frozenset[str]] = ()
    # How many levels below the root field are selected, where more than two are needed to reach its tickets.
    depth: int = 2
    hot: Mapping[str, HotRequest] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """A mutation: an example of its input that names all it can name, and what the statement budget is for.

    `budget` counts the statements beyond the two that begin every unit of work; `selects` is what is read again for the
    payload, and empty after a deletion.
    """

    example: Example
    budget: int
    selects: str
    # The least of the roles viewer, agent or settings editor, and super admin that may do it.
    least_role: Role
    # The id of what `expectedRevision` is about, and where its revision is; None where there is nothing to compare.
    edits: Callable[[Scenery], str] | None
    revision: str = "revision"
    # What an app needs, apart from seeing what the operation is about; empty if no app may do it.
    app_permissions: Collection[Permission] = ()
    hot: Mapping[str, HotRequest] = field(default_factory=dict)


@dataclass(frozen=True)
class Apart:
    """An operation that cannot be walked like the others, and why."""

    reason: str


Operation = Query | Mutation | Apart

# Operations that take something away are walked last, so that those before find it.
_REMOVALS = ("delete", "deactivate")


@cache
def operations() -> dict[str, Operation]:
    """What each operation declares, by its name in the schema."""
    names = sorted(root_fields(), key=lambda name: name.startswith(_REMOVALS))
    return {name: _declared(name) for name in names}


def queries() -> dict[str, Query]:
    """The queries that can be walked."""
    return {name: each for name, each in operations().items() if isinstance(each, Query)}


def mutations() -> dict[str, Mutation]:
    """The mutations that can be walked."""
    return {name: each for name, each in operations().items() if isinstance(each, Mutation)}


def apart() -> set[str]:
    """The operations that cannot be walked."""
    return {name for name, each in operations().items() if isinstance(each, Apart)}


def walked() -> list[str]:
    """The operations that can be walked, queries first."""
    return [*queries(), *mutations()]


def input_of(name: str, has: Scenery) -> Json:
    """The example of a mutation's input in this scenery."""
    return mutations()[name].example(has)


def arguments(name: str, has: Scenery) -> Json:
    """The example of an operation's arguments in this scenery."""
    return {"input": input_of(name, has)} if name in mutations() else queries()[name].example(has)


def _declared(name: str) -> Operation:
    """The declaration in the operation's test file."""
    module = f"tests.api.test_{snake_case(name)}"
    kinds = (Query, Apart) if name in query_fields() else (Mutation, Apart)
    hint = f"OPERATION = {kinds[0].__name__}(example=…, budget=…, …)"
    try:
        declared = getattr(importlib.import_module(module), "OPERATION", None)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise AssertionError(f"{name} has no test file: add {module.replace('.', '/')}.py with {hint}") from None
    assert isinstance(declared, kinds), f"{name} is not declared: add {hint} near the top of {module}"
    return declared
