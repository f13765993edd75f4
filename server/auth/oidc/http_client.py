"""Requests to the provider: short, bounded, never redirected, and past no proxy."""

import asyncio
import ssl
from collections.abc import Mapping
from typing import Any, NamedTuple

import httpx
import orjson

from server.auth.oidc.errors import Unreachable

_SECONDS = 4.0  # for one answer; a sign-in needs two or three, and an operation has ten by default
_LARGEST = 256 * 1024  # bytes

Json = dict[str, Any]


class Answer(NamedTuple):
    """What the provider answered: the status, and the object in the body (an empty one where there is none)."""

    status: int
    body: Json

    @property
    def is_good(self) -> bool:
        """Whether it is what was asked for."""
        return self.status == httpx.codes.OK

    @property
    def is_trouble(self) -> bool:
        """Whether the fault is the provider's, and may be over in a while."""
        return self.status >= httpx.codes.INTERNAL_SERVER_ERROR or self.status == httpx.codes.TOO_MANY_REQUESTS


class Fetcher:
    """Asks the provider; raises Unreachable where no answer comes, or one that is too large or no JSON object."""

    def __init__(self) -> None:
        self._trust: ssl.SSLContext | None = None

    async def get(self, url: str, *, bearer: str | None = None) -> Json:
        """A document; Unreachable for any other status than 200."""
        headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
        answer = await self._ask("GET", url, headers=headers)
        if not answer.is_good:
            raise Unreachable(f"status {answer.status}")
        return answer.body

    async def post(self, url: str, form: Mapping[str, str], *, basic: tuple[str, str] | None = None) -> Answer:
        """What a form that is sent there leads to; `basic` are the name and password to send it with."""
        return await self._ask("POST", url, data=dict(form), auth=httpx.BasicAuth(*basic) if basic else None)

    async def _ask(self, method: str, url: str, *, headers: Mapping[str, str] | None = None, **given: Any) -> Answer:
        asked = {"accept": "application/json", "accept-encoding": "identity", **(headers or {})}
        try:
            async with (
                asyncio.timeout(_SECONDS),
                await self._client() as client,
                client.stream(method, url, headers=asked, **given) as response,
            ):
                body = await _bounded(response)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:  # a timeout is an OSError too
            raise Unreachable(type(error).__name__) from error
        return Answer(response.status_code, _object(response.status_code, body))

    async def _client(self) -> httpx.AsyncClient:
        """A client for one request: sign-ins are rare, and a connection that waits for the next one is in the way.

        The environment names authorities to trust (SSL_CERT_FILE), and no proxies. Reading them takes a while, once.
        """
        if self._trust is None:
            self._trust = await asyncio.to_thread(httpx.create_ssl_context)
        return httpx.AsyncClient(verify=self._trust, timeout=_SECONDS, follow_redirects=False, trust_env=False)


async def _bounded(response: httpx.Response) -> bytes:
    body = bytearray()
    async for part in response.aiter_raw():
        body += part
        if len(body) > _LARGEST:
            raise Unreachable("the answer is too large")
    return bytes(body)


def _object(status: int, body: bytes) -> Json:
    try:
        read = orjson.loads(body)
    except orjson.JSONDecodeError:
        read = None
    if isinstance(read, dict):
        return read
    if status == httpx.codes.OK:
        raise Unreachable("the answer is no JSON object")
    return {}
