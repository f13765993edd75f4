"""A GET carries its parameters in the query string, and may only query."""

import httpx
import pytest

from tests.server.graphql_toy import Toy, codes


async def get(query_string: str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with Toy().client() as client:
        return await client.get(f"/graphql?{query_string}", headers=named)


async def test_it_queries() -> None:
    response = await get("query=query+Q($n:String!){hello(name:$n)}&variables=%7B%22n%22:%22%C3%A9%22%7D")

    assert response.json()["data"] == {"hello": "hello é"}


async def test_empty_parameters_are_absent_ones() -> None:
    response = await get("query={hello}&variables=&operationName=&extensions=")

    assert response.json()["data"] == {"hello": "hello you"}


async def test_a_mutation_is_declined_with_405() -> None:
    response = await get("query=mutation{touch}")

    assert (response.status_code, response.headers["allow"]) == (405, "POST")


async def test_the_operation_that_is_named_decides() -> None:
    both = "query=query+A{hello}mutation+B{touch}"

    assert (await get(f"{both}&operationName=A")).status_code == 200
    assert (await get(f"{both}&operationName=B")).status_code == 405


@pytest.mark.parametrize(
    "query_string",
    ["", "query=", "variables={}", "query={hello}&query={who}", "query=%ff", "query={hello}&variables=[1]",
     "query={hello}&variables={", "query={hello}&extensions=7", "&".join("a=b" for _ in range(40))],
)  # fmt: skip
async def test_a_malformed_query_string_is_answered_with_400(query_string: str) -> None:
    response = await get(query_string)

    assert (response.status_code, codes(response)) == (400, ["BAD_USER_INPUT"])


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("mode", ["no-cors", "navigate"])
async def test_an_image_or_a_link_on_a_foreign_page_is_declined(site: str, mode: str) -> None:
    response = await get("query={hello}", sec_fetch_site=site, sec_fetch_mode=mode)

    assert response.status_code == 403


async def test_the_address_bar_and_a_fetch_with_cors_are_not() -> None:
    typed = await get("query={hello}", sec_fetch_site="none", sec_fetch_mode="navigate")
    fetched = await get("query={hello}", sec_fetch_site="cross-site", sec_fetch_mode="cors")

    assert (typed.status_code, fetched.status_code) == (200, 200)
