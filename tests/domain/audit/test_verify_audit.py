"""Verifying: whatever the owner of the tables changes is found, up to what no database can prove of itself; and erasing
what is personal is no change (B18, decision 21).
"""

# ruff: noqa: S608 (the statements are our own)

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from domain import audit
from domain.audit import AuditHead, Head
from domain.errors import NotPermitted
from policies import Role
from tests.support import actions, db_state
from tests.support.audit_chain import KEY, as_owner, seal, troubles, verified
from tests.support.world import World

AT = "(SELECT event_id FROM journal_entry WHERE number = {})"
REWRITE = "DELETE FROM audit_seal"  # and the function makes them anew
ERASE = """
    UPDATE event e SET address = NULL, before = NULL, after = NULL, salt = '',
           commitment = sha256(salt || convert_to(coalesce(octet_length(address) || ':' || address, '-')
               || coalesce(octet_length(before::text) || ':' || before::text, '-')
               || coalesce(octet_length(after::text) || ':' || after::text, '-'), 'UTF8'))
     WHERE id = """


@pytest.fixture
async def sealed(world: World) -> int:
    """How many events the world has, all of them sealed, five by five."""
    await actions.open_ticket(world)
    await seal(world, batch=5)
    assert await troubles(world) == []
    return len(await db_state.events(world))


async def kept(world: World) -> Head:
    """The newest head, as it is kept elsewhere."""
    rows = await db_state.rows(world, select(AuditHead).order_by(AuditHead.number.desc()).limit(1))
    return audit.head_of(rows[0])._replace(public_key=KEY.public_key)


@pytest.mark.parametrize(
    "change",
    [
        'before = \'{"name": "Somebody else"}\'',
        "after = NULL",
        "after = after || '{\"more\": 1}'",
        "kind = 'TEAM_MADE_'",
        "at = at + interval '1 microsecond'",
        "actor_kind = 'PERSON'",
        "actor_id = gen_random_uuid()",
        "address = '192.0.2.7'",
        "object_kind = 'team_'",
        "object_id = gen_random_uuid()",
        "pipeline_from = gen_random_uuid()",
        "pipeline_to = gen_random_uuid()",
        "salt = uuid_send(gen_random_uuid())",
        "commitment = sha256('')",
    ],
)
async def test_an_event_that_was_changed_is_found(
    world: World, sealed: int, owner_engine: AsyncEngine, change: str
) -> None:
    await as_owner(owner_engine, world.account_id, f"UPDATE event SET {change} WHERE id = {AT.format(7)}")

    assert ("CHANGED", 6, 10) in await troubles(world)


async def test_an_event_that_was_deleted_is_found(world: World, sealed: int, owner_engine: AsyncEngine) -> None:
    await as_owner(owner_engine, world.account_id, f"DELETE FROM event WHERE id = {AT.format(7)}")

    assert await troubles(world) == [("EVENT_MISSING", 7, None)]


async def test_an_event_that_was_deleted_with_its_number_is_found(
    world: World, sealed: int, owner_engine: AsyncEngine
) -> None:
    event = f"DELETE FROM event WHERE id = {AT.format(7)}"
    await as_owner(owner_engine, world.account_id, event, "DELETE FROM journal_entry WHERE number = 7")

    assert await troubles(world) == [("NUMBER_MISSING", 7, None)]


async def test_an_event_that_was_put_in_is_found(world: World, sealed: int, owner_engine: AsyncEngine) -> None:
    copy = f"""
        INSERT INTO event (account_id, id, at, kind, actor_kind, object_kind, object_id)
        SELECT account_id, gen_random_uuid(), at, kind, actor_kind, object_kind, object_id
          FROM event WHERE id = {AT.format(7)} RETURNING id"""
    [(put_in,)] = await as_owner(owner_engine, world.account_id, copy)
    assert await troubles(world) == [("NOT_IN_JOURNAL", 1, None)]

    exchange = "UPDATE journal_entry SET event_id = :id WHERE number = 7"
    await as_owner(owner_engine, world.account_id, exchange, id=put_in)
    assert sorted(await troubles(world)) == [("CHANGED", 6, 10), ("NOT_IN_JOURNAL", 1, None)]


