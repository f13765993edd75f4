"""What all mutations have in common: idempotency keys, expected revisions, user errors, and how a payload is made.

A mutation is a file of its feature's folder that bears its name: its input, its payload, and its field.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar, dataclass_transform

import strawberry

from domain.errors import Refusal
from domain.idempotency import IdempotentRequest
from resolvers.mutation import Mutation
from schema.errors import UserError, user_error
from schema.fingerprint import fingerprint
from schema.info import Info, includes_of

_LAST = ("expected_revision", "idempotency_key", "user_errors")  # these are listed after a type's own fields

Type = TypeVar("Type", bound=type)
View = TypeVar("View")
View_contra = TypeVar("View_contra", contravariant=True)
Answer = TypeVar("Answer")
Answer_co = TypeVar("Answer_co", covariant=True)


@strawberry.input
class MutationInput:
    """The field of all inputs (B29)."""

    idempotency_key: str | None = strawberry.field(
        default=None,
        description="A text of 1 to 255 characters that you choose. A request that repeats the key and the input of an "
        "earlier one changes nothing and returns the same object. Keys are kept for a day.",
    )


@strawberry.input
class RevisedInput(MutationInput):
    """The fields of inputs that change one thing with a revision (B29)."""

    expected_revision: int | None = strawberry.field(
        default=None,
        description="The `revision` that you read. If the object has another one by now, nothing changes and the "
        "answer is CONFLICT.",
    )


@strawberry.type
class Payload:
    """The field of all payloads (decision 17)."""

    user_errors: list[UserError] = strawberry.field(
        default_factory=list, description="Why the request was declined; empty if it succeeded."
    )


class PayloadType(Protocol[View_contra, Answer_co]):
    """A class of payloads: made of what a resolver returned, or of user errors."""

    def __call__(self, *, user_errors: list[UserError] = ...) -> Answer_co: ...

    def of(self, view: View_contra, /) -> Answer_co:
        """The payload of a mutation that succeeded."""


@dataclass_transform(field_specifiers=(strawberry.field,), kw_only_default=True)
def mutation_input(description: str) -> Callable[[Type], Type]:
    """Declare the input of a mutation, a subclass of MutationInput."""
    return lambda kind: _own_fields_first(strawberry.input(kind, description=description))


@dataclass_transform(field_specifiers=(strawberry.field,), kw_only_default=True)
def payload(description: str) -> Callable[[Type], Type]:
    """Declare the payload of a mutation, a subclass of Payload."""
    return lambda kind: _own_fields_first(strawberry.type(kind, description=description))


async def payload_of(payload: PayloadType[View, Answer], resolving: Awaitable[View]) -> Answer:
    """The payload of a mutation: of its result, or of the refusal as a user error."""
    try:
        return payload.of(await resolving)
    except Refusal as refusal:
        return payload(user_errors=[user_error(refusal)])


def mutation_of(info: Info, input: MutationInput) -> Mutation:
    """A mutation as its resolver takes it; with an idempotency key its input is compared with earlier ones (B29)."""
    key = input.idempotency_key
    request = IdempotentRequest(info.field_name, fingerprint(info) if key is not None else "", key)
    return Mutation(info.context, request, includes_of(info))


def _own_fields_first(kind: Type) -> Type:
    fields = kind.__strawberry_definition__.fields  # type: ignore[attr-defined]  # Strawberry has just set it
    fields.sort(key=lambda field: _LAST.index(field.python_name) + 1 if field.python_name in _LAST else 0)
    return kind
