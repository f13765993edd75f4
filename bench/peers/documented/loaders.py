"""The loaders of one request; each batch has a session of its own, since an AsyncSession is never shared."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, false, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from strawberry.dataloader import DataLoader

from bench.peers.hand.fragments import ADMIT
from domain.accounts import Team, TeamMember, User
from domain.boards.stage_count import StageCount
from domain.pipelines import Pipeline, Stage
from domain.tickets import Ticket

_ACTOR = text(ADMIT.replace("$1", ":account").replace("$2", ":hash"))
_ENTER = text("SELECT set_config('app.account', :account, true)")

Sessions = async_sessionmaker[AsyncSession]


class Request:
    """Who asks, and the loaders of what is asked for."""

    def __init__(self, sessions: Sessions, account: UUID, actor: Any) -> None:
        self._sessions = sessions
        self.account, self.actor = account, actor
        self.users = self._by_id(User)
        self.teams = self._by_id(Team)
        self.stages = self._by_id(Stage)
        self.pipelines = self._by_id(Pipeline)
        self.totals: DataLoader[UUID, int] = DataLoader(load_fn=self._load_totals)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """A session in a transaction of the account."""
        async with self._sessions() as session, session.begin():
            await session.execute(_ENTER, {"account": str(self.account)})
            yield session

    def seen(self) -> Select[Any]:
        """The tickets that the actor sees."""
        standing = select(Ticket).where(Ticket.account_id == self.account, Ticket.archived_at.is_(None))
        if self._sees_all:
            return standing
        colleagues = select(TeamMember.user_id).where(
            TeamMember.account_id == self.account, TeamMember.team_id.in_(self.actor.teams)
        )
        mine = or_(Ticket.owner_id == self.actor.id, Ticket.team_id.in_(self.actor.teams))
        nobodys = and_(Ticket.owner_id.is_(None), self.actor.unassigned) if self.actor.unassigned else false()
        return standing.where(or_(mine, nobodys, Ticket.owner_id.in_(colleagues)))

    @property
    def _sees_all(self) -> bool:
        return bool(self.actor.is_super or self.actor.sees_all)

    async def _load_totals(self, stages: list[UUID]) -> list[int]:
        counted: Select[*tuple[Any, ...]]
        if self._sees_all:
            counted = select(StageCount.stage_id, func.sum(StageCount.change)).group_by(StageCount.stage_id)
            counted = counted.where(StageCount.account_id == self.account, StageCount.stage_id.in_(stages))
        else:
            counted = self.seen().with_only_columns(Ticket.stage_id, func.count()).group_by(Ticket.stage_id)
            counted = counted.where(Ticket.stage_id.in_(stages))
        async with self.session() as session:
            found = {row[0]: int(row[1]) for row in await session.execute(counted)}
        return [found.get(stage, 0) for stage in stages]

    def _by_id(self, model: Any) -> DataLoader[UUID, Any]:
        async def load(ids: list[UUID]) -> Sequence[Any]:
            async with self.session() as session:
                rows = await session.scalars(select(model).where(model.account_id == self.account, model.id.in_(ids)))
                found = {row.id: row for row in rows}
            return [found.get(each) for each in ids]

        return DataLoader(load_fn=load)


async def admit(sessions: Sessions, token: str) -> Request:
    """The request of whoever holds a token."""
    _, digits, secret = token.split("_", 2)
    account = UUID(hex=digits)
    async with sessions() as session, session.begin():
        await session.execute(_ENTER, {"account": str(account)})
        given = {"account": account, "hash": hashlib.sha256(secret.encode()).digest()}
        return Request(sessions, account, (await session.execute(_ACTOR, given)).one())
