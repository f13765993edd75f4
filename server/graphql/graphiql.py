"""GraphiQL, to explore the API in a browser. All of its files are in static/; nothing is loaded from other hosts."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FILES = Path(__file__).parent / "static"

# GraphiQL needs its own scripts, styles and fonts only; no script is inline.
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
    """Routes for the page at `path`/, which uses the endpoint beside it, for its files, and a redirect from `path`."""

    async def redirect(_: Request) -> Response:
        # Relative: an absolute address would be built from the Host header, which anybody can forge.
        return RedirectResponse(f".{path}/")

    return [Route(path, redirect), Mount(path, _Files(directory=FILES, html=True))]
