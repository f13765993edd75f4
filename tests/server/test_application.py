"""The application is put together from what it is given."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from server.application import limits_from
from server.settings import Settings
from tests.server.graphql_toy import Toy


def test_limits_are_those_of_the_settings() -> None:
    settings = Settings(body_limit=2048, max_depth=3, max_tokens=4, max_aliases=5, operation_seconds=6, pool_size=7)

    limits = limits_from(settings)

    assert (limits.body_bytes, limits.depth, limits.tokens, limits.aliases) == (2048, 3, 4, 5)
    assert (limits.operation_seconds, limits.running, limits.waiting) == (6, 7, 175)


def test_the_settings_allow_what_the_endpoint_allows_by_itself() -> None:
    from_settings, own = limits_from(Settings()), Toy().limits

    assert (from_settings.depth, from_settings.tokens, from_settings.aliases) == (own.depth, own.tokens, own.aliases)


async def test_routes_that_are_handed_in_are_served_with_the_same_headers() -> None:
    async def alive(_: Request) -> PlainTextResponse:
        return PlainTextResponse("alive")

    async with Toy(routes=[Route("/healthz", alive)]).client() as client:
        response = await client.get("/healthz")

    assert response.text == "alive"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "x-request-id" in response.headers


async def test_the_lifespan_runs_around_the_serving() -> None:
    seen = []

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        seen.append("started")
        yield
        seen.append("stopped")

    application = Toy(lifespan=lifespan).application

    async with application.router.lifespan_context(application):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://toy") as client:
            assert (await client.post("/graphql", json={"query": "{ hello }"})).status_code == 200
        assert seen == ["started"]

    assert seen == ["started", "stopped"]
