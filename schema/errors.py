"""What a client hears when something is declined: typed user errors in payloads, and bad input at the top level.

Every refusal of the domain has its code here, and a concrete type where a client needs more than the sentence.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any

import strawberry

from domain.errors import Refusal
from schema.enums import StageState, Tier


class BadInput(Exception):  # noqa: N818 (it is a sentence about the request)
    """An argument that cannot be decoded; a top-level error for developers (settled choice 17)."""

    error_code = "BAD_USER_INPUT"


@strawberry.enum(description="Why an operation was declined. Further codes may be added.")
class UserErrorCode(Enum):
    """The codes of all refusals."""

    ACCOUNT_NEEDED = strawberry.enum_value(
        "ACCOUNT_NEEDED", description="The person belongs to several accounts: say which one."
    )
    CONFLICT = strawberry.enum_value("CONFLICT", description="Somebody else was first: read again and repeat.")
    IDEMPOTENCY_KEY_REUSED = strawberry.enum_value(
        "IDEMPOTENCY_KEY_REUSED", description="The idempotency key was used before with another input."
    )
    INVALID = strawberry.enum_value(
        "INVALID", description="The input says something that cannot be; the message says what would do."
    )
    LAST_SUPER_ADMIN = strawberry.enum_value(
        "LAST_SUPER_ADMIN", description="An account keeps at least one active super admin."
    )
    LAST_PIPELINE = strawberry.enum_value("LAST_PIPELINE", description="An account keeps at least one pipeline.")
    NOT_EMPTY = strawberry.enum_value("NOT_EMPTY", description="It still holds tickets.")
    NOT_FOUND = strawberry.enum_value(
        "NOT_FOUND", description="There is no such thing for the viewer: hidden, deleted and unknown are one answer."
    )
    NOT_PERMITTED = strawberry.enum_value(
        "NOT_PERMITTED", description="The viewer's roles, or their access to the pipeline or ticket, do not allow it."
    )
    NO_PASSWORD = strawberry.enum_value(
        "NO_PASSWORD", description="The viewer has no password here: they come in by other means."
    )
    NO_IDENTITY_PROVIDER = strawberry.enum_value(
        "NO_IDENTITY_PROVIDER", description="No identity provider is configured here: sign in with a password."
    )
    PLACE_GONE = strawberry.enum_value(
        "PLACE_GONE", description="The ticket to be placed beside is not, or no longer, in that stage."
    )
    PLAN_LIMIT_REACHED = strawberry.enum_value(
        "PLAN_LIMIT_REACHED", description="The plan includes it, but not another one of these."
    )
    PLAN_TOO_LOW = strawberry.enum_value("PLAN_TOO_LOW", description="The plan does not include it.")
    PROVIDER_UNAVAILABLE = strawberry.enum_value(
        "PROVIDER_UNAVAILABLE", description="The identity provider does not answer as it should: try again."
    )
    ROLE_IN_USE = strawberry.enum_value("ROLE_IN_USE", description="Users still hold the custom role.")
    SIGN_IN_FAILED = strawberry.enum_value(
        "SIGN_IN_FAILED", description="The password, or what the identity provider says, lets nobody in."
    )
    STALE_ORDER = strawberry.enum_value(
        "STALE_ORDER", description="The order does not name each thing once, as they are now: read again and repeat."
    )
    STATE_MISSING = strawberry.enum_value(
        "STATE_MISSING", description="A pipeline needs at least one OPEN and one CLOSED stage."
    )
    TOO_MANY_ATTEMPTS = strawberry.enum_value("TOO_MANY_ATTEMPTS", description="It was tried too often: wait.")
    WRONG_PASSWORD = strawberry.enum_value("WRONG_PASSWORD", description="The current password is not right.")


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

    plan: Tier = strawberry.field(description="The service tier of the account.")
    limit: int = strawberry.field(description="How many the plan allows.")
    used: int = strawberry.field(description="How many there are.")


@strawberry.type(description="The account's plan does not include this.")
class PlanTooLowError(UserError):
    """PLAN_TOO_LOW (S12)."""

    needed: Tier = strawberry.field(description="The least service tier that would do.")
    current: Tier = strawberry.field(description="The service tier of the account.")


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


@strawberry.type(description="Users still hold the custom role.")
class RoleInUseError(UserError):
    """ROLE_IN_USE."""

    holders: int = strawberry.field(description="How many users hold it, those who are invited or inactive included.")


@strawberry.type(description="The pipeline would be left without an OPEN or without a CLOSED stage.")
class StateMissingError(UserError):
    """STATE_MISSING (S21)."""

    state: StageState = strawberry.field(description="The state that no stage would have.")


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
    handle: str | None = strawberry.field(
        description="What to pass to completeOidcSignIn, in place of the first handle and without a code, within five "
        "minutes; null where a password was given."
    )


Make = Callable[[dict[str, Any], dict[str, Any]], UserError]

_MAKE: dict[str, Make] = {
    "PLAN_LIMIT_REACHED": lambda said, details: PlanLimitReachedError(
        **said, plan=Tier(details["plan"]), limit=details["limit"], used=details["used"]
    ),
    "PLAN_TOO_LOW": lambda said, details: PlanTooLowError(
        **said, needed=Tier(details["needed"]), current=Tier(details["current"])
    ),
    "NOT_PERMITTED": lambda said, details: NotPermittedError(**said, **details),
    "NOT_EMPTY": lambda said, details: NotEmptyError(**said, **details),
    "ROLE_IN_USE": lambda said, details: RoleInUseError(**said, **details),
    "STATE_MISSING": lambda said, details: StateMissingError(**said, state=StageState(details["state"])),
    "CONFLICT": lambda said, details: ConflictError(**said, revision=details.get("revision")),
    "TOO_MANY_ATTEMPTS": lambda said, details: TooManyAttemptsError(**said, **details),
    "ACCOUNT_NEEDED": lambda said, details: AccountNeededError(
        **said, accounts=[AccountChoice(**choice) for choice in details["accounts"]], handle=details["handle"]
    ),
}

ERROR_TYPES = (
    PlainError,
    PlanLimitReachedError,
    PlanTooLowError,
    NotPermittedError,
    NotEmptyError,
    RoleInUseError,
    StateMissingError,
    ConflictError,
    TooManyAttemptsError,
    AccountNeededError,
)


def user_error(refusal: Refusal) -> UserError:
    """A refusal as the client hears it: its path begins at the mutation's one argument, `input`."""
    said: dict[str, Any] = {
        "code": UserErrorCode(refusal.code),
        "message": refusal.message,
        "field": ["input", *refusal.field] if refusal.field else None,
    }
    make = _MAKE.get(refusal.code)
    return make(said, refusal.details) if make else PlainError(**said)
