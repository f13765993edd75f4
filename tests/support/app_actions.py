"""API apps of a world: making one, acting as one, and asking as one over HTTP."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from domain import accounts, apps
from domain.accounts import User
from domain.actor import AppReach
from domain.apps import App, AppSecret
from domain.unit_of_work import LoadActor, UnitOfWork, reading, writing
from policies import Permission, Role, may_be_given
from schema.ids import Kind, global_id
from tests.support import db_state
from tests.support.world import World

GIVABLE = [each for each in Permission if may_be_given(each)]


@dataclass(frozen=True)
class Robot:
    """An app and the secret that it was given first."""

    world: World
    id: UUID
    token: str

    @property
    def gid(self) -> str:
        """Its global id."""
        return global_id(Kind.APP, self.id)

    def acting(self, token: str | None = None, address: str | None = None) -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work that may change things, as the app, by its first secret unless another is given."""
        return writing(self.world.sessions, self.world.account_id, self._admit(token), address)

    def looking(self, token: str | None = None) -> AbstractAsyncContextManager[UnitOfWork]:
        """A read-only unit of work."""
        return reading(self.world.sessions, self.world.account_id, self._admit(token))

    async def row(self) -> App:
        """What is stored of it."""
        (found,) = await db_state.rows(
            self.world, select(App).where(App.account_id == self.world.account_id, App.id == self.id)
        )
        return found

    async def secrets(self) -> list[AppSecret]:
        """What is stored of its secrets, oldest first."""
        statement = select(AppSecret).where(AppSecret.account_id == self.world.account_id, AppSecret.app_id == self.id)
        return await db_state.rows(self.world, statement.order_by(AppSecret.id))

    def _admit(self, token: str | None) -> LoadActor:
        return apps.secret(self.world.account_id, accounts.read_token(token or self.token).secret_hash)


async def make_robot(
    world: World,
    *permissions: Permission,
    reach: AppReach = AppReach.ALL,
    listed: Sequence[UUID] | None = None,
    name: str = "Robot",
    who: Role | User = Role.SUPER_ADMIN,
    lifetime: timedelta = timedelta(days=1),
) -> Robot:
    """An app with these permissions, or with all that apps can have."""
    given = [each.value for each in permissions or GIVABLE]
    if reach is AppReach.LISTED and listed is None:
        listed = []
    async with world.acting(who) as work:
        made = await apps.create_app(work, name=name, permissions=given, reach=reach, listed=listed, lifetime=lifetime)
    return Robot(world, made.app_id, made.token)


async def second_admin(world: World) -> User:
    """Another super admin of the account."""
    async with world.acting(Role.OPERATOR) as work:
        return await accounts.add_user(
            work, name="Second Admin", email=f"second@{world.slug}.test", roles=frozenset({Role.SUPER_ADMIN})
        )


async def demote(world: World, user: User) -> None:
    """Take a user's roles from them past every verb."""
    await db_state.execute(world, "UPDATE account_user SET roles = '{AGENT}' WHERE id = :id", id=user.id)
