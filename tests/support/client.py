"""A client of the API as partners have one: GraphQL over HTTP into the real application, without a socket.

`Api` is the application of this process; it hands out clients that bear the token of somebody in a world.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx
from argon2 import PasswordHasher
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import ASGIApp

from domain import accounts
from domain.accounts import User
from policies import Role
from schema.root import build
from server import exports
from server.application import limits_from, make_application
from server.auth.passwords import Argon2Passwords
from server.database.engine import Database
from server.graphql.compiler.executor import CompilingExecutor
from server.request_context import context_of, make_services
from server.settings import Settings
from tests.support.world import World

Json = dict[str, Any]

SECRET = b"tests only: thirty-two bytes or more"
GRAPHQL = "application/graphql-response+json"


def cheap_passwords() -> Argon2Passwords:
    """The real thing, as weak as argon2 allows: tests hash a lot."""
    return Argon2Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@dataclass(frozen=True)
class Client:
    """Sends operations as whoever bears the token, or as nobody."""

    http: httpx.AsyncClient
    token: str | None = None

    async def answer(self, document: str, variables: Mapping[str, Any] | None = None) -> Json:
        """The whole answer: data, errors, extensions. A bug of ours never passes for one."""
        headers = {"accept": GRAPHQL} | ({"authorization": f"Bearer {self.token}"} if self.token else {})
        body = {"query": document, "variables": dict(variables or {})}
        response = await self.http.post("/graphql", json=body, headers=headers)
        answer: Json = response.json()
        assert all(error["extensions"]["code"] != "INTERNAL" for error in answer.get("errors", [])), answer
        return answer

    async def run(self, document: str, **variables: Any) -> Json:
        """The data of an operation that has no errors."""
        answer = await self.answer(document, variables)
        assert "errors" not in answer, answer["errors"]
        data: Json = answer["data"]
        return data

    async def errors(self, document: str, **variables: Any) -> list[Json]:
        """The errors of an operation that has some."""
        answer = await self.answer(document, variables)
        errors: list[Json] = answer.get("errors", [])
        assert errors, answer
        return errors

    async def code(self, document: str, **variables: Any) -> str:
        """The code of an operation's one error."""
        (error,) = await self.errors(document, **variables)
        code: str = error["extensions"]["code"]
        return code

    async def do(self, field: str, shown: str = "", /, **input: Any) -> Json:
        """The payload of one mutation: its user errors, and whatever else is to be `shown`."""
        data = await self.run(mutation(field, shown), input=input)
        payload: Json = data[field]
        return payload

    async def refused(self, field: str, /, **input: Any) -> Json:
        """The one user error of a mutation that is declined."""
        (error,) = (await self.do(field, **input))["userErrors"]
        refusal: Json = error
        return refusal


USER_ERRORS = """
userErrors {
  __typename code message field
  ... on PlanLimitReachedError { plan limit used }
  ... on PlanTooLowError { needed current }
  ... on NotPermittedError { permission }
  ... on NotEmptyError { tickets }
  ... on RoleInUseError { holders }
  ... on StateMissingError { state }
  ... on ConflictError { revision }
  ... on TooManyAttemptsError { retryAfter }
  ... on AccountNeededError { accounts { slug name } }
}
"""


def mutation(field: str, shown: str = "") -> str:
    """The document of one mutation with its input as a variable."""
    kind = field[0].upper() + field[1:]
    return f"mutation Do($input: {kind}Input!) {{ {field}(input: $input) {{ {shown} {USER_ERRORS} }} }}"


@dataclass(frozen=True)
class Api:
    """The application of this process, and the database behind it."""

    application: ASGIApp
    http: httpx.AsyncClient
    database: Database

    @property
    def engine(self) -> AsyncEngine:
        """What serves the application's statements."""
        return self.database.engine

    @property
    def nobody(self) -> Client:
        """A client without a token."""
        return Client(self.http)

    def bearing(self, token: str) -> Client:
        """A client with some token or other."""
        return Client(self.http, token)

    async def client(self, world: World, who: Role | User = Role.SUPER_ADMIN) -> Client:
        """A client with a fresh token of somebody in a world."""
        return Client(self.http, await token_of(world, who))

    def reaching(self, address: str) -> httpx.AsyncClient:
        """Requests from another network address; to be closed by who asked for it."""
        return over(self.application, address)


async def token_of(
    world: World, who: Role | User = Role.SUPER_ADMIN, *, lifetime: timedelta = timedelta(hours=1)
) -> str:
    """A bearer token of somebody in a world."""
    user = world.users[who] if isinstance(who, Role) else who
    async with world.acting(user) as work:
        token, _ = await accounts.issue_token(work, user.id, lifetime)
    return token


def make_api(database: Database, settings: Settings, passwords: Argon2Passwords, **changes: Any) -> Api:
    """The application as `serve` makes it; `changes` are services that differ from the settings' own."""
    services = make_services(settings, SECRET, passwords)
    # Documents that walk the schema are sent with more tokens that nobody has than anybody may try.
    sign_in = replace(services.sign_in, guesses_per_address=1_000_000, guesses_per_account=1_000_000)
    # Every denial is recorded, so that what is compared costs the same each time.
    wide: Json = {"sign_in": sign_in, "denials": 1_000_000}
    lent = replace(services, **(wide | changes))
    # They ask for all there is, which nobody else does.
    limits = replace(limits_from(settings), cost=10_000_000)
    open_context = context_of(database, lent)
    application = make_application(
        build(execution_context_class=CompilingExecutor),
        open_context,
        limits=limits,
        routes=exports.routes(open_context),
    )
    return Api(application, over(application, "192.0.2.1"), database)


def over(application: ASGIApp, address: str) -> httpx.AsyncClient:
    """Requests into an application as if from a network address."""
    transport = httpx.ASGITransport(application, client=(address, 4711))
    return httpx.AsyncClient(transport=transport, base_url="http://api.test")
