"""Running one operation: its context, its deadline, and the client that may hang up meanwhile.

However it ends, the context is closed before the next thing happens, so that no unit of work outlives its request.
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
    """What resolvers find as `info.context`; created for one operation."""

    variables: Mapping[str, Any]

    async def close(self) -> None:
        """Give back whatever the operation still holds; called exactly once, also after a cancellation."""


class Outcome(NamedTuple):
    """Data, null included, and the errors of the fields that failed."""

    data: dict[str, Any] | None
    errors: list[FormattedError]


class Runner:
    """Runs operations of one schema through graphql-core's executor, as the schema's executor class has it.

    Strawberry's schema extensions and custom operation directives are not run: parsing, validation, limits, masking
    and deadlines are this package's own, so a schema that brings any is declined with a ValueError.
    """

    def __init__(self, schema: strawberry.Schema, limits: Limits, *, hide_suggestions: bool) -> None:
        if schema.extensions or schema.directives:
            raise ValueError("The endpoint runs neither schema extensions nor custom operation directives.")
        self.graphql_schema = schema._schema  # noqa: SLF001 (Strawberry has no public name for it)
        self._executor_class = schema.execution_context_class
        self._compiles = issubclass(self._executor_class, CompilingExecutor)
        self._hide_suggestions = hide_suggestions
        self._seconds = limits.operation_seconds
        self._admission = Admission(running=limits.running, waiting=limits.waiting)

    async def run(
        self, operation: Operation, variables: dict[str, Any], context: OperationContext, receive: Receive
    ) -> Outcome:
        """Execute and close the context; raises RequestError (also OVERLOADED, TIMEOUT, RATE_LIMITED) or
        ClientLeftError.
        """
        try:
            result = await self._in_time(operation, variables, context, receive)
        finally:
            await _closed(context, operation)
        if not result.errors:
            return Outcome(result.data, [])
        try:
            return self._told(result.data, result.errors, operation)
        finally:
            error_masking.forget(result.errors)

    def _told(self, data: dict[str, Any] | None, errors: list[GraphQLError], operation: Operation) -> Outcome:
        if data is None and not any(error.path for error in errors):
            raise rejected(error_masking.request_errors(errors))
        if later := error_masking.come_back(errors, data):
            raise later
        return Outcome(data, error_masking.field_errors(errors, operation.name))

    async def _in_time(
        self, operation: Operation, variables: dict[str, Any], context: OperationContext, receive: Receive
    ) -> ExecutionResult:
        left, admitted, result = asyncio.Event(), False, None
        clock = asyncio.timeout(self._seconds)
        try:
            async with clock:
                watch = asyncio.create_task(_watch(receive, left, clock))
                try:
                    async with self._admission:
                        admitted = True
                        result = await self._executed(operation, variables, context)
                finally:
                    watch.cancel()
        except TimeoutError:
            if not clock.expired():
                raise
        # A cancellation meets whatever a resolver has open, and may come out of it as another error.
        if result is None or (clock.expired() and result.errors):
            if left.is_set():
                raise ClientLeftError
            raise self._too_late(operation) if admitted else overloaded()
        return result

    def _too_late(self, operation: Operation) -> RequestError:
        message = f"The operation took longer than {self._seconds:g} seconds and was stopped."
        if operation.node.operation is OperationType.MUTATION:
            message += " What it had done by then stays done."
        return RequestError([formatted(message, TIMEOUT)], status=504)

    async def _executed(
        self, operation: Operation, variables: dict[str, Any], context: OperationContext
    ) -> ExecutionResult:
        context.variables = variables
        settled = asyncio.Event()

        def settle(work: AsyncWorkFinishedInfo) -> None:
            settled.set()
            # Else the executor and what it read are a circle of references, left to the garbage collector.
            work.executor.async_helpers = None  # type: ignore[assignment]

        options: dict[str, Any] = {"operation_extensions": None}
        if self._compiles:
            options["plans"] = operation.plans
        result = execute(
            self.graphql_schema,
            operation.document,
            variable_values=variables,
            operation_name=operation.name,
            context_value=context,
            executor_class=self._executor_class,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # narrows no type
            hide_suggestions=self._hide_suggestions,
            hooks=ExecutionHooks(settle),
            **options,
        )
        if not isinstance(result, ExecutionResult):
            result = await result
        if any(error.path for error in result.errors or ()):
            # A field that fails at once leaves its siblings running; they must not meet a closed context.
            await settled.wait()
        return result


async def _watch(receive: Receive, left: asyncio.Event, clock: asyncio.Timeout) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    left.set()
    clock.reschedule(asyncio.get_running_loop().time())


async def _closed(context: OperationContext, operation: Operation) -> None:
    try:
        await context.close()
    except Exception as bug:  # noqa: BLE001 (the answer is known by now, whatever becomes of the connection)
        if error_masking.public_code(bug) is None:
            error_masking.log_bug(bug, error_masking.new_reference(), operation.name)
