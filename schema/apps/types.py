"""API apps as clients see them: those who manage apps see all of them, and an app sees itself."""

from datetime import datetime
from enum import Enum

import strawberry
from strawberry import ID

from domain import apps
from schema.accounts.types import User
from schema.enums import AppReach
from schema.ids import Kind, global_id
from schema.node import Node
from schema.pipelines.types import Pipeline, pipeline_of
from schema.presenter import Presenter


@strawberry.enum(description="Whether an API app can act.")
class AppState(Enum):
    """Acting or not."""

    ACTIVE = strawberry.enum_value("ACTIVE", description="It acts by its secrets.")
    SUSPENDED = strawberry.enum_value(
        "SUSPENDED",
        description="Its sponsor is no active super admin any more: its secrets do not work until a super admin "
        "adopts it.",
    )


@strawberry.enum(description="Whether a secret of an API app can be used.")
class AppSecretState(Enum):
    """In force or ended, and how."""

    ACTIVE = strawberry.enum_value("ACTIVE", description="It is in force, until `expiresAt`.")
    EXPIRED = strawberry.enum_value("EXPIRED", description="Its time is over.")
    REVOKED = strawberry.enum_value("REVOKED", description="It was revoked.")


@strawberry.type(description="A secret by which an API app comes in; the secret itself is shown once, when it is made.")
class AppSecret(Node):
    """What is known of a secret but itself."""

    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime = strawberry.field(description="When it ends, or ended, by time.")
    last_used_at: datetime | None = strawberry.field(
        description="When it was used last, to within five minutes; null when it never was."
    )
    last_used_address: str | None = strawberry.field(description="The network address from which that was.")
    state: AppSecretState = strawberry.field(description="Whether it can be used.")

    @classmethod
    def of(cls, facts: apps.SecretFacts) -> "AppSecret":
        """From a secret as it was found."""
        secret = facts.secret
        return cls(
            id=ID(global_id(Kind.APP_SECRET, secret.id)),
            created_at=secret.created_at,
            expires_at=secret.expires_at,
            last_used_at=secret.last_used_at,
            last_used_address=secret.last_used_address,
            state=_state(facts),
        )


@strawberry.type(description="An API app: a program that acts in the account as itself, with permissions of its own.")
class App(Node):
    """A program of a partner (B32)."""

    name: str = strawberry.field(description="What it is called.")
    permissions: list[str] = strawberry.field(description="What it may do, such as ticket:write, by name.")
    reach: AppReach = strawberry.field(description="Which pipelines it reaches.")
    pipelines: list[Pipeline] = strawberry.field(
        description="The pipelines listed for it, as far as the viewer sees them; empty unless its reach is LISTED."
    )
    state: AppState = strawberry.field(description="Whether it can act.")
    sponsor: User | None = strawberry.field(
        description="The super admin on whom it stands, who made or adopted it; null when it was suspended."
    )
    created_by: User | None = strawberry.field(description="Who made it.")
    created_at: datetime = strawberry.field(description="When it was made.")
    last_used_at: datetime | None = strawberry.field(
        description="When it came in last, to within five minutes; null when it never did."
    )
    secrets: list[AppSecret] = strawberry.field(description="Its newest secrets, newest first, at most 20.")
    revision: int = strawberry.field(
        description="Grows with every change of it, but not with its secrets; pass it as `expectedRevision`."
    )

    @classmethod
    def of(cls, facts: apps.AppFacts, presenter: Presenter) -> "App":
        """From an app as it was found; the scene has its pipelines and the names around it."""
        app, uses = facts.app, [each.secret.last_used_at for each in facts.secrets if each.secret.last_used_at]
        return cls(
            id=ID(global_id(Kind.APP, app.id)),
            name=app.name,
            permissions=sorted(app.permissions),
            reach=AppReach(app.reach),
            pipelines=[pipeline_of(each, presenter) for each in facts.listed if each in presenter.related.pipelines],
            state=AppState.ACTIVE if facts.sponsored else AppState.SUSPENDED,
            sponsor=presenter.user(app.sponsor_id),
            created_by=presenter.user(app.created_by),
            created_at=app.created_at,
            last_used_at=max(uses, default=None),
            secrets=[AppSecret.of(each) for each in facts.secrets],
            revision=app.revision,
        )


def _state(facts: apps.SecretFacts) -> AppSecretState:
    if facts.secret.revoked_at is not None:
        return AppSecretState.REVOKED
    return AppSecretState.EXPIRED if facts.expired else AppSecretState.ACTIVE
