"""What makes two requests with one idempotency key the same: the input as the client gave it, however written (B29)."""

import hashlib
import json

import pytest
from sqlalchemy import select

from domain.idempotency import Replay
from tests.support import db_state
from tests.support.client import Api, Client, Json
from tests.support.world import World

INPUT: Json = {
    "idempotencyKey": "once",
    "subject": 'A "quoted" subject',
    "priority": "HIGH",
    "ownerId": None,
    "properties": [],
    "stage": {"internalName": "waiting_on_us"},
    "place": {"bottom": True},
}
LITERAL = """{idempotencyKey: "once", subject: "A \\"quoted\\" subject", priority: HIGH, ownerId: null, properties: [],
    stage: {internalName: "waiting_on_us"}, place: {bottom: true}}"""
WHOLE = "mutation ($input: CreateTicketInput!) { createTicket(input: $input) { ticket { id } userErrors { code } } }"
SAME: dict[str, tuple[str, Json]] = {
    "a variable": (WHOLE, {"input": INPUT}),
    "another variable's name": (WHOLE.replace("$input", "$given"), {"given": INPUT}),
    "a literal": (f"mutation {{ createTicket(input: {LITERAL}) {{ ticket {{ id }} userErrors {{ code }} }} }}", {}),
    "a literal with variables inside": (
        "mutation ($key: String, $stage: StageRef, $priority: TicketPriority, $subject: String!) { createTicket(input: "
        + LITERAL.replace('"once"', "$key")
        .replace('{internalName: "waiting_on_us"}', "$stage")
        .replace("HIGH", "$priority")
        .replace('"A \\"quoted\\" subject"', "$subject")
        + ") { ticket { id } userErrors { code } } }",
        {"key": "once", "stage": INPUT["stage"], "priority": "HIGH", "subject": INPUT["subject"]},
    ),
    "a variable's default": (
        WHOLE.replace("CreateTicketInput!", f"CreateTicketInput! = {LITERAL}"),
        {},
    ),
    "a field whose variable is left out": (
        f"mutation ($team: ID) {{ createTicket(input: {LITERAL[:-1]}, teamId: $team}}) "
        "{ ticket { id } userErrors { code } } }",
        {},
    ),
}


async def created(client: Client, document: str, variables: Json) -> Json:
    """The payload of createTicket."""
    payload: Json = (await client.run(document, **variables))["createTicket"]
    return payload


@pytest.mark.parametrize("way", SAME)
async def test_the_same_input_is_the_same_request_however_it_is_written(api: Api, world: World, way: str) -> None:
    client = await api.client(world)

    first = await created(client, WHOLE, {"input": INPUT})
    again = await created(client, *SAME[way])

    assert (first["userErrors"], again["userErrors"]) == ([], [])
    assert first["ticket"] == again["ticket"]


@pytest.mark.parametrize(
    "changed",
    [
        {"teamId": None},  # omitted before
        {"content": ""},  # the default, which was not given
        {"subject": "Another"},
        {"priority": None},
        {"stage": {"internalName": "new"}},
    ],
    ids=lambda changed: next(iter(changed)),
)
async def test_another_input_under_the_same_key_is_declined(api: Api, world: World, changed: Json) -> None:
    client = await api.client(world)
    await created(client, WHOLE, {"input": INPUT})

    other = await created(client, WHOLE, {"input": INPUT | changed})

    assert [error["code"] for error in other["userErrors"]] == ["IDEMPOTENCY_KEY_REUSED"]


async def test_an_omitted_field_is_another_input_than_null(api: Api, world: World) -> None:
    client = await api.client(world)
    await created(client, WHOLE, {"input": INPUT})

    omitted = {name: value for name, value in INPUT.items() if name != "ownerId"}
    other = await created(client, WHOLE, {"input": omitted})

    assert [error["code"] for error in other["userErrors"]] == ["IDEMPOTENCY_KEY_REUSED"]


async def test_what_is_kept_is_the_hash_of_what_was_given_so_a_new_optional_field_does_not_change_it(
    api: Api, world: World
) -> None:
    given = {name: value for name, value in INPUT.items() if name != "idempotencyKey"}

    await created(await api.client(world), WHOLE, {"input": INPUT})

    [kept] = await db_state.rows(world, select(Replay))
    assert kept.input_hash == hashlib.sha256(json.dumps(given, sort_keys=True).encode()).digest()
