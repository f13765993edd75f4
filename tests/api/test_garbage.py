"""What a request made is gone when it is answered, without the cyclic collector (performance 5): its context, its
execution, its errors and their tracebacks. Nothing at all is left.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from starlette.types import ASGIApp

from schema.root import build
from server.application import limits_from, make_application
from server.auth.passwords import Argon2Passwords
from server.database.engine import Database
from server.graphql.compiler.executor import CompilingExecutor
from server.request_context import context_of, make_services
from server.settings import Settings
from tests.support.client import SECRET, token_of
from tests.support.fixtures import Scenery, furnish
from tests.support.garbage import collecting
from tests.support.raw_request import Bare, Json
from tests.support.world import World

RENDERED = "id key subject priority stage { id label } owner { id name }"  # the database may render it
CARD = f"{RENDERED} cardProperties {{ name label value }}"
BOARD = f"""query ($id: ID!) {{ board(pipeline: {{id: $id}}, first: 20) {{ stages {{
    stage {{ id label }} totalCount cards {{
    edges {{ cursor node {{ {CARD} }} }} pageInfo {{ hasNextPage }} }} }} }} }}"""
TICKET = f"query ($id: ID!) {{ ticket(id: $id) {{ {CARD} viewerCan {{ edit {{ allowed code }} }} }} }}"
LIST = f"query ($id: ID!) {{ stageCards(stageId: $id, first: 50) {{ edges {{ cursor node {{ {CARD} }} }} }} }}"
MOVE = """mutation ($input: MoveTicketInput!) {
    moveTicket(input: $input) { ticket { id revision stage { id } } userErrors { code message } } }"""


@dataclass(frozen=True)
class Case:
    """An operation, what it is asked with, and whether its answer has errors."""

    document: str
    variables: Callable[[Scenery], Json]
    errors: bool = False


CASES = {
    "account": Case("{ account { id } }", lambda has: {}),
    "board": Case(BOARD, lambda has: {"id": has.pipeline}),
    "ticket": Case(TICKET, lambda has: {"id": has.ticket}),
    "list": Case(LIST, lambda has: {"id": has.stage}),
    "rendered board": Case(BOARD.replace(CARD, RENDERED), lambda has: {"id": has.pipeline}),
    "rendered list": Case(LIST.replace(CARD, RENDERED), lambda has: {"id": has.stage}),
    "move": Case(MOVE, lambda has: {"input": {"ticketId": has.ticket, "place": {"bottom": True}}}),
    "nothing found": Case(TICKET, lambda has: {"id": has.key}, errors=True),
    "a refusal": Case(MOVE, lambda has: {"input": {"ticketId": has.pipeline, "place": {"top": True}}}, errors=True),
    "a variable that is not valid": Case(TICKET, lambda has: {"id": None}, errors=True),
}


@pytest.fixture(params=[True, False], ids=["compiled", "not compiled"])
def application(
    request: pytest.FixtureRequest, database: Database, settings: Settings, passwords: Argon2Passwords
) -> ASGIApp:
    """The application as it is served, with compiled plans or without."""
    return make_application(
        build(execution_context_class=CompilingExecutor if request.param else None),
        context_of(database, make_services(settings, SECRET, passwords)),
        limits=limits_from(settings),
    )


@pytest.mark.parametrize("name", CASES)
async def test_a_warm_request_leaves_no_garbage(application: ASGIApp, world: World, name: str) -> None:
    case, has = CASES[name], await furnish(world)
    bare = Bare(application, await token_of(world), case.document, case.variables(has))
    for _ in range(3):
        await bare.ask()
    answered = await bare.ask()
    assert (b'rrors":[{' in answered.body) is case.errors, answered.body
    with collecting() as left:
        for _ in range(3):
            await bare.ask()
        await asyncio.sleep(0)
    assert left == []
