"""The GraphQL endpoint: one ASGI application for GET and POST, independent of the schema it serves.

It orders the steps; each step is a module beside it.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import strawberry
from graphql import OperationType
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from server.auth.bearer import MalformedAuthorization, bearer_token
from server.graphql import error_masking, parameters, request_body, response
from server.graphql.documents import Documents, Operation
from server.graphql.execution import OperationContext, Runner
from server.graphql.limits import Limits
from server.graphql.negotiation import JSON, response_type
from server.graphql.parameters import Parameters
from server.graphql.request_body import ClientLeftError
from server.graphql.request_errors import OVERLOADED, NoRoomError, RequestError, formatted, malformed, refused
from server.graphql.response import Answer

Schema: TypeAlias = strawberry.Schema

# Creates the `info.context` of resolvers from the bearer token and the client's address, either of which may be None.
OpenContext = Callable[[str | None, str | None], OperationContext]


class GraphQLEndpoint:
    """Serves a schema over HTTP; one instance serves all requests of a process.

    `page` is the address to which a browser that opens the endpoint is redirected, or None.
    """

    def __init__(
        self,
        schema: Schema,
        open_context: OpenContext,
        limits: Limits,
        *,
        introspection: bool = True,
        page: str | None = None,
    ) -> None:
        self._runner = Runner(schema, limits, hide_suggestions=not introspection)
        self._documents = Documents(self._runner.graphql_schema, limits, introspection=introspection)
        self._open_context = open_context
        self._limits = limits
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, always in JSON; a client that disconnected gets nothing."""
        headers = Headers(scope=scope)
        accept = ",".join(headers.getlist("accept"))
        media_type = response_type(accept)
        try:
            if self._page and scope["method"] == "GET" and not scope["query_string"] and "text/html" in accept:
                answer = Answer(307, "text/html", b"", {"location": self._page})
            else:
                answer = await self._answer(scope, headers, receive, media_type)
        except ClientLeftError:
            return
        except RequestError as error:
            answer = response.failed(error, media_type or JSON)
            if isinstance(error, NoRoomError):
                scope.setdefault("state", {})[OVERLOADED] = True  # read in server/http/protocol.py
        except Exception as bug:  # noqa: BLE001 (the outermost handler: logs it and answers)
            answer = response.failed(RequestError([error_masking.internal_error(bug)], status=500), media_type or JSON)
        await answer.send(send)

    async def _answer(self, scope: Scope, headers: Headers, receive: Receive, media_type: str | None) -> Answer:
        if media_type is None:
            raise malformed("The response is application/graphql-response+json or application/json in UTF-8.", 406)
        request = await self._parameters(scope, headers, receive)
        operation = self._documents.operation(request.query, request.operation_name)
        _check_kind(operation, scope["method"])
        cost = self._documents.check_cost(operation, request.variables)
        context = self._context(scope, headers)
        outcome = await self._runner.run(operation, request.variables, context, receive)
        payload: dict[str, Any] = {"data": outcome.data}
        if outcome.errors:
            payload["errors"] = outcome.errors
        payload["extensions"] = {"cost": {"requested": cost, "limit": self._limits.cost}}
        return response.executed(payload, media_type)

    async def _parameters(self, scope: Scope, headers: Headers, receive: Receive) -> Parameters:
        if scope["method"] == "POST":
            request_body.check_body_type(headers)
            return parameters.from_body(await request_body.read_body(receive, self._limits))
        if scope["method"] != "GET":
            raise malformed("Send a query by GET, or any operation by POST.", 405, allow="GET, POST")
        request_body.check_origin(headers)
        await request_body.read_body(receive, self._limits)
        return parameters.from_query_string(scope["query_string"])

    def _context(self, scope: Scope, headers: Headers) -> OperationContext:
        try:
            token = bearer_token(headers)
        except MalformedAuthorization as error:
            raise RequestError(
                [formatted(str(error), error.error_code)], status=401, headers={"www-authenticate": "Bearer"}
            ) from None
        client = scope.get("client")
        return self._open_context(token, client[0] if client else None)


def _check_kind(operation: Operation, method: str) -> None:
    kind = operation.node.operation
    if kind is OperationType.SUBSCRIPTION:
        raise refused("Subscriptions are not served here.")
    if kind is not OperationType.QUERY and method == "GET":
        raise malformed("GET serves queries only; send this operation by POST.", 405, allow="POST")
