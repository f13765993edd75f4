"""Settling an operation: a refusal becomes the user errors of a mutation's payload, or what a query answers instead."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from domain.errors import Invalid, NotFound, NotPermitted, Refusal
from schema.errors import BadInput, UserError, user_error

Result = TypeVar("Result")
Payload = TypeVar("Payload")


async def settle(
    doing: Awaitable[Result], shape: Callable[[Result], Payload], refused: Callable[[list[UserError]], Payload]
) -> Payload:
    """The payload of a mutation, whichever way it went (law 4)."""
    try:
        return shape(await doing)
    except Refusal as refusal:
        return refused([user_error(refusal)])


async def or_null(finding: Awaitable[Result]) -> Result | None:
    """What a query found, or None when there is no such thing for the viewer, or it is not theirs to ask for; BadInput
    for a page that cannot be.
    """
    try:
        return await finding
    except NotFound as refusal:
        if refusal.field == ("after",):
            raise BadInput(refusal.message) from None
        return None
    except NotPermitted:
        return None
    except Invalid as refusal:
        raise BadInput(refusal.message) from None
