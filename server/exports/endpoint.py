"""Serving exports: with the same bearer token as the API, page by page, while no unit of work waits for a slow client.

An export that ends early, since its reader lost the right to read, ends without its last chunk: nobody takes it for the
whole.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from domain.errors import Invalid, NotFound, NotPermitted, RateLimited, Unauthenticated
from resolvers.context import Context
from schema.errors import BadInput
from server.auth.bearer import MalformedAuthorization, bearer_token
from server.exports.access_review import ACCESS_REVIEW
from server.exports.audit_log import AUDIT_LOG
from server.exports.export import Export, Pages, Row, check, lines
from server.graphql.request_errors import BAD_USER_INPUT, OVERLOADED, formatted

_EXPORTS = (AUDIT_LOG, ACCESS_REVIEW)
_AT_ONCE = 4  # exports of one process
_RETRY_SECONDS = "30"
_UNAUTHORIZED = 401

OpenContext = Callable[[str | None, str | None], Context]


class ExportEndedError(Exception):
    """An export could not be read to its end."""


def routes(open_context: OpenContext) -> list[Route]:
    """`/exports/audit.csv` and `/exports/access.csv`, for whoever may read them; for others there are no such pages."""
    slots = asyncio.Semaphore(_AT_ONCE)
    return [_route(export, open_context, slots) for export in _EXPORTS]


def _route(export: Export, open_context: OpenContext, slots: asyncio.Semaphore) -> Route:
    async def answer(request: Request) -> Response:
        if slots.locked():
            return _failed(503, "Too many exports run just now: try again later.", OVERLOADED, _RETRY_SECONDS)
        try:
            return await _answer(request, export, open_context, slots)
        except (Unauthenticated, MalformedAuthorization) as refused:
            return _failed(401, str(refused), refused.error_code)
        except RateLimited as limited:
            return _failed(429, str(limited), limited.error_code, str(limited.retry_after))
        except (BadInput, Invalid) as refused:
            return _failed(400, str(refused), BAD_USER_INPUT)
        except (NotFound, NotPermitted):
            raise HTTPException(404) from None  # as for a page that there never was

    made = Route(f"/exports/{export.name}.csv", answer)
    made.methods = {"GET"}
    return made


async def _answer(request: Request, export: Export, open_context: OpenContext, slots: asyncio.Semaphore) -> Response:
    token, client = bearer_token(request.headers), request.client
    check(export, request.query_params)
    pages = export.pages(lambda: open_context(token, client.host if client else None), request.query_params)
    # Before anything is sent: whoever may not read it hears so.
    first = await anext(pages)
    return _Csv(export, first, pages, slots)


class _Csv(StreamingResponse):
    def __init__(self, export: Export, first: Iterable[Row], pages: Pages, slots: asyncio.Semaphore) -> None:
        name = f'attachment; filename="{export.name}.csv"'
        super().__init__(
            _text(export, first, pages),
            headers={"cache-control": "no-store", "content-disposition": name},
            media_type="text/csv",
        )
        self._slots = slots

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, as one of the few that are sent at once."""
        async with self._slots:
            await super().__call__(scope, receive, send)


async def _text(export: Export, first: Iterable[Row], pages: Pages) -> AsyncIterator[str]:
    yield lines([export.columns, *first])
    try:
        async for page in pages:
            yield lines(page)
    except (Unauthenticated, RateLimited, NotFound, NotPermitted, BadInput) as refused:
        raise ExportEndedError(str(refused)) from None


def _failed(status: int, message: str, code: str, retry_after: str | None = None) -> JSONResponse:
    """Errors in the shape that the API gives them."""
    headers = {"cache-control": "no-store"}
    if status == _UNAUTHORIZED:
        headers["www-authenticate"] = "Bearer"
    if retry_after is not None:
        headers["retry-after"] = retry_after
    return JSONResponse({"errors": [formatted(message, code)]}, status_code=status, headers=headers)
