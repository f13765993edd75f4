"""Who is at the door: reads the actor of a unit of work, in that unit's own snapshot (B19).

A bearer token reads `sg_<account id in hex>_<secret>`: it carries its account, so that even its own look-up runs inside
row-level security (settled choice 1). Only the SHA-256 of the secret is stored, and it has 256 random bits, so a
look-up by its hash tells a guesser nothing.
"""

import hashlib
import secrets
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.accounts.account import Account
from domain.accounts.user import Team, TeamMember, Token, User
from domain.actor import Actor, ActorKind
from domain.errors import Unauthenticated
from domain.unit_of_work import Admit
from policies import Plan, Role

_PREFIX = "sg"


def make_token(account_id: UUID) -> tuple[str, bytes]:
    """A fresh bearer token of an account and the hash to store of it."""
    secret = secrets.token_urlsafe(32)
    return f"{_PREFIX}_{account_id.hex}_{secret}", _hash(secret)


def read_token(token: str) -> tuple[UUID, bytes]:
    """The account and the hash of a bearer token; Unauthenticated when it cannot be one."""
    prefix, _, rest = token.partition("_")
    account, _, secret = rest.partition("_")
    if prefix != _PREFIX or not secret or len(account) != 32 or len(token) > 200:
        raise Unauthenticated
    try:
        return UUID(hex=account), _hash(secret)
    except ValueError:
        raise Unauthenticated from None


def bearer(account_id: UUID, secret_hash: bytes) -> Admit:
    """Admits the active user whose token this is, neither expired nor revoked; else Unauthenticated."""

    async def admit(session: AsyncSession) -> Actor:
        statement = (
            _people()
            .add_columns(Token.id)
            .join(Token, (Token.account_id == User.account_id) & (Token.user_id == User.id))
            .where(Token.account_id == account_id, Token.secret_hash == secret_hash)
            .where(Token.revoked_at.is_(None), Token.expires_at > func.now())
        )
        row = (await session.execute(statement)).one_or_none()
        if row is None:
            raise Unauthenticated
        user, account, teams, token_id = row
        return _actor(user, account, teams, token_id)

    return admit


def member(account_id: UUID, user_id: UUID) -> Admit:
    """Admits an active user whose password was verified just before; else Unauthenticated."""

    async def admit(session: AsyncSession) -> Actor:
        row = (await session.execute(_people().where(User.account_id == account_id, User.id == user_id))).one_or_none()
        if row is None:
            raise Unauthenticated
        user, account, teams = row
        return _actor(user, account, teams, None)

    return admit


def operator(account_id: UUID) -> Admit:
    """Admits whoever holds the machine, for the command line; they act as no user."""

    async def admit(session: AsyncSession) -> Actor:
        account = (await session.execute(select(Account).where(Account.id == account_id))).scalar_one()
        return Actor(account_id, ActorKind.OPERATOR, None, frozenset({Role.OPERATOR}), account.plan)

    return admit


def founder(account_id: UUID, plan: Plan) -> Admit:
    """Admits the operator to an account that is yet to be made, in that very unit."""

    async def admit(_: AsyncSession) -> Actor:
        return Actor(account_id, ActorKind.OPERATOR, None, frozenset({Role.OPERATOR}), plan)

    return admit


def _people() -> Select[User, Account, Sequence[UUID]]:
    teams = (
        select(func.array_agg(TeamMember.team_id))
        .join(Team, and_(Team.account_id == TeamMember.account_id, Team.id == TeamMember.team_id, Team.active))
        .where(TeamMember.account_id == User.account_id, TeamMember.user_id == User.id)
        .scalar_subquery()
    )
    return select(User, Account, teams).join(Account, Account.id == User.account_id).where(User.active)


def _actor(user: User, account: Account, teams: Sequence[UUID] | None, token_id: UUID | None) -> Actor:
    return Actor(
        account_id=account.id,
        kind=ActorKind.PERSON,
        id=user.id,
        roles=user.role_set,
        plan=account.plan,
        teams=frozenset(teams or ()),
        view=user.view_scope,
        edit=user.edit_scope,
        token_id=token_id,
    )


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
