"""The endpoint over sockets and in a browser: sizes, origins, headers, and the page for people."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import ClassVar

import httpx
import pytest

from server.graphql.limits import Limits
from server.graphql.negotiation import response_type
from tests.server.graphql_toy import GRAPHQL_RESPONSE, Toy, codes, serving

JSON = "application/json"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


async def test_a_body_that_grows_over_the_limit_is_declined_while_it_comes() -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 1_000:
            sent += 1
            yield b" " * 1_000

    async with Toy(Limits(body_bytes=10_000)).client() as client:
        response = await client.post("/graphql", content=endless(), headers={"content-type": JSON})

    assert (response.status_code, codes(response)) == (413, ["BAD_USER_INPUT"])
    assert sent == 41


@pytest.mark.parametrize("chunked", [True, False])
@pytest.mark.parametrize("kilobytes", [11, 30])
async def test_a_body_over_the_limit_is_declined_over_a_socket(chunked: bool, kilobytes: int) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(kilobytes):
            yield b" " * 1_000

    async with serving(Toy(Limits(body_bytes=10_000)).application) as (host, port), httpx.AsyncClient() as client:
        content = chunks() if chunked else b" " * 1_000 * kilobytes
        response = await client.post(f"http://{host}:{port}/graphql", content=content, headers={"content-type": JSON})

    assert (response.status_code, response.headers["connection"]) == (413, "close")


async def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    async with serving(Toy(Limits(receive_seconds=0.05)).application) as (host, port):
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(
            b"POST /graphql HTTP/1.1\r\nHost: toy\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
        )

        status = await reader.readline()
        writer.close()

    assert status.startswith(b"HTTP/1.1 408 ")


async def test_one_connection_serves_one_operation_after_the_other() -> None:
    async with serving(Toy().application) as (host, port), httpx.AsyncClient() as client:
        for name in ("ada", "sam", "amy"):
            body = {"query": "query Q($n: String!) { hello(name: $n) }", "variables": {"n": name}}
            response = await client.post(f"http://{host}:{port}/graphql", json=body)

            assert response.json()["data"] == {"hello": f"hello {name}"}


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (GRAPHQL_RESPONSE, GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE}, {JSON};q=0.9", GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE}; charset=utf-8, {JSON}; charset=utf-8", GRAPHQL_RESPONSE),
        (f"{JSON}, {GRAPHQL_RESPONSE}", GRAPHQL_RESPONSE),
        (f"{JSON}, {GRAPHQL_RESPONSE};q=0.5", JSON),
        (f"{JSON}, text/plain, */*", JSON),
        (f"*/*, {GRAPHQL_RESPONSE};q=0", JSON),
        (f"{JSON};q=0, */*;q=0.1", GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE.upper()}", GRAPHQL_RESPONSE),
        (f"{JSON};q=high, {GRAPHQL_RESPONSE};q=0.1", GRAPHQL_RESPONSE),
        (BROWSER, JSON),
        ("text/html", None),
        ("application/json; charset=utf-16", None),
        (f"{JSON};q=0", None),
        ("image/*, text/*", None),
        (",;,;q=;=", None),
    ],
)
def test_the_media_type_is_negotiated(accept: str, expected: str | None) -> None:
    assert response_type(accept) == expected


async def test_a_client_that_takes_no_json_is_told_so_before_anything_runs() -> None:
    toy = Toy()

    response = await toy.ask("{ hello }", accept="text/html")

    assert (response.status_code, codes(response)) == (406, ["BAD_USER_INPUT"])
    assert response.headers["content-type"].startswith(JSON)
    assert toy.contexts == []


class TestHeaders:
    """On every response, whatever it is."""

    @pytest.mark.parametrize("path", ["/graphql", "/graphiql/", "/nowhere"])
    async def test_browsers_are_told_to_guess_nothing_and_frame_nothing(self, path: str) -> None:
        async with Toy().client() as client:
            response = await client.get(path)

        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
        assert "default-src 'none'" in response.headers["content-security-policy"]

    async def test_answers_are_not_stored(self) -> None:
        response = await Toy().ask("{ hello }")

        assert (response.headers["cache-control"], response.headers["vary"]) == ("no-store", "accept")

    async def test_a_request_id_is_kept_if_it_is_a_plain_one(self) -> None:
        toy = Toy()

        given = await toy.send(b'{"query":"{ hello }"}', x_request_id="abc-123.DEF_456")
        bad = await toy.send(b'{"query":"{ hello }"}', x_request_id="<script>alert(1)</script>")
        none = await toy.ask("{ hello }")

        assert given.headers["x-request-id"] == "abc-123.DEF_456"
        assert re.fullmatch("[0-9a-f]{32}", bad.headers["x-request-id"])
        assert bad.headers["x-request-id"] != none.headers["x-request-id"]


class TestOtherOrigins:
    """Pages of other origins may call only where that is set."""

    PREFLIGHT: ClassVar = {"origin": "https://app.test", "access-control-request-method": "POST"}

    async def test_unless_listed_a_preflight_is_not_granted(self) -> None:
        async with Toy().client() as client:
            response = await client.options("/graphql", headers=self.PREFLIGHT)

        assert "access-control-allow-origin" not in response.headers

    async def test_a_listed_origin_may_send_the_token(self) -> None:
        headers = {**self.PREFLIGHT, "access-control-request-headers": "authorization,content-type"}
        async with Toy(allowed_origins=["https://app.test"]).client() as client:
            preflight = await client.options("/graphql", headers=headers)
            answer = await client.post("/graphql", json={"query": "{ hello }"}, headers={"origin": "https://app.test"})

        assert preflight.status_code == 200
        assert preflight.headers["access-control-allow-origin"] == "https://app.test"
        assert answer.headers["access-control-allow-origin"] == "https://app.test"
        assert "access-control-allow-credentials" not in answer.headers

    async def test_any_other_origin_may_not(self) -> None:
        headers = {**self.PREFLIGHT, "origin": "https://evil.test"}
        async with Toy(allowed_origins=["https://app.test"]).client() as client:
            response = await client.options("/graphql", headers=headers)

        assert response.status_code == 400
        assert "access-control-allow-origin" not in response.headers
