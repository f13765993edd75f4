"""No answer holds anything hidden (B16): every field that can reach a pipeline or a ticket is asked for all it has, by
everybody, in a world in which much is hidden.

A field of a type that is new is asked for from its first day, also one that is far below a root field.
"""

import json

import pytest
from graphql import is_required_argument

from domain.reference import Ref
from policies import Role
from schema.ids import read_id
from tests.support import actions
from tests.support.actors import EVERYBODY, HOLDER
from tests.support.client import Api, Client, Json
from tests.support.contract import root_fields
from tests.support.fixtures import furnish
from tests.support.hidden_data import Hidden, Veil, hide
from tests.support.operations import apart, arguments, mutations, queries
from tests.support.sensitive_fields import Edge, edges, reveal, root_edges, selection


@pytest.fixture(scope="module")
async def hidden(api: Api) -> Hidden:
    """What is hidden, for all tests here."""
    return await hide(api)


def askings(field: str, hidden: Hidden) -> list[Json]:
    """What a query is asked with: what its example says of what is seen, and nothing where that will do."""
    required = any(is_required_argument(each) for each in root_fields()[field].args.values())
    given = arguments(field, hidden.seen)
    return [given] if required or not given else [given, {}]


async def shown(client: Client, hidden: Hidden) -> str:
    """Everything that the queries answer somebody, as one text."""
    return json.dumps([await reveal(client, field, given) for field in queries() for given in askings(field, hidden)])


def test_every_field_that_could_show_something_hidden_is_asked_for() -> None:
    selected: set[Edge] = set()

    for field in {*queries(), *mutations()}:
        selection(field, selected)
        selected |= root_edges(field)

    assert edges() - selected == set()
    assert {field for _, field in edges() if field in apart()} == set()


@pytest.mark.parametrize("who", EVERYBODY)
def test_an_answer_that_told_of_it_would_be_noticed(hidden: Hidden, who: str) -> None:
    """So it is the answers that are silent, and not the test that is deaf."""
    for veil in hidden.veils(who):
        for secret in veil.secrets:
            with pytest.raises(AssertionError, match="is told of"):
                hidden.assert_tells_nothing(who, {"data": {"any": [{"field": f"x {secret} y"}]}})


@pytest.mark.parametrize("who", EVERYBODY)
async def test_nothing_hidden_is_in_any_answer_to_a_query(hidden: Hidden, who: str) -> None:
    client = hidden.clients[who]

    for field in queries():
        for given in askings(field, hidden):
            hidden.assert_tells_nothing(who, await reveal(client, field, given))


@pytest.mark.parametrize("field", mutations())
async def test_nothing_hidden_is_in_any_payload(hidden: Hidden, field: str) -> None:
    """As who holds all that can be given, about a ticket that was hidden once."""
    world = hidden.world
    made = await world.pipeline(Ref(id=await actions.create_pipeline(world, "Fresh cases")))
    has = await furnish(world, made, f"Fresh-{field}")
    ticket, zebra = read_id(has.ticket)[1], read_id(hidden.private.pipeline)[1]
    await actions.move(world, ticket, "new", to=Ref(id=zebra), who=Role.SUPER_ADMIN)
    await actions.move(world, ticket, "new", to=Ref(id=made.id), who=Role.SUPER_ADMIN)

    answer = await reveal(hidden.clients[HOLDER], field, arguments(field, has))

    hidden.assert_tells_nothing(HOLDER, answer)


async def test_who_may_see_it_is_shown_all_that_is_hidden_from_the_others(api: Api, hidden: Hidden) -> None:
    admin = await api.client(hidden.world)
    text = await shown(admin, hidden)
    veils = [Veil.over(hidden.private, "Zebra"), Veil.over(hidden.restricted, "Quagga")]

    # Pipelines and stages are listed, and a ticket in sight tells of its stay in a hidden one.
    for veil, has in zip(veils, (hidden.private, hidden.restricted), strict=True):
        for secret in (has.pipeline, has.stage, has.internal_name):
            assert secret in text
        assert any(secret in text for secret in veil.secrets)
    for has in (hidden.private, hidden.restricted):
        asked = json.dumps([await reveal(admin, field, arguments(field, has)) for field in queries()])
        assert has.ticket in asked
        assert has.key in asked


@pytest.mark.parametrize("who", EVERYBODY)
async def test_everybody_is_shown_what_they_may_see(hidden: Hidden, who: str) -> None:
    seen = await reveal(hidden.clients[who], "pipelines", {})

    assert hidden.seen.pipeline in json.dumps(seen)
