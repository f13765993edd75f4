"""How the mutations of one member go: alike but for what is changed, and for the payload that answers."""

from typing import Protocol, TypeVar
from uuid import UUID

from resolvers import people as resolvers
from schema.info import Info, includes_of, once
from schema.people.payloads import OneMember
from schema.people.types import shape_member
from schema.results import settle

Answer = TypeVar("Answer", bound=OneMember)


class Keyed(Protocol):
    """An input that takes an idempotency key."""

    idempotency_key: str | None


async def change(info: Info, input: Keyed, user_id: UUID, doing: resolvers.Change, answer: type[Answer]) -> Answer:
    """The payload of a mutation that changes one member."""
    key = once(info, input, input.idempotency_key)
    return await settle(
        resolvers.change_member(info.context, key, includes_of(info), user_id, doing),
        lambda done: answer(member=shape_member(done)),
        lambda errors: answer(user_errors=errors),
    )