async def test_events_that_changed_places_are_found(world: World, sealed: int, owner_engine: AsyncEngine) -> None:
    swap = (
        "UPDATE journal_entry SET number = 1007 WHERE number = 7",
        "UPDATE journal_entry SET number = 7 WHERE number = 8",
        "UPDATE journal_entry SET number = 8 WHERE number = 1007",
    )
    await as_owner(owner_engine, world.account_id, *swap)

    assert await troubles(world) == [("CHANGED", 6, 10)]


async def test_events_that_were_numbered_anew_over_a_deleted_one_are_found(
    world: World, sealed: int, owner_engine: AsyncEngine
) -> None:
    await as_owner(
        owner_engine,
        world.account_id,
        f"DELETE FROM event WHERE id = {AT.format(7)}",
        "DELETE FROM journal_entry WHERE number = 7",
        "UPDATE journal_entry SET number = -number WHERE number > 7",
        "UPDATE journal_entry SET number = -number - 1 WHERE number < 0",
        "UPDATE journal_head SET last_number = last_number - 1",
    )

    found = await troubles(world)
    assert ("CHANGED", 6, 10) in found
    assert ("NUMBER_MISSING", sealed, None) in found


async def test_a_seal_that_was_deleted_is_found(world: World, sealed: int, owner_engine: AsyncEngine) -> None:
    await as_owner(owner_engine, world.account_id, "DELETE FROM audit_seal WHERE last_number = 10")

    assert sorted(await troubles(world)) == [("HEAD_DIFFERS", 10, None), ("SEAL_MISSING", 6, 10)]


async def test_seals_that_were_written_anew_to_fit_do_not_fit_the_signed_heads(
    world: World, sealed: int, owner_engine: AsyncEngine
) -> None:
    change = f"UPDATE event SET actor_id = gen_random_uuid() WHERE id = {AT.format(7)}"
    again = ["SELECT seal_audit(5)"] * sealed
    await as_owner(owner_engine, world.account_id, change, REWRITE, *again)

    found = await troubles(world)

    assert {name for name, *_ in found} == {"HEAD_DIFFERS"}
    assert ("HEAD_DIFFERS", 10, None) in found
    assert ("HEAD_DIFFERS", 5, None) not in found


async def test_heads_that_were_written_to_fit_have_no_true_signature(
    world: World, sealed: int, owner_engine: AsyncEngine
) -> None:
    change = f"UPDATE event SET actor_id = gen_random_uuid() WHERE id = {AT.format(7)}"
    fit = "UPDATE audit_head h SET digest = s.digest FROM audit_seal s WHERE s.last_number = h.number"
    await as_owner(owner_engine, world.account_id, change, REWRITE, *["SELECT seal_audit(5)"] * sealed, fit)

    assert {name for name, *_ in await troubles(world)} == {"HEAD_UNTRUE", "UNSIGNED"}


async def test_a_chain_that_lost_its_end_is_told_by_a_head_that_was_kept_elsewhere(
    world: World, sealed: int, owner_engine: AsyncEngine
) -> None:
    head = await kept(world)
    await as_owner(
        owner_engine,
        world.account_id,
        "DELETE FROM event WHERE id IN (SELECT event_id FROM journal_entry WHERE number > 10)",
        "DELETE FROM journal_entry WHERE number > 10",
        "DELETE FROM audit_seal WHERE last_number > 10",
        "DELETE FROM audit_head WHERE number > 10",
        "UPDATE journal_head SET last_number = 10",
    )

    assert await troubles(world) == []  # which is why heads are to be kept elsewhere
    assert await troubles(world, kept=[head]) == [("HEAD_LOST", sealed, None)]


