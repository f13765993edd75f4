"""What a client hears when something is declined: typed user errors in payloads, and bad input at the top level.

Every refusal of the domain has its code here, and a concrete type where a client needs more than the sentence.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any

import strawberry

from domain.errors import Path, Refusal


class BadInput(Exception):  # noqa: N818 (it is a sentence about the request)
    """An argument that cannot be decoded; a top-level error for developers (settled choice 17)."""

    error_code = "BAD_USER_INPUT"


@strawberry.enum(description="Why an operation was declined. Further codes may be added.")
class UserErrorCode(Enum):
    """The codes of all refusals."""

    ACCOUNT_NEEDED = "ACCOUNT_NEEDED"
    CONFLICT = "CONFLICT"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    INVALID = "INVALID"
    LAST_PIPELINE = "LAST_PIPELINE"
    NOT_EMPTY = "NOT_EMPTY"
    NOT_FOUND = "NOT_FOUND"
    NOT_PERMITTED = "NOT_PERMITTED"
    PLACE_GONE = "PLACE_GONE"
    PLAN_LIMIT_REACHED = "PLAN_LIMIT_REACHED"
    PLAN_TOO_LOW = "PLAN_TOO_LOW"
    SIGN_IN_FAILED = "SIGN_IN_FAILED"
    STALE_ORDER = "STALE_ORDER"
    STATE_MISSING = "STATE_MISSING"
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"


@strawberry.interface(description="Why an operation was declined, for the person who asked for it.")
class UserError:
    """What all refusals have."""

    code: UserErrorCode = strawberry.field(description="The reason, for programs; the message may change, this not.")
    message: str = strawberry.field(description="The reason, as a sentence for people.")
    field: list[str] | None = strawberry.field(
        description='The path of the input that it is about, such as ["input", "label"]; null when it is about none.'
    )


@strawberry.type(description="An operation was declined, and the message says all there is to say.")
class PlainError(UserError):
    """A refusal without details."""


@strawberry.type(description="The account has as many pipelines as its plan allows.")
class PlanLimitReachedError(UserError):
    """PLAN_LIMIT_REACHED (S6, S7)."""

    plan: str = strawberry.field(description="The service tier of the account.")
    limit: int = strawberry.field(description="How many the plan allows.")
    used: int = strawberry.field(description="How many there are.")


@strawberry.type(description="The account's plan does not include this.")
class PlanTooLowError(UserError):
    """PLAN_TOO_LOW (S12)."""

    needed: str = strawberry.field(description="The least service tier that would do.")
    current: str = strawberry.field(description="The service tier of the account.")


@strawberry.type(description="The viewer's roles or access do not allow this.")
class NotPermittedError(UserError):
    """NOT_PERMITTED (S11)."""

    permission: str = strawberry.field(description="The permission that was needed, such as ticket:write.")


@strawberry.type(description="The stage or pipeline still holds tickets.")
class NotEmptyError(UserError):
    """NOT_EMPTY (S13, S14)."""

    tickets: int | None = strawberry.field(
        description="How many tickets the viewer sees in it; null when the viewer sees none of them."
    )


@strawberry.type(description="Somebody else changed the same thing first.")
class ConflictError(UserError):
    """CONFLICT (B29)."""

    revision: int | None = strawberry.field(
        description="The revision that stands now; null when no revision was compared."
    )


@strawberry.type(description="Sign-in was tried too often.")
class TooManyAttemptsError(UserError):
    """TOO_MANY_ATTEMPTS."""

    retry_after: int = strawberry.field(description="Seconds until it may be tried again.")


@strawberry.type(description="An account that the person can sign in to.")
class AccountChoice:
    """One of several memberships."""

    slug: str = strawberry.field(description="What to pass as `account`.")
    name: str = strawberry.field(description="What the account is called.")


@strawberry.type(description="The person belongs to several accounts and must say which.")
class AccountNeededError(UserError):
    """ACCOUNT_NEEDED (settled choice 1)."""

    accounts: list[AccountChoice] = strawberry.field(description="The accounts to choose from.")


Make = Callable[[dict[str, Any], dict[str, Any]], UserError]

_MAKE: dict[str, Make] = {
    "PLAN_LIMIT_REACHED": lambda said, details: PlanLimitReachedError(**said, **details),
    "PLAN_TOO_LOW": lambda said, details: PlanTooLowError(**said, **details),
    "NOT_PERMITTED": lambda said, details: NotPermittedError(**said, **details),
    "NOT_EMPTY": lambda said, details: NotEmptyError(**said, **details),
    "CONFLICT": lambda said, details: ConflictError(**said, revision=details.get("revision")),
    "TOO_MANY_ATTEMPTS": lambda said, details: TooManyAttemptsError(**said, **details),
    "ACCOUNT_NEEDED": lambda said, details: AccountNeededError(
        **said, accounts=[AccountChoice(**choice) for choice in details["accounts"]]
    ),
}

ERROR_TYPES = (
    PlainError,
    PlanLimitReachedError,
    PlanTooLowError,
    NotPermittedError,
    NotEmptyError,
    ConflictError,
    TooManyAttemptsError,
    AccountNeededError,
)


def user_error(refusal: Refusal, *, prefix: Path = ("input",)) -> UserError:
    """A refusal as the client hears it; `prefix` is where in the arguments the input stood."""
    said: dict[str, Any] = {
        "code": UserErrorCode(refusal.code),
        "message": refusal.message,
        "field": [*prefix, *refusal.field] if refusal.field else None,
    }
    make = _MAKE.get(refusal.code)
    return make(said, refusal.details) if make else PlainError(**said)
