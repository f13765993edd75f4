"""What the viewer may do, with the reason when not, so that a client never guesses (api 5, B17)."""

import strawberry

from domain.actor import Actor
from domain.authorizing import objection
from domain.errors import Refusal
from policies import Level, Permission
from schema.errors import UserErrorCode


@strawberry.type(description="Whether the viewer may do one thing here.")
class Ability:
    """A yes, or a no with its reason."""

    allowed: bool = strawberry.field(description="Whether roles, access and plan allow it now.")
    code: UserErrorCode | None = strawberry.field(description="Why not, for programs; null when it is allowed.")
    reason: str | None = strawberry.field(description="Why not, as a sentence for people; null when it is allowed.")

    @classmethod
    def of(cls, refusal: Refusal | None) -> "Ability":
        """From what would be declined."""
        if refusal is None:
            return cls(allowed=True, code=None, reason=None)
        return cls(allowed=False, code=UserErrorCode(refusal.code), reason=refusal.message)


def ability(
    actor: Actor, permission: Permission, *, level: str | None = Level.ACCOUNT, in_scope: bool = True
) -> Ability:
    """What the gate would answer to this permission here."""
    return Ability.of(objection(actor, permission, level=level, in_scope=in_scope))


@strawberry.type(description="What the viewer may do in the account.")
class AccountAbilities:
    """Abilities that concern no pipeline."""

    create_pipeline: Ability = strawberry.field(description="Create a pipeline; the plan's limit is in `limits`.")
    reorder_pipelines: Ability = strawberry.field(description="Put the pipelines in another order.")

    @classmethod
    def of(cls, actor: Actor) -> "AccountAbilities":
        """For one actor."""
        return cls(
            create_pipeline=ability(actor, Permission.PIPELINE_CREATE),
            reorder_pipelines=ability(actor, Permission.PIPELINE_REORDER),
        )


@strawberry.type(description="What the viewer may do with a pipeline.")
class PipelineAbilities:
    """Abilities on one pipeline."""

    edit: Ability = strawberry.field(description="Rename it, choose its card, and change or delete stages.")
    add_stage: Ability = strawberry.field(description="Add a stage.")
    delete: Ability = strawberry.field(description="Delete it once it holds no tickets.")
    manage_access: Ability = strawberry.field(description="Decide who may view and edit it.")
    create_ticket: Ability = strawberry.field(description="Create a ticket in it.")

    @classmethod
    def of(cls, actor: Actor, level: str | None) -> "PipelineAbilities":
        """For one actor with a level on the pipeline."""
        return cls(
            edit=ability(actor, Permission.PIPELINE_EDIT, level=level),
            add_stage=ability(actor, Permission.STAGE_ADD, level=level),
            delete=ability(actor, Permission.PIPELINE_DELETE, level=level),
            manage_access=ability(actor, Permission.ACCESS_MANAGE),
            create_ticket=ability(actor, Permission.TICKET_WRITE, level=level, in_scope=actor.edits_tickets),
        )


@strawberry.type(description="What the viewer may do with a ticket.")
class TicketAbilities:
    """Abilities on one ticket."""

    edit: Ability = strawberry.field(description="Update, move, close, reopen or assign it.")
    delete: Ability = strawberry.field(description="Delete it.")

    @classmethod
    def of(cls, actor: Actor, level: str | None, *, editable: bool) -> "TicketAbilities":
        """For one actor with a level on its pipeline, who may or may not have it in their edit scope."""
        return cls(
            edit=ability(actor, Permission.TICKET_WRITE, level=level, in_scope=editable),
            delete=ability(actor, Permission.TICKET_DELETE, level=level, in_scope=editable),
        )
