"""One of everybody who is no super admin: each role, the holder of a custom role, apps of each reach, and users with
narrow ticket scopes. None of them may see what is hidden.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func

from domain import accounts
from domain.accounts import User
from domain.accounts.authentication import BearerKind, make_token
from domain.accounts.role import CustomRole, CustomRoleHolder
from domain.actor import AppReach, Reach
from domain.apps import App, AppPipeline, AppSecret
from domain.database.model import new_id
from domain.unit_of_work import UnitOfWork
from policies import Permission, Role, may_be_given
from tests.support.client import Api, Client
from tests.support.world import World

ROLES = (Role.VIEWER, Role.AGENT, Role.SETTINGS_EDITOR, Role.WORKFLOW_EDITOR)
HOLDER, OWN, NONE = "holder of all that can be given", "scope OWN", "scope NONE"
APP_EVERYONE, APP_LISTED = "app that reaches EVERYONE", "app that reaches what is LISTED"
EVERYBODY = (*(role.value for role in ROLES), HOLDER, OWN, NONE, APP_EVERYONE, APP_LISTED)

GIVABLE = [permission.value for permission in Permission if may_be_given(permission)]


async def gather(api: Api, world: World, listed: list[UUID]) -> dict[str, Client]:
    """A client of each; the LISTED app reaches those pipelines."""
    clients = {role.value: await api.client(world, role) for role in ROLES}
    async with world.acting(Role.OPERATOR) as work:
        people = {HOLDER: await _user(work, HOLDER), OWN: await _user(work, OWN), NONE: await _user(work, NONE)}
        await give_role(work, people[HOLDER].id)
        people[OWN].roles = people[NONE].roles = [Role.AGENT.value, Role.SETTINGS_EDITOR.value]
        for user, reach in ((people[OWN], Reach.OWN), (people[NONE], Reach.NONE)):
            user.view_reach = user.edit_reach = reach.value
            user.view_unassigned = user.edit_unassigned = False
        apps = {
            APP_EVERYONE: await add_app(work, world, AppReach.EVERYONE, []),
            APP_LISTED: await add_app(work, world, AppReach.LISTED, listed),
        }
    clients |= {name: await api.client(world, user) for name, user in people.items()}
    return clients | {name: api.bearing(token) for name, token in apps.items()}


async def give_role(work: UnitOfWork, user_id: UUID) -> None:
    """Have a user hold a custom role with all that can be given."""
    role = CustomRole(account_id=work.account_id, id=new_id(), name=HOLDER, permissions=GIVABLE)
    work.session.add(role)
    await work.session.flush()
    work.session.add(CustomRoleHolder(account_id=work.account_id, role_id=role.id, user_id=user_id))


async def _user(work: UnitOfWork, name: str) -> User:
    email = f"{new_id().hex}@actors.test"
    user = await accounts.add_user(work, name=name, email=email, roles=frozenset({Role.VIEWER}))
    await work.session.flush()
    return user


async def add_app(work: UnitOfWork, world: World, reach: AppReach, listed: list[UUID]) -> str:
    """An app that holds all that apps can, sponsored by the super admin; its token."""
    app = App(
        account_id=work.account_id,
        id=new_id(),
        name=reach.value,
        permissions=GIVABLE,
        reach=reach.value,
        sponsor_id=world.users[Role.SUPER_ADMIN].id,
    )
    work.session.add(app)
    await work.session.flush()
    token, secret_hash = make_token(work.account_id, BearerKind.APP)
    secret = AppSecret(account_id=work.account_id, id=new_id(), app_id=app.id, secret_hash=secret_hash)
    secret.expires_at = func.now() + timedelta(days=1)
    reached = [AppPipeline(account_id=work.account_id, app_id=app.id, pipeline_id=each) for each in listed]
    work.session.add_all([secret, *reached])
    return token
