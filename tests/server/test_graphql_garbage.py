"""The endpoint alone leaves nothing at all to the cyclic collector, be it answered with data, a refusal or an
error of the request. A bug leaves its traceback, for the log.
"""

import pytest

from tests.server.graphql_toy import Toy
from tests.support.garbage import collecting
from tests.support.raw_request import Bare

QUERIES = {
    "a field": "{ hello }",
    "a resolver that waits": "{ lingers }",
    "a list": "{ page(first: 5) { edges { node { name } } } }",
    "a mutation": "mutation { touch }",
    "a refusal": "{ hot lingers }",
    "a variable that is missing": "query ($by: Int!) { grow(by: $by) }",
    "an operation that is not there": "query A { hello } query B { hello }",
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
async def test_an_operation_leaves_no_garbage(query: str) -> None:
    toy = Toy()
    bare = Bare(toy.application, "token", query, {})
    for _ in range(3):
        await bare.ask()
    toy.contexts.clear()

    with collecting() as left:
        for _ in range(3):
            await bare.ask()
        toy.contexts.clear()

    assert left == []
