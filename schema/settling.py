"""Settling a mutation: what was changed becomes the payload, a refusal becomes its user errors."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from domain.errors import Refusal
from schema.errors import UserError, user_error

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
