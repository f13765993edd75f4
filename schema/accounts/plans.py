"""What an account has bought, and what that limits."""

from enum import Enum

import strawberry

from policies import AddOn, Plan
from schema.enums import Tier


@strawberry.enum(name="AddOn", description="What can be bought beside the tiers. Further add-ons may be added.")
class BoughtAddOn(Enum):
    """The add-ons that an account can have."""

    TRANSACTIONAL_EMAIL = AddOn.TRANSACTIONAL_EMAIL.value


@strawberry.type(name="Plan", description="What an account has bought.")
class BoughtPlan:
    """The three axes of a plan."""

    service_tier: Tier = strawberry.field(description="Decides about pipelines, automation and access.")
    marketing_tier: Tier = strawberry.field(description="Decides about marketing e-mail.")
    add_ons: list[BoughtAddOn] = strawberry.field(description="What was bought beside the tiers.")

    @classmethod
    def of(cls, plan: Plan) -> "BoughtPlan":
        """From the plan of an account."""
        return cls(
            service_tier=plan.service,
            marketing_tier=plan.marketing,
            add_ons=[BoughtAddOn(add_on) for add_on in sorted(plan.add_ons)],
        )


@strawberry.type(description="How many of something a plan allows, and how many there are.")
class Limit:
    """One limit of a plan."""

    limit: int = strawberry.field(description="How many the plan allows.")
    used: int | None = strawberry.field(description="How many there are; null for viewers who may not create any.")


@strawberry.type(description="What the plan of the account limits.")
class Limits:
    """All limits."""

    pipelines: Limit = strawberry.field(description="Pipelines, those included that the viewer does not see.")
