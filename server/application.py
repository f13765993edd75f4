"""The ASGI application: its routes and what surrounds them. Whoever starts the server hands in everything it needs."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from server.graphql.endpoint import GraphQLEndpoint, OpenContext, Schema
from server.graphql.graphiql import graphiql
from server.graphql.limits import Limits
from server.http.headers import EveryResponse
from server.settings import Settings

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]

_ENDPOINT = "/graphql"
_PAGE = "/graphiql"

# How many operations may wait for each that runs.
_LINE = 25


class _Straight:
    """ASGI middleware: leads to the endpoint without asking each route, which costs a tenth of a small request."""

    def __init__(self, app: ASGIApp, endpoint: ASGIApp) -> None:
        self._app = app
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        straight = scope["type"] == "http" and scope["path"] == _ENDPOINT and not scope.get("root_path")
        await (self._endpoint if straight else self._app)(scope, receive, send)


def make_application(
    schema: Schema,
    open_context: OpenContext,
    *,
    limits: Limits | None = None,
    introspection: bool = True,
    allowed_origins: Sequence[str] = (),
    routes: Sequence[BaseRoute] = (),
    lifespan: Lifespan | None = None,
) -> Starlette:
    """The application that uvicorn runs: /graphql, /graphiql where introspection is on, and `routes`, such as health's.

    `open_context` is called once an operation with its bearer token and the client's address. `allowed_origins` are the
    origins whose pages may call the API; none may unless listed.
    """
    page = _PAGE if introspection else None
    endpoint = GraphQLEndpoint(
        schema,
        open_context,
        limits or Limits(),
        introspection=introspection,
        # Relative, so that it holds under whatever prefix a proxy serves both.
        page=f".{page}/" if page else None,
    )
    pages = graphiql(page) if page else []
    middleware = [Middleware(EveryResponse)]
    if allowed_origins:
        middleware.append(_cross_origin(allowed_origins))
    middleware.append(Middleware(_Straight, endpoint=endpoint))
    made = Starlette(routes=[Route(_ENDPOINT, endpoint), *pages, *routes], middleware=middleware, lifespan=lifespan)
    # Its redirects from /graphql/ and the like would lead to whatever host the request claims.
    made.router.redirect_slashes = False
    return made


def limits_from(settings: Settings) -> Limits:
    """The endpoint's limits as the settings have them.

    As many operations run as there are database connections: more would only wait for one, and fail where they could
    have been told to come back.
    """
    return Limits(
        body_bytes=settings.body_limit,
        depth=settings.max_depth,
        tokens=settings.max_tokens,
        aliases=settings.max_aliases,
        operation_seconds=settings.operation_seconds,
        running=settings.pool_size,
        waiting=settings.pool_size * _LINE,
    )


def _cross_origin(origins: Sequence[str]) -> Middleware:
    return Middleware(
        CORSMiddleware,
        allow_origins=list(origins),
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type", "x-request-id"],
        expose_headers=["x-request-id", "retry-after"],
        max_age=600,
    )
