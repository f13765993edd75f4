"""Sealing: every numbered event is chained once and signed, in an order nobody can change, by any number of workers;
and the serving role can write no seal (settled choice 11, B18).
"""

import asyncio

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from domain import audit
from domain.audit import AuditHead, AuditSeal
from domain.events import journal
from domain.events.event import AUDITED, EventKind
from server.auth.audit_key import AuditKey
from tests.support import actions, concurrency, db_state
from tests.support.audit_chain import KEY, as_owner, seal, troubles, verified
from tests.support.tenancy import enter
from tests.support.world import World, make_world


async def seals(world: World) -> list[tuple[int, int]]:
    """First and last number of each seal."""
    rows = await db_state.rows(world, select(AuditSeal).order_by(AuditSeal.last_number))
    return [(row.first_number, row.last_number) for row in rows]


async def heads(world: World) -> list[AuditHead]:
    return await db_state.rows(world, select(AuditHead).order_by(AuditHead.number, AuditHead.signed_at))


async def test_what_is_numbered_is_sealed_and_signed_with_it(world: World) -> None:
    happened = await seal(world)

    assert await seals(world) == [(1, happened)]
    [head] = await heads(world)
    assert (head.number, head.key_id) == (happened, KEY.key_id)
    assert KEY.verifies(KEY.public_key, audit.head_of(head).message, head.signature)
    found = await verified(world)
    assert (found.findings, found.events, found.waiting) == ([], happened, 0)


async def test_each_batch_has_a_seal_that_goes_on_from_the_one_before(world: World) -> None:
    happened = await seal(world, batch=3)

    found = await seals(world)

    assert [last for _, last in found] == [*range(3, happened, 3), happened]
    assert [first for first, _ in found] == [1, *[last + 1 for _, last in found[:-1]]]
    assert await troubles(world) == []


async def test_the_chain_of_the_database_is_the_one_that_we_compute(world: World) -> None:
    await actions.open_ticket(world, "Ünïcödé 😀 'quoted' \\ and\ttabbed")
    await actions.create_pipeline(world, "Grüße")
    await seal(world)

    assert await troubles(world) == []


async def test_what_earlier_releases_left_is_sealed_in_steps(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.audit.sealer.BATCH", 4)
    monkeypatch.setattr(audit.seal_events, "__defaults__", (4,))
    await journal.number_events(world.sessions, world.account_id)

    done = await audit.seal_account(world.sessions, world.account_id, KEY)

    happened = len(await db_state.events(world))
    assert done == audit.Sealed(happened, signed=True)
    assert [last for _, last in await seals(world)] == [*range(4, happened, 4), happened]
    assert await troubles(world) == []
    assert await audit.seal_account(world.sessions, world.account_id, KEY) == audit.Sealed(happened, signed=True)
    assert len(await heads(world)) == len(await seals(world))


async def test_workers_at_once_make_one_chain(world: World) -> None:
    await actions.open_tickets(world, *[f"Ticket {number}" for number in range(12)])

    outcomes = await concurrency.together(
        *[seal(world, batch=2) for _ in range(3)],
        *[audit.seal_account(world.sessions, world.account_id, KEY) for _ in range(3)],
    )

    assert [outcome for outcome in outcomes if isinstance(outcome, BaseException)] == []
    assert (await seals(world))[-1][1] == len(await db_state.events(world))
    assert await troubles(world) == []


async def test_a_worker_that_dies_half_way_leaves_neither_numbers_nor_seals(world: World) -> None:
    async def die(session: object, _: object) -> None:
        await audit.seal_events(session, world.account_id, KEY)  # type: ignore[arg-type]
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await journal.number_events(world.sessions, world.account_id, afterwards=die)

    assert (await seals(world), await heads(world)) == ([], [])
    await seal(world)
    assert await troubles(world) == []


async def test_another_key_signs_the_last_seal_anew_and_names_itself(world: World) -> None:
    await seal(world)
    new = AuditKey(b"another secret key of 32 characters or more")
    assert [name for name, *_ in await troubles(world, key=new)] == ["UNSIGNED"]

    await audit.seal_account(world.sessions, world.account_id, new)

    assert [head.key_id for head in await heads(world)] == [KEY.key_id, new.key_id]
    found = await verified(world, key=new)
    assert (found.findings, found.unknown_keys) == ([], {KEY.key_id})
    await actions.open_ticket(world)
    await seal(world, key=new)
    assert await troubles(world, key=new) == []


async def test_a_gap_is_not_sealed_over(world: World, owner_engine: AsyncEngine) -> None:
    await journal.number_events(world.sessions, world.account_id)
    await as_owner(owner_engine, world.account_id, "DELETE FROM journal_entry WHERE number = 4")

    await audit.seal_account(world.sessions, world.account_id, KEY)

    assert await seals(world) == [(1, 3)]
    assert await troubles(world) == [("NUMBER_MISSING", 4, None), ("NOT_IN_JOURNAL", 1, None)]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_seal SET digest = sha256(digest)",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET digest = s.digest FROM (SELECT sha256('') AS digest) s",
        "DELETE FROM audit_seal",
    ],
)
async def test_a_worker_signs_no_chain_that_is_not_the_one_it_signed_before(
    world: World, owner_engine: AsyncEngine, change: str
) -> None:
    await seal(world)
    await as_owner(owner_engine, world.account_id, change)
    if "audit_seal" in change and "DELETE" in change:
        await as_owner(owner_engine, world.account_id, "UPDATE event SET before = '{}', after = '{}'")
    await actions.open_ticket(world)

    with capture_logs() as logged:
        await seal(world)

    assert [line["log_level"] for line in logged] == ["error"]
    assert logged[0]["account"] == str(world.account_id)
    assert "UNSIGNED" in {name for name, *_ in await troubles(world)}


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO audit_seal (account_id, first_number, last_number, digest, sealed_at)"
        " SELECT account_id, 99, 99, digest, now() FROM audit_seal",
        "UPDATE audit_seal SET digest = ''",
        "DELETE FROM audit_seal",
        "UPDATE audit_head SET digest = ''",
        "DELETE FROM audit_head",
        "UPDATE event SET after = NULL",
        "UPDATE event SET commitment = ''",
        "DELETE FROM event",
        "UPDATE journal_entry SET number = number + 1",
        "DELETE FROM journal_entry",
        "UPDATE failed_sign_in SET email = ''",
    ],
)
async def test_the_role_that_serves_cannot_change_what_was_sealed(world: World, change: str) -> None:
    await seal(world)

    with pytest.raises(DBAPIError, match="permission denied"):
        await db_state.execute(world, change)


async def test_the_role_that_serves_seals_its_own_account_and_no_other(world: World) -> None:
    other = await make_world(world.sessions)
    await journal.number_events(other.sessions, other.account_id)

    async with world.sessions() as session, session.begin():
        await enter(session, None)
        nothing = (await session.execute(text("SELECT * FROM seal_audit(10)"))).all()
    async with world.sessions() as session, session.begin():
        await enter(session, world.account_id)
        unnumbered = (await session.execute(text("SELECT * FROM seal_audit(10)"))).all()

    assert (nothing, unnumbered) == ([], [])
    assert await seals(other) == []


def test_everything_is_audited_but_what_happens_to_tickets() -> None:
    assert {kind.name for kind in set(EventKind) - AUDITED} == {
        "TICKET_CREATED",
        "TICKET_UPDATED",
        "TICKET_MOVED",
        "TICKET_ASSIGNED",
        "TICKET_CLOSED",
        "TICKET_REOPENED",
        "TICKET_DELETED",
    }
