"""Refusals: the ways in which a verb declines, as data for the person who asked.

A refusal has a code (the contract), a sentence (for people) and the path of the input it is about. Rules that belong to
one verb define their refusal in that verb's file. Bugs are ordinary exceptions and never subclass Refusal.
"""

from typing import Any, ClassVar

Path = tuple[str, ...]


class Refusal(Exception):  # noqa: N818 (it is a sentence about the world, not an error)
    """A rule said no; the unit of work rolls back and the payload says why.

    `details` are plain JSON values which the typed user error of that code carries (counts, limits, names).
    """

    code: ClassVar[str]
    known: ClassVar[dict[str, type["Refusal"]]] = {}

    def __init__(self, message: str, *, field: Path = (), **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.details = details

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "code" in cls.__dict__:
            Refusal.known.setdefault(cls.code, cls)


class NotFound(Refusal):
    """What is named does not exist for this actor: hidden, deleted and unknown are one answer (B16)."""

    code = "NOT_FOUND"

    def __init__(self, what: str, *, field: Path = ()) -> None:
        super().__init__(f"There is no such {what}.", field=field)


class NotPermitted(Refusal):
    """The actor's roles, pipeline level or ticket scope do not allow the act (S11)."""

    code = "NOT_PERMITTED"


class PlanTooLow(Refusal):
    """The account's plan does not include the act; names the plan that would (S12)."""

    code = "PLAN_TOO_LOW"


class PlanLimitReached(Refusal):
    """The plan includes the act, but not another one of these (S6, S7)."""

    code = "PLAN_LIMIT_REACHED"


class Invalid(Refusal):
    """The input can be read but says something that cannot be; the sentence says what would do."""

    code = "INVALID"


class Conflict(Refusal):
    """Somebody else was first: what the client saw is no longer so; read again and repeat (B29)."""

    code = "CONFLICT"


def expect_revision(actual: int, expected: int | None) -> None:
    """Refuse with CONFLICT when a client's edit rests on an older revision than the one that stands (B29)."""
    if expected is not None and actual != expected:
        raise Conflict(
            f"Somebody changed this meanwhile: it is at revision {actual}, not {expected}; read it again.",
            field=("expectedRevision",),
            revision=actual,
        )


class Unauthenticated(Exception):  # noqa: N818 (it is a sentence about the request, and no refusal of a verb)
    """The request carries no token, or one that is unknown, expired or revoked; all are one answer.

    `guessed` is for the server alone: the token has the shape of one, and nobody ever had it.
    """

    error_code = "UNAUTHENTICATED"

    def __init__(self, *, guessed: bool = False) -> None:
        super().__init__("Sign in first: send a valid token as `Authorization: Bearer <token>`.")
        self.guessed = guessed


class RateLimited(Exception):  # noqa: N818 (it is a sentence about the request, and no refusal of a verb)
    """Too many tokens that nobody has were sent from this network, or for this account; says when to come back."""

    error_code = "RATE_LIMITED"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many tokens that are not valid; try again in {retry_after} seconds.")
        self.retry_after = retry_after
