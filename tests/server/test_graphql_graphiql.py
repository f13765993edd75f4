"""GraphiQL comes from files beside the code, and asks nothing of any other host."""

import re

import pytest

from server.graphql.graphiql import FILES
from tests.server.graphql_toy import Toy

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


async def test_a_browser_that_opens_the_endpoint_is_sent_to_the_page() -> None:
    async with Toy().client() as client:
        response = await client.get("/graphql", headers={"accept": BROWSER}, follow_redirects=True)

    assert str(response.url) == "http://toy/graphiql/"
    assert response.headers["content-type"].startswith("text/html")


async def test_a_query_in_the_address_is_answered_in_json() -> None:
    async with Toy().client() as client:
        response = await client.get("/graphql?query={hello}", headers={"accept": BROWSER})

    assert response.json()["data"] == {"hello": "hello you"}


async def test_every_file_that_the_page_names_is_served() -> None:
    async with Toy().client() as client:
        page = await client.get("/graphiql/")
        names = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        files = [await client.get(f"/graphiql/{name}") for name in names if not name.startswith("data:")]

    assert len(files) == 6
    assert {file.status_code for file in files} == {200}


async def test_its_policy_lets_in_only_what_is_served_here() -> None:
    async with Toy().client() as client:
        page = await client.get("/graphiql/")

    policy = page.headers["content-security-policy"]
    assert "http" not in policy
    assert "unsafe" not in policy
    assert "<script>" not in page.text


def test_its_style_sheets_load_nothing() -> None:
    for sheet in FILES.glob("*.css"):
        assert not re.findall(r"url\((?!\"?data:)|@import", sheet.read_text())


def test_its_licences_are_beside_it() -> None:
    licences = (FILES / "LICENSES.txt").read_text()

    assert all(name in licences for name in ("graphiql", "react", "react-dom", "codemirror", "graphql"))


async def test_there_is_none_without_introspection() -> None:
    async with Toy(introspection=False).client() as client:
        page = await client.get("/graphiql/")
        opened = await client.get("/graphql", headers={"accept": BROWSER})

    assert (page.status_code, opened.status_code) == (404, 400)


@pytest.mark.parametrize("path", ["/graphiql", "/graphql/", "/graphiql?x=1"])
async def test_no_redirect_leads_to_a_host_that_the_request_claims(path: str) -> None:
    async with Toy().client() as client:
        response = await client.get(path, headers={"host": "elsewhere.example"})

    assert "elsewhere" not in response.headers.get("location", "")


async def test_the_page_is_found_without_its_slash_and_under_a_prefix() -> None:
    async with Toy().client() as client:
        response = await client.get("/graphiql", headers={"accept": BROWSER})

    assert (response.status_code, response.headers["location"]) == (307, "./graphiql/")
