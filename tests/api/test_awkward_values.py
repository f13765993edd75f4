"""Texts and numbers that nobody expects, in every place that takes one: each is done, declined or bad user input, and
never a fault of ours (the client of the tests lets none pass).
"""

import pytest

from tests.support import db_state
from tests.support.client import Api
from tests.support.fixtures import Scenery
from tests.support.operations import apart, arguments
from tests.support.schema_walk import all_slots, ask

TEXTS = ["", " ", "x" * 100_000, "🧯ß" * 200, "e\u0301\u202e\r\n\t\x7f", "%_\\'; --"]
NUMBERS = [-1, 2_147_483_647, 2_147_483_648, 1.5]

FIELDS = sorted({slot.field for slot in all_slots("String", "Int")} - apart())


@pytest.mark.parametrize("field", FIELDS)
async def test_no_value_whatever_makes_an_operation_fail(api: Api, scenery: Scenery, field: str) -> None:
    client = await api.client(scenery.world)

    for slot in all_slots("String", "Int"):
        if slot.field == field:
            for value in TEXTS if slot.scalar == "String" else NUMBERS:
                answer = await ask(client, field, slot.put(arguments(field, scenery), value))

                codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
                assert codes <= {"BAD_USER_INPUT", "QUERY_TOO_COMPLEX"}, (slot.name, value)
    await db_state.assert_sound(scenery.world)


@pytest.mark.parametrize("name", ["email", "password", "account"])
async def test_no_text_whatever_makes_signing_in_fail(api: Api, name: str) -> None:
    for number, text in enumerate(TEXTS):
        given = {"email": f"{name}-{number}@nowhere.test", "password": "guess", name: text}
        declined = await api.nobody.refused("signIn", **given)

        assert declined["code"] == "SIGN_IN_FAILED"
