"""Exports as whoever bears a token asks for them, and their rows as a spreadsheet reads them."""

import csv
import io

import httpx

from tests.support.client import Api

Parameters = dict[str, str | list[str]]


async def get(api: Api, path: str, token: str | None, parameters: Parameters | None = None) -> httpx.Response:
    """The answer to somebody's request."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return await api.http.get(path, headers=headers, params=parameters)


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    """The rows of an export, by the names of its columns."""
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))
