"""changePassword: the current password is verified as for signing in, and every other session ends (B19)."""

from typing import Any

import pytest

from policies import Role
from resolvers.throttle import SignInLimits
from server.auth.passwords import Argon2Passwords
from server.database.engine import Database
from server.settings import Settings
from tests.support import db_state
from tests.support.client import Api, Client, Json, make_api
from tests.support.operations import Apart
from tests.support.world import World, make_world

OPERATION = Apart("It takes the password of the token's user.")


OLD, NEW = "correct horse battery staple", "an even better one"
WHO = "{ viewer { user { name } } }"


async def give_password(world: World, passwords: Argon2Passwords) -> None:
    """Let the agent have the old password."""
    statement = "UPDATE identity SET password_hash = :hash WHERE email = :email"
    await db_state.execute(world, statement, hash=await passwords.hash(OLD), email=world.users[Role.AGENT].email)


async def change(client: Client, current: str = OLD, new: str = NEW) -> list[Json]:
    """The user errors of trying to change the password."""
    done = await client.do("changePassword", currentPassword=current, newPassword=new)
    errors: list[Json] = done["userErrors"]
    return errors


async def sign_in(api: Api, world: World, password: str) -> Json:
    """What signing in as the agent answers, from an address of its own."""
    async with api.reaching("198.51.100.200") as http:
        return await Client(http).do("signIn", "token", email=world.users[Role.AGENT].email, password=password)


async def test_the_new_password_counts_and_every_other_session_ends_in_every_account(
    api: Api, world: World, database: Database, passwords: Argon2Passwords
) -> None:
    await give_password(world, passwords)
    domain = (world.users[Role.AGENT].email or "").split("@")[1]
    second = await make_world(database.sessions, email=domain)
    here, other, there = [await api.client(each, Role.AGENT) for each in (world, world, second)]

    async with db_state.recorded(world) as happened:
        errors = await change(here)

    assert errors == []
    assert (await here.run(WHO))["viewer"]["user"] == {"name": "Agent"}
    assert [await client.code(WHO) for client in (other, there)] == ["UNAUTHENTICATED"] * 2
    assert [event.kind for event in happened] == ["PASSWORD_CHANGED"]
    old, new = [await sign_in(api, world, password) for password in (OLD, NEW)]
    assert [error["code"] for error in old["userErrors"]] == ["SIGN_IN_FAILED"]
    assert [error["code"] for error in new["userErrors"]] == ["ACCOUNT_NEEDED"]


async def test_a_wrong_current_password_changes_nothing(api: Api, world: World, passwords: Argon2Passwords) -> None:
    await give_password(world, passwords)
    client, other = [await api.client(world, Role.AGENT) for _ in range(2)]

    [refused] = await change(client, current="guess")

    assert (refused["code"], refused["field"]) == ("WRONG_PASSWORD", ["input", "currentPassword"])
    assert (await other.run(WHO))["viewer"]["user"] == {"name": "Agent"}
    assert (await sign_in(api, world, OLD))["token"]


@pytest.mark.parametrize("new", ["", "too short", "x" * 1025, OLD, "the e-mail address"])
async def test_a_new_password_that_will_not_do_is_told_why(
    api: Api, world: World, passwords: Argon2Passwords, new: str
) -> None:
    await give_password(world, passwords)
    client = await api.client(world, Role.AGENT)

    [refused] = await change(client, new=(world.users[Role.AGENT].email or "") if "mail" in new else new)

    assert (refused["code"], refused["field"]) == ("INVALID", ["input", "newPassword"])


async def test_who_has_no_password_here_has_none_to_change(api: Api, world: World) -> None:
    [refused] = await change(await api.client(world, Role.AGENT))

    assert (refused["code"], refused["field"]) == ("NO_PASSWORD", None)


async def test_guesses_at_the_current_password_count_as_those_of_signing_in(
    database: Database, settings: Settings, world: World, passwords: Argon2Passwords
) -> None:
    await give_password(world, passwords)
    strict = make_api(database, settings, passwords, sign_in=SignInLimits(per_email=2, per_address=50))

    async def guess(current: str) -> list[Any]:
        async with strict.reaching("198.51.100.201") as http:
            client = Client(http, (await strict.client(world, Role.AGENT)).token)
            return [error["code"] for error in await change(client, current=current)]

    async def sign_in_there() -> list[Any]:
        async with strict.reaching("198.51.100.201") as http:
            email = world.users[Role.AGENT].email
            return [
                error["code"] for error in (await Client(http).do("signIn", email=email, password=OLD))["userErrors"]
            ]

    said = [await guess("guess"), await guess("guess"), await guess(OLD), await sign_in_there()]

    assert said == [["WRONG_PASSWORD"], ["WRONG_PASSWORD"], ["TOO_MANY_ATTEMPTS"], ["TOO_MANY_ATTEMPTS"]]
    await strict.http.aclose()


async def test_neither_password_is_ever_written_down(api: Api, world: World, passwords: Argon2Passwords) -> None:
    await give_password(world, passwords)

    async with db_state.recorded(world) as happened:
        await change(await api.client(world, Role.AGENT))

    assert all(OLD not in str(vars(event)) and NEW not in str(vars(event)) for event in happened)


async def test_without_a_token_there_is_no_password_to_change(api: Api) -> None:
    document = 'mutation { changePassword(input: {currentPassword: "a", newPassword: "b"}) { userErrors { code } } }'

    assert await api.nobody.code(document) == "UNAUTHENTICATED"
