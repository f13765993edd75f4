"""Without a token that holds, every operation but signing in is declined in one and the same way."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.database.model import new_id
from policies import Role
from tests.support import db_state
from tests.support.client import Api, Json, mutation, token_of
from tests.support.contract import root_fields
from tests.support.fixtures import Scenery
from tests.support.operations import apart, arguments, mutations, queries
from tests.support.schema_walk import ask

ASKED = {**queries(), **mutations()}
Spoil = Callable[[str], str]

MALFORMED: dict[str, Spoil] = {
    "another secret": lambda token: token[:-1] + ("a" if token[-1] != "a" else "b"),
    "an unknown account": lambda token: f"sg_{new_id().hex}_{token.rsplit('_', 1)[1]}",
    "no secret": lambda token: token[:36],
    "no account": lambda token: "sg_" + token.rsplit("_", 1)[1],
    "an account that is no number": lambda token: f"sg_{'x' * 32}_secret",
    "another prefix": lambda token: "gs" + token[2:],
    "something else": lambda _: "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl",
    "a long one": lambda token: token + "a" * 300,
}


async def assert_declined(api: Api, has: Scenery, token: str | None) -> None:
    """Every operation answers the same error, and null data."""
    expected = (await ask(api.nobody, "viewer", {}))["errors"][0]
    for field in [*ASKED, "signOut"]:
        answer = await ask(api.bearing(token) if token else api.nobody, field, given(field, has))

        (error,) = answer["errors"]
        assert error["extensions"] == {"code": "UNAUTHENTICATED"}, field
        assert error["message"] == expected["message"]
        assert answer["data"] in (None, {field: None})


def given(field: str, has: Scenery) -> Json:
    """The arguments of an operation, with none for signing out."""
    return arguments(field, has) if field in ASKED else {}


async def test_without_a_token_there_is_nothing(api: Api, still_life: Scenery) -> None:
    await assert_declined(api, still_life, None)


async def test_an_expired_token_is_none(api: Api, still_life: Scenery) -> None:
    expired = await token_of(still_life.world, Role.SUPER_ADMIN, lifetime=timedelta(seconds=-1))

    await assert_declined(api, still_life, expired)


async def test_a_revoked_token_is_none(api: Api, still_life: Scenery) -> None:
    revoked = await token_of(still_life.world)
    await api.bearing(revoked).run("mutation { signOut { userErrors { code } } }")

    await assert_declined(api, still_life, revoked)


async def test_the_token_of_who_is_active_no_more_is_none(api: Api, scenery: Scenery) -> None:
    token = await token_of(scenery.world, Role.AGENT)
    await db_state.execute(scenery.world, "UPDATE account_user SET active = false WHERE name = 'Agent'")

    await assert_declined(api, scenery, token)


@pytest.mark.parametrize("spoil", MALFORMED.values(), ids=MALFORMED)
async def test_what_is_no_token_is_none(api: Api, still_life: Scenery, spoil: Spoil) -> None:
    token = await token_of(still_life.world)

    await assert_declined(api, still_life, spoil(token))


async def test_signing_in_needs_no_token_and_minds_none(api: Api) -> None:
    failing = {"email": "nobody@nowhere.test", "password": "guess"}

    without = await api.nobody.run(mutation("signIn"), input=failing)
    with_a_bad_one = await api.bearing("sg_nonsense").run(mutation("signIn"), input=failing)

    assert without == with_a_bad_one


def test_every_operation_is_tried() -> None:
    assert set(root_fields()) == {*ASKED, *apart()}
