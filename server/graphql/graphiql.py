"""GraphiQL, for people who explore the API in a browser; all of it from files in static/, nothing from elsewhere."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FILES = Path(__file__).parent / "static"

# Its editor and its fonts need styles and fonts that are part of its own files; no script is inline.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class _Files(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["content-security-policy"] = POLICY
        response.headers["cache-control"] = "no-cache"
        return response


def graphiql(path: str) -> list[BaseRoute]:
    """The page at `path`/, which talks to the endpoint beside it, and its files below; `path` leads there."""

    async def to_page(_: Request) -> Response:
        # Relative: an absolute address would be made of the Host header, which anybody can forge.
        return RedirectResponse(f".{path}/")

    return [Route(path, to_page), Mount(path, _Files(directory=FILES, html=True))]
