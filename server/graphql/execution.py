"""Runs one operation: opens its context, applies its deadline, and stops when the client disconnects.

The context is always closed before the response is built, so that no unit of work outlives its request.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

import strawberry
from graphql import ExecutionResult, GraphQLError, OperationType, execute
from graphql.execution import AsyncWorkFinishedInfo, ExecutionHooks
from starlette.types import Receive
from strawberry.execution import optimized_is_awaitable

from server.graphql import error_masking
from server.graphql.admission import Admission
from server.graphql.compiler.executor import CompilingExecutor
from server.graphql.documents import Operation
from server.graphql.limits import Limits
from server.graphql.request_body import ClientLeftError
from server.graphql.request_errors import TIMEOUT, FormattedError, RequestError, formatted, overloaded, rejected


class OperationContext(Protocol):
    """The `info.context` of resolvers; created for one operation."""

    variables: Mapping[str, Any]

    async def close(self) -> None:
        """Release everything the operation still holds; called exactly once, also after a cancellation."""


class Outcome(NamedTuple):
    """The data, which may be null, and the errors of the fields that failed."""

    data: dict[str, Any] | None
    errors: list[FormattedError]


class Runner:
    """Runs operations of one schema with the schema's executor class.

    Strawberry's schema extensions and custom operation directives do not run: parsing, validation, limits, masking and
    deadlines are those of this package. A schema with extensions or directives is therefore a ValueError.
    """

    def __init__(self, schema: strawberry.Schema, limits: Limits, *, hide_suggestions: bool) -> None:
        if schema.extensions or schema.directives:
            raise ValueError("The endpoint runs neither schema extensions nor custom operation directives.")
        self.graphql_schema = schema._schema  # noqa: SLF001 (Strawberry has no public name for it)
        self._executor_class = schema.execution_context_class
        self._compiles = issubclass(self._executor_class, CompilingExecutor)
        self._hide_suggestions = hide_suggestions
        self._max_seconds = limits.operation_seconds
        self._admission = Admission(running=limits.running, waiting=limits.waiting)

    async def run(
        self, operation: Operation, variables: dict[str, Any], context: OperationContext, receive: Receive
    ) -> Outcome:
        """Execute and close the context; raises RequestError (also OVERLOADED, TIMEOUT, RATE_LIMITED) or
        ClientLeftError.
        """
        try:
            result = await self._run_in_time(operation, variables, context, receive)
        finally:
            await _close(context, operation)
        if not result.errors:
            return Outcome(result.data, [])
        try:
            return self._outcome(result.data, result.errors, operation)
        finally:
            error_masking.clear_tracebacks(result.errors)

    def _outcome(self, data: dict[str, Any] | None, errors: list[GraphQLError], operation: Operation) -> Outcome:
        if data is None and not any(error.path for error in errors):
            raise rejected(error_masking.request_errors(errors))
        if error := error_masking.retry_later(errors, data):
            raise error
        return Outcome(data, error_masking.field_errors(errors, operation.name))

    async def _run_in_time(
        self, operation: Operation, variables: dict[str, Any], context: OperationContext, receive: Receive
    ) -> ExecutionResult:
        disconnected, admitted, result = asyncio.Event(), False, None
        deadline = asyncio.timeout(self._max_seconds)
        try:
            async with deadline:
                watch = asyncio.create_task(_watch(receive, disconnected, deadline))
                try:
                    async with self._admission:
                        admitted = True
                        result = await self._execute(operation, variables, context)
                finally:
                    watch.cancel()
        except TimeoutError:
            if not deadline.expired():
                raise
        # A resolver may turn the cancellation into another error.
        if result is None or (deadline.expired() and result.errors):
            if disconnected.is_set():
                raise ClientLeftError
            raise self._timeout(operation) if admitted else overloaded()
        return result

    def _timeout(self, operation: Operation) -> RequestError:
        message = f"The operation took longer than {self._max_seconds:g} seconds and was stopped."
        if operation.node.operation is OperationType.MUTATION:
            message += " Changes committed before then are kept."
        return RequestError([formatted(message, TIMEOUT)], status=504)

    async def _execute(
        self, operation: Operation, variables: dict[str, Any], context: OperationContext
    ) -> ExecutionResult:
        context.variables = variables
        finished = asyncio.Event()

        def finish(work: AsyncWorkFinishedInfo) -> None:
            finished.set()
            # Otherwise the executor is part of a reference cycle, which only the garbage collector frees.
            work.executor.async_helpers = None  # type: ignore[assignment]

        options: dict[str, Any] = {"operation_extensions": None}
        if self._compiles:
            options["compiled"] = operation.compiled
        result = execute(
            self.graphql_schema,
            operation.document,
            variable_values=variables,
            operation_name=operation.name,
            context_value=context,
            executor_class=self._executor_class,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # narrows no type
            hide_suggestions=self._hide_suggestions,
            hooks=ExecutionHooks(finish),
            **options,
        )
        if not isinstance(result, ExecutionResult):
            result = await result
        if any(error.path for error in result.errors or ()):
            # When a field fails, its siblings still run, and they need the context.
            await finished.wait()
        return result


async def _watch(receive: Receive, disconnected: asyncio.Event, deadline: asyncio.Timeout) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    disconnected.set()
    deadline.reschedule(asyncio.get_running_loop().time())


async def _close(context: OperationContext, operation: Operation) -> None:
    try:
        await context.close()
    except Exception as bug:  # noqa: BLE001 (the outcome is known by now, whatever happens to the connection)
        if error_masking.public_code(bug) is None:
            error_masking.log_bug(bug, error_masking.new_reference(), operation.name)
