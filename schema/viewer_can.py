"""What the viewer may do, with the reason when not, so that a client never guesses (api 5, B17)."""

import strawberry

from domain.actor import Actor
from domain.authorization import denial
from domain.errors import Refusal
from policies import Level, Permission
from schema.enums import Tier
from schema.errors import UserErrorCode


@strawberry.type(description="Whether the viewer may do one thing here.")
class Ability:
    """A yes, or a no with its reason."""

    allowed: bool = strawberry.field(description="Whether roles, access and plan allow it now.")
    code: UserErrorCode | None = strawberry.field(description="Why not, for programs; null when it is allowed.")
    reason: str | None = strawberry.field(description="Why not, as a sentence for people; null when it is allowed.")
    needed: Tier | None = strawberry.field(
        description="The least service tier that would do; null unless `code` is PLAN_TOO_LOW."
    )

    @classmethod
    def of(cls, refusal: Refusal | None) -> "Ability":
        """From what would be declined."""
        if refusal is None:
            return cls(allowed=True, code=None, reason=None, needed=None)
        needed = refusal.details.get("needed")
        code = UserErrorCode(refusal.code)
        return cls(allowed=False, code=code, reason=refusal.message, needed=Tier(needed) if needed else None)


def ability(
    actor: Actor, permission: Permission, *, level: str | None = Level.ACCOUNT, in_scope: bool = True
) -> Ability:
    """What the gate would answer to this permission here."""
    return Ability.of(denial(actor, permission, level=level, in_scope=in_scope))


@strawberry.type(description="What the viewer may do in the account.")
class AccountAbilities:
    """Abilities that concern no pipeline."""

    create_pipeline: Ability = strawberry.field(description="Create a pipeline; the plan's limit is in `limits`.")
    reorder_pipelines: Ability = strawberry.field(description="Put the pipelines in another order.")
    manage_people: Ability = strawberry.field(
        description="Invite people and let them go, and set roles, ticket scopes and teams."
    )
    define_roles: Ability = strawberry.field(description="Define and widen custom roles, and give them to more users.")
    manage_apps: Ability = strawberry.field(description="Make, change and delete API apps.")
    view_audit: Ability = strawberry.field(description="Read the audit log.")
    review_access: Ability = strawberry.field(description="Ask who may see or edit what, and why.")

    @classmethod
    def of(cls, actor: Actor) -> "AccountAbilities":
        """For one actor."""
        return cls(
            create_pipeline=ability(actor, Permission.PIPELINE_CREATE),
            reorder_pipelines=ability(actor, Permission.PIPELINE_REORDER),
            manage_people=ability(actor, Permission.PEOPLE_MANAGE),
            define_roles=ability(actor, Permission.ROLE_DEFINE),
            manage_apps=ability(actor, Permission.APP_MANAGE),
            view_audit=ability(actor, Permission.AUDIT_VIEW),
            review_access=ability(actor, Permission.ACCESS_REVIEW),
        )


@strawberry.type(description="What the viewer may do with a pipeline.")
class PipelineAbilities:
    """Abilities on one pipeline."""

    edit: Ability = strawberry.field(description="Rename it, choose its card, and change or delete stages.")
    add_stage: Ability = strawberry.field(description="Add a stage.")
    delete: Ability = strawberry.field(description="Delete it once it holds no tickets.")
    manage_access: Ability = strawberry.field(description="Decide who may view and edit it.")
    reduce_access: Ability = strawberry.field(
        description="Narrow who may view and edit it, or open it to everyone again, as any plan allows."
    )
    create_ticket: Ability = strawberry.field(description="Create a ticket in it.")

    @classmethod
    def of(cls, actor: Actor, level: str | None) -> "PipelineAbilities":
        """For one actor with a level on the pipeline."""
        return cls(
            edit=ability(actor, Permission.PIPELINE_EDIT, level=level),
            add_stage=ability(actor, Permission.STAGE_ADD, level=level),
            delete=ability(actor, Permission.PIPELINE_DELETE, level=level),
            manage_access=Ability.of(
                denial(actor, Permission.ACCESS_REDUCE) or denial(actor, Permission.ACCESS_MANAGE)
            ),
            reduce_access=ability(actor, Permission.ACCESS_REDUCE),
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