async def test_a_head_that_was_kept_elsewhere_tells_a_chain_that_was_signed_anew(
    world: World, sealed: int, owner_engine: AsyncEngine
) -> None:
    head = await kept(world)
    change = f"UPDATE event SET actor_id = gen_random_uuid() WHERE id = {AT.format(7)}"
    await as_owner(owner_engine, world.account_id, change, REWRITE, "DELETE FROM audit_head")
    await audit.seal_account(world.sessions, world.account_id, KEY)

    assert await troubles(world) == []  # whoever has the tables can have a worker begin anew
    assert [name for name, *_ in await troubles(world, kept=[head])] == ["HEAD_DIFFERS"]


@pytest.mark.parametrize("change", [{"number": 3}, {"digest": b"d" * 32}, {"public_key": None, "key_id": "0" * 16}])
async def test_a_kept_head_that_was_changed_is_found(world: World, sealed: int, change: dict[str, object]) -> None:
    head = (await kept(world))._replace(**change)  # type: ignore[arg-type]

    assert [name for name, *_ in await troubles(world, kept=[head])] == ["HEAD_STRANGE"]


async def test_a_journal_that_was_cut_without_its_head_is_found(
    world: World, sealed: int, owner_engine: AsyncEngine
) -> None:
    await as_owner(
        owner_engine,
        world.account_id,
        "DELETE FROM event WHERE id IN (SELECT event_id FROM journal_entry WHERE number > 10)",
        "DELETE FROM journal_entry WHERE number > 10",
        "DELETE FROM audit_seal WHERE last_number > 10",
        "DELETE FROM audit_head WHERE number > 10",
    )

    assert await troubles(world) == [("JOURNAL_CUT", sealed, None)]


async def test_erasing_what_is_personal_keeps_the_chain(world: World, sealed: int, owner_engine: AsyncEngine) -> None:
    await as_owner(owner_engine, world.account_id, ERASE + AT.format(7))

    found = await verified(world)

    assert (found.findings, found.erased) == ([], 1)


async def test_other_values_under_the_name_of_an_erasure_are_found(
    world: World, sealed: int, owner_engine: AsyncEngine
) -> None:
    show = f"UPDATE event SET after = '{{}}' WHERE id = {AT.format(7)}"
    await as_owner(owner_engine, world.account_id, ERASE + AT.format(7), show)

    assert await troubles(world) == [("FORGED", 7, None)]


async def test_what_waits_too_long_to_be_sealed_is_found(world: World, sealed: int) -> None:
    await actions.open_ticket(world)

    patient = await verified(world, longest=timedelta(hours=1))
    hasty = await verified(world, longest=timedelta(0))

    assert (patient.findings, patient.waiting) == ([], 1)
    assert [finding.trouble.name for finding in hasty.findings] == ["WAITING"]
    assert str(hasty.findings[0]) == "An event waits to be sealed for 0 seconds."


async def test_findings_are_sentences(world: World, sealed: int, owner_engine: AsyncEngine) -> None:
    await as_owner(owner_engine, world.account_id, f"DELETE FROM event WHERE id = {AT.format(7)}")
    await as_owner(owner_engine, world.account_id, "UPDATE event SET at = now()")

    found = (await verified(world)).findings

    assert str(found[0]).startswith("Events 1 to 5 are not as they were sealed")
    assert str(found[1]) == "Event 7 is in the journal and was deleted from the log."


async def test_verifying_is_for_those_who_may_read_the_log(world: World) -> None:
    async with world.looking(Role.SUPER_ADMIN) as work:
        assert (await audit.verify_audit(work, KEY)).events == 0
    for role in (Role.SETTINGS_EDITOR, Role.VIEWER):
        async with world.looking(role) as work:
            with pytest.raises(NotPermitted):
                await audit.verify_audit(work, KEY)
