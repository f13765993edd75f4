"""Who is at the door: reads the actor of a unit of work, in that unit's own snapshot (B19).

A bearer token reads `sg_<account id in hex>_<secret>`: it carries its account, so that even its own look-up runs inside
row-level security (settled choice 1). Only the SHA-256 of the secret is stored, and it has 256 random bits, so a
look-up by its hash tells a guesser nothing. What an app or an invitation comes with looks the same but for the prefix.
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, SelectBase, and_, bindparam, exists, func, literal_column, or_, select

from domain.accounts.account import Account, plan_of
from domain.accounts.role import CustomRole, CustomRoleHolder, givable
from domain.accounts.user import Identity, Team, TeamMember, Token, User
from domain.actor import Actor, ActorKind, Reach, TicketScope
from domain.database.prepared import prepared_once
from domain.database.transaction import Session
from domain.errors import Unauthenticated
from domain.unit_of_work import LoadActor
from policies import Plan, Role

# How old what is known of a credential's last use may become before it is written down anew.
STALE = timedelta(minutes=5)
_KEPT = 1024  # actors, each in the place of making them anew from what was read


class BearerKind(StrEnum):
    """What a secret is for, by the prefix that its token begins with."""

    SESSION = "sg"
    APP = "sgapp"
    INVITATION = "sginvite"


class Bearer(NamedTuple):
    """What a token says before it is looked up: what it is for, its account, and the hash of its secret."""

    kind: BearerKind
    account_id: UUID
    secret_hash: bytes


def make_token(account_id: UUID, kind: BearerKind = BearerKind.SESSION) -> tuple[str, bytes]:
    """A fresh token of an account and the hash to store of it."""
    secret = secrets.token_urlsafe(32)
    return f"{kind.value}_{account_id.hex}_{secret}", _hash(secret)


def read_token(token: str) -> Bearer:
    """What a token says; Unauthenticated when it cannot be one."""
    prefix, _, rest = token.partition("_")
    account, _, secret = rest.partition("_")
    if not secret or len(account) != 32 or len(token) > 200:
        raise Unauthenticated
    try:
        return Bearer(BearerKind(prefix), UUID(hex=account), _hash(secret))
    except ValueError:
        raise Unauthenticated from None


def session(account_id: UUID, secret_hash: bytes) -> LoadActor:
    """Admits the active user whose session this is, neither expired nor revoked nor of an old password; else
    Unauthenticated.
    """

    async def admit(session: Session) -> Actor:
        row = await _of_session().row(session, account=account_id, secret=secret_hash)
        if row is None:
            raise Unauthenticated(guessed=not await _was_given(session, account_id, secret_hash))
        *facts, token_id, stale = row.values()
        return _actor(account_id, _facts(facts), token_id=token_id, use_is_stale=stale)

    return admit


def member(account_id: UUID, user_id: UUID) -> LoadActor:
    """Admits an active user whose password was verified just before; else Unauthenticated."""

    async def admit(session: Session) -> Actor:
        actor = await read_actor(session, account_id, user_id)
        if actor is None:
            raise Unauthenticated
        return actor

    return admit


async def read_actor(session: Session, account_id: UUID, user_id: UUID, *, active: bool = True) -> Actor | None:
    """An active user as the gate and the finders see them; with `active` off also one who was invited or left."""
    statement = _people().where(User.account_id == account_id, User.id == user_id)
    row = (await session.execute(statement.where(User.active) if active else statement)).one_or_none()
    return None if row is None else _actor(account_id, _facts(row))


def operator(account_id: UUID) -> LoadActor:
    """Admits whoever holds the machine, for the command line; they act as no user."""

    async def admit(session: Session) -> Actor:
        account = (await session.execute(select(Account).where(Account.id == account_id))).scalar_one()
        return Actor(account_id, ActorKind.OPERATOR, None, frozenset({Role.OPERATOR}), account.plan)

    return admit


def as_founder(account_id: UUID, plan: Plan) -> LoadActor:
    """Admits the operator to an account that is yet to be made, in that very unit."""

    async def admit(_: Session) -> Actor:
        return Actor(account_id, ActorKind.OPERATOR, None, frozenset({Role.OPERATOR}), plan)

    return admit


def same(actor: Actor) -> LoadActor:
    """Admits whom another unit of the operation admitted just before, to write down what it did."""

    async def admit(_: Session) -> Actor:
        return actor

    return admit


async def _was_given(session: Session, account_id: UUID, secret_hash: bytes) -> bool:
    """Whether somebody was given this token, who may no longer come in by it: that is no guess."""
    given = exists().where(Token.account_id == account_id, Token.secret_hash == secret_hash)
    return (await session.execute(select(given))).scalar_one()


class _Facts(NamedTuple):
    """What makes a user an actor, in the order of the columns of `_people`."""

    user_id: UUID
    roles: tuple[str, ...]
    view_reach: str
    view_unassigned: bool
    edit_reach: str
    edit_unassigned: bool
    service_tier: str
    marketing_tier: str
    add_ons: tuple[str, ...]
    teams: tuple[UUID, ...] | None
    given: tuple[str, ...] | None


def _facts(values: Iterable[Any]) -> _Facts:
    return _Facts._make(tuple(value) if isinstance(value, list) else value for value in values)


def _people() -> Select[*tuple[Any, ...]]:
    teams = (
        select(func.array_agg(TeamMember.team_id))
        .join(Team, and_(Team.account_id == TeamMember.account_id, Team.id == TeamMember.team_id, Team.active))
        .where(TeamMember.account_id == User.account_id, TeamMember.user_id == User.id)
        .scalar_subquery()
    )
    scopes = (User.view_reach, User.view_unassigned, User.edit_reach, User.edit_unassigned)
    plan = (Account.service_tier, Account.marketing_tier, Account.add_ons)
    return select(User.id, User.roles, *scopes, *plan, teams, _given()).join(Account, Account.id == User.account_id)


@prepared_once
def _of_session() -> SelectBase:
    """Reads who comes in by a session that holds."""
    stale = Token.last_used_at < func.now() - literal_column(f"interval '{STALE.total_seconds():.0f} seconds'")
    return (
        _people()
        .where(User.active)
        .add_columns(Token.id, stale)
        .join(Token, (Token.account_id == User.account_id) & (Token.user_id == User.id))
        .outerjoin(Identity, Identity.id == User.identity_id)
        .where(Token.account_id == bindparam("account"), Token.secret_hash == bindparam("secret"))
        .where(Token.revoked_at.is_(None), Token.expires_at > func.now())
        .where(or_(Identity.id.is_(None), Identity.epoch == Token.epoch))
    )


def _given() -> ScalarSelect[Sequence[str]]:
    """The permissions of a user's custom roles."""
    held = (
        select(func.unnest(CustomRole.permissions).label("permission"))
        .join(
            CustomRoleHolder,
            and_(CustomRoleHolder.account_id == CustomRole.account_id, CustomRoleHolder.role_id == CustomRole.id),
        )
        .where(CustomRoleHolder.account_id == User.account_id, CustomRoleHolder.user_id == User.id)
        .correlate(User)
        .subquery()
    )
    return select(func.array_agg(held.c.permission)).scalar_subquery()


@lru_cache(_KEPT)
def _actor(account_id: UUID, facts: _Facts, *, token_id: UUID | None = None, use_is_stale: bool = False) -> Actor:
    """Whom facts make that were read just now; the same ones make the same actor, who is made once.

    Who holds a custom role is a viewer besides, so `given` alone never shows less than a role does.
    """
    roles = frozenset(Role(role) for role in facts.roles)
    return Actor(
        account_id=account_id,
        kind=ActorKind.PERSON,
        id=facts.user_id,
        roles=roles | {Role.VIEWER} if facts.given is not None else roles,
        plan=plan_of(facts.service_tier, facts.marketing_tier, facts.add_ons),
        teams=frozenset(facts.teams or ()),
        view=TicketScope(Reach(facts.view_reach), facts.view_unassigned),
        edit=TicketScope(Reach(facts.edit_reach), facts.edit_unassigned),
        token_id=token_id,
        given=givable(facts.given or ()),
        use_is_stale=use_is_stale,
    )


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
