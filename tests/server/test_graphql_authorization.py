"""The Authorization header is read here; whose token it is, is not known here."""

import pytest

from tests.server.graphql_toy import GRAPHQL_RESPONSE, Toy, codes


async def test_the_token_and_the_address_reach_the_context() -> None:
    response = await Toy().send(b'{"query":"{ who }"}', authorization="bearer  abc.DEF-123_~+/==")

    assert response.json()["data"] == {"who": "abc.DEF-123_~+/== from 127.0.0.1"}


async def test_without_the_header_the_request_is_anonymous() -> None:
    response = await Toy().ask("{ who }")

    assert response.json()["data"]["who"].startswith("None from")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer a b", "Bearer ä", "abc", "Bearer " + "x" * 600]
)
@pytest.mark.parametrize("accept", [GRAPHQL_RESPONSE, "application/json"])
async def test_a_header_that_is_no_bearer_token_is_401(header: str, accept: str) -> None:
    toy = Toy()
    async with toy.client() as client:
        response = await client.post(
            "/graphql",
            json={"query": "{ who }"},
            headers={b"accept": accept.encode(), b"authorization": header.encode("latin-1")},
        )

    assert (response.status_code, codes(response)) == (401, ["UNAUTHENTICATED"])
    assert response.headers["www-authenticate"] == "Bearer"
    assert toy.contexts == []


async def test_two_headers_are_one_too_many() -> None:
    async with Toy().client() as client:
        headers = [("authorization", "Bearer a"), ("authorization", "Bearer b")]
        response = await client.post("/graphql", json={"query": "{ who }"}, headers=headers)

    assert response.status_code == 401
