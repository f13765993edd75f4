"""Secrets are compared in constant time: with `hmac.compare_digest`, or by PostgreSQL through an index of hashes, and
never with `==`, which takes the longer the more of a guess is right.
"""

import ast
import re
from collections.abc import Iterator

from tests.architecture.test_laws import LAYERS, modules

SECRET = re.compile(r"(^|_)(hash|secret|token|digest|password|signature|verifier|nonce)$", re.IGNORECASE)

# Names of secrets that are compared with `==` all the same, and why that tells nobody anything.
KNOWN = {
    (
        "domain/idempotency.py",
        "before.input_hash != request.input_hash",
    ): "the hash of an input, which its sender knows",
    (
        "domain/people/accept_invitation.py",
        "identity.password_hash != verified",
    ): "both are stored hashes",
}
PUBLISHED = "domain/audit/"  # the digests of the chain are there to be read


def compared(tree: ast.AST) -> Iterator[ast.Compare]:
    """Comparisons in Python of something that is named as a secret is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(isinstance(each, ast.Eq | ast.NotEq) for each in node.ops):
            sides = [node.left, *node.comparators]
            if any(SECRET.search(name_of(side)) for side in sides) and not any(map(is_column, sides)):
                yield node


def name_of(side: ast.expr) -> str:
    """The last name of an expression: `row.secret_hash` is a secret_hash, and so is `row["secret_hash"]`."""
    match side:
        case ast.Attribute(attr=name) | ast.Name(id=name) | ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case ast.Await(value=inner) | ast.Call(func=inner):
            return name_of(inner)
        case _:
            return ""


def is_column(side: ast.expr) -> bool:
    """Whether it is a column, such as `Token.secret_hash`: then PostgreSQL compares."""
    return isinstance(side, ast.Attribute) and isinstance(side.value, ast.Name) and side.value.id[:1].isupper()


def test_no_secret_is_compared_in_a_time_that_tells_of_it() -> None:
    said = {
        (path, ast.unparse(node))
        for path, tree in modules(*LAYERS)
        if not path.startswith(PUBLISHED)
        for node in compared(tree)
    }

    assert said == set(KNOWN)


def test_the_walk_sees_what_it_looks_for() -> None:
    seen = [
        "given == stored.secret_hash",
        "row['token'] != given",
        "digest(text) == given",
        "new == old == password",
        "await hashed_secret() == given",
    ]
    passed = ["Token.secret_hash == given", "hmac.compare_digest(secret, given)", "token is None", "tokens == 3"]

    assert [text for text in seen + passed if list(compared(ast.parse(f"async def f():\n  {text}")))] == seen
