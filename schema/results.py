"""What a query returns when the domain declines it."""

from collections.abc import Awaitable
from typing import TypeVar

from domain.errors import Invalid, NotFound, NotPermitted
from schema.errors import BadInput

Result = TypeVar("Result")


async def or_null(finding: Awaitable[Result]) -> Result | None:
    """The result of a finder, or None if the viewer may not see it or there is none; BadInput for an invalid page."""
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
