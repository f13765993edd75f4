"""GraphiQL, for people who explore the API in a browser; all of it from files in static/, nothing from elsewhere."""

from pathlib import Path

from starlette.responses import Response
from starlette.routing import Mount
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


def graphiql(path: str) -> Mount:
    """The page at `path`/, which talks to the endpoint beside it, and its files below."""
    return Mount(path, _Files(directory=FILES, html=True))
