"""The ground of a run: a started database with its accounts, and the ids and tokens that requests are made of."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import asyncpg
import typer
from sqlalchemy import select

from bench.data.generate import Size, email_of, make_account, service_pipeline, slug_of
from domain import accounts
from domain.tickets.ticket import Ticket
from domain.unit_of_work import Sessions, UnitOfWork, reading, writing
from policies import Role
from server.database.embedded import APP, OWNER, Cluster, embedded
from server.database.engine import Database
from server.database.migrate import migrate
from server.settings import Databases, Settings

PEER = "bench_peer"
_HERE = Path(__file__).parent
_MOVED = 96  # tickets that are moved about: more than connections, so that none is moved twice at once


class Ground(NamedTuple):
    """One account: who asks, for what."""

    account: UUID
    size: Size
    pipeline: UUID
    stages: tuple[UUID, ...]
    tickets: tuple[tuple[UUID, UUID], ...]  # some, each with the stage it was found in
    admin: str
    agent: str


class Base(NamedTuple):
    """A started database with all its accounts."""

    cluster: Cluster
    grounds: Sequence[Ground]
    neighbours: Sequence[Ground]  # all accounts of the first size


@asynccontextmanager
async def prepared(data_dir: Path, sizes: Sequence[Size], accounts_of_first: int = 1) -> AsyncIterator[Base]:
    """The database with accounts of these sizes, of the first size several, for the length of the block."""
    with embedded(data_dir) as cluster:
        addresses = Databases(cluster.url(APP), cluster.url(OWNER))
        await migrate(addresses)
        database = Database(addresses, Settings())
        owner = await asyncpg.connect(cluster.url(OWNER))
        try:
            found = [
                await _grounds(database.sessions, owner, size, 1 if place else accounts_of_first)
                for place, size in enumerate(sizes)
            ]
            await owner.execute((_HERE / "peers.sql").read_text(encoding="utf-8"))
            await _refresh(owner)
        finally:
            await owner.close()
            await database.close()
        yield Base(cluster, [each[0] for each in found], found[0])


async def _grounds(sessions: Sessions, owner: asyncpg.Connection, size: Size, count: int) -> list[Ground]:
    typer.echo(f"Data: {count} account(s) of {size.tickets:,} tickets in {size.stages} stages …")
    made = [await make_account(sessions, owner, size, number) for number in range(1, count + 1)]
    return [await _describe(sessions, account, size, number) for number, account in enumerate(made, 1)]


async def _refresh(owner: asyncpg.Connection) -> None:
    """Have nobody pay for what was just filled, or for what the moves of earlier runs have left: among others an index
    of pages with one card each, at the top of the stages that boards begin to read.
    """
    for statement in ("VACUUM ANALYZE", "REINDEX INDEX ix_ticket_board"):
        await owner.execute(statement, timeout=None)


async def _describe(sessions: Sessions, account: UUID, size: Size, number: int) -> Ground:
    slug = slug_of(size, number)
    async with reading(sessions, account, accounts.operator(account)) as work:
        pipeline = await service_pipeline(work)
        stages = tuple(stage.id for stage in pipeline.stages)
        found = select(Ticket.id, Ticket.stage_id).where(Ticket.account_id == account, Ticket.archived_at.is_(None))
        rows = (await work.session.execute(found.order_by(Ticket.id).limit(_MOVED))).all()
    async with writing(sessions, account, accounts.operator(account)) as work:
        admin, agent = [await _token(work, email_of(role, slug)) for role in (Role.SUPER_ADMIN, Role.AGENT)]
    tickets = tuple((ticket, stage) for ticket, stage in rows if stage is not None)
    return Ground(account, size, pipeline.id, stages, tickets, admin, agent)


async def _token(work: UnitOfWork, email: str) -> str:
    user = next(user for user in await accounts.list_users(work) if user.email == email)
    token, _ = await accounts.issue_token(work, user.id, timedelta(days=2))
    return token
