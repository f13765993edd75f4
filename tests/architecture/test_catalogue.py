"""The tables as they are: tenant first in every key, walls around every table of tenants, nothing that the serving role
could take away (law 8, settled choices 1–3, 8, 10, 22).
"""

import os
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from migrations.run import differences
from migrations.walls import SERVING
from tests.architecture import catalogue

SNAPSHOT = Path(__file__).parent / "catalogue.txt"
WRITE = "SLUICEGATE_WRITE_CATALOGUE"

# Outside row-level security, and why.
OPEN_TABLES = {
    "alembic_version": "the revision, of no account",
    "directory_entry": "asked before the account is known (settled choice 1)",
    "failed_sign_in": "of whom nobody has looked yet (decision 21)",
    "identity": "a person, of no account (settled choice 1)",
    "identity_link": "of a person, asked before the account is known (decision 23)",
    "outbox": "ids alone, which the relay reads across accounts (settled choice 3)",
    "throttle": "attempts of whom nobody knows yet",
}

# Without the account in front, and why.
OTHER_KEYS = {
    "alembic_version": "of no account",
    "account": "its id is the account's",
    "directory_entry": "outside names lead to accounts",
    "failed_sign_in": "of no account",
    "identity": "of no account",
    "identity_link": "of no account",
    "throttle": "of no account",
}
OTHER_FOREIGN_KEYS = {
    "fk_account_user_identity_id": "a membership is of a person, who is of no account",
    "fk_identity_link_identity_id": "neither is of an account",
}

POLICY = "(account_id = (NULLIF(current_setting('app.account'::text, true), ''::text))::uuid)"
APPEND_ONLY = ("event", "journal_entry", "audit_head")


async def test_every_table_of_tenants_is_walled_also_against_its_owner(owner_engine: AsyncEngine) -> None:
    found = await catalogue.tables(owner_engine)

    assert {table["name"] for table in found if not table["walled"]} == set(OPEN_TABLES)
    assert {table["name"] for table in found if not table["forced"]} == set(OPEN_TABLES)


async def test_every_wall_lets_one_account_through_and_is_the_only_one(owner_engine: AsyncEngine) -> None:
    async with owner_engine.connect() as connection:
        policies = await catalogue.rows(connection, "SELECT * FROM pg_policies WHERE schemaname = 'public'")
    walled = {table["name"] for table in await catalogue.tables(owner_engine)} - set(OPEN_TABLES)

    assert sorted(policy["tablename"] for policy in policies) == sorted(walled)
    for policy in policies:
        expected = POLICY.replace("account_id", "id") if policy["tablename"] == "account" else POLICY
        assert (policy["cmd"], policy["permissive"], policy["roles"]) == ("ALL", "PERMISSIVE", ["public"])
        assert (policy["qual"], policy["with_check"]) == (expected, expected)


async def test_every_table_of_tenants_says_whose_its_rows_are(owner_engine: AsyncEngine) -> None:
    for table in await catalogue.tables(owner_engine):
        if table["name"] not in OTHER_KEYS:
            assert table["columns"][0] == "account_id", table["name"]


async def test_the_account_leads_every_key_and_every_index(owner_engine: AsyncEngine) -> None:
    found = [index for index in await catalogue.indexes(owner_engine) if index["table_name"] not in OTHER_KEYS]

    assert [index["name"] for index in found if index["columns"][0] != "account_id"] == []
    primary = {index["table_name"] for index in found if index["is_primary"]}
    assert primary == {table["name"] for table in await catalogue.tables(owner_engine)} - set(OTHER_KEYS)


async def test_the_account_leads_every_foreign_key_on_both_sides(owner_engine: AsyncEngine) -> None:
    found = await catalogue.foreign_keys(owner_engine)

    assert found
    for key in found:
        if key["name"] in OTHER_FOREIGN_KEYS:
            continue
        first = "id" if key["target"] == "account" else "account_id"
        assert (key["columns"][0], key["target_columns"][0]) == ("account_id", first), key["name"]


async def test_a_foreign_key_that_sets_null_names_its_column_and_never_the_account(owner_engine: AsyncEngine) -> None:
    setting = [key for key in await catalogue.foreign_keys(owner_engine) if key["on_delete"] in {"n", "d"}]

    assert setting
    for key in setting:
        assert key["set_null"], key["name"]
        assert "account_id" not in key["set_null"], key["name"]


async def test_what_happened_hangs_from_nothing_that_can_be_deleted(owner_engine: AsyncEngine) -> None:
    keys = await catalogue.foreign_keys(owner_engine)

    assert [key["name"] for key in keys if key["table_name"] in {*APPEND_ONLY, "outbox"}] == []


async def test_there_are_no_sequences(owner_engine: AsyncEngine) -> None:
    async with owner_engine.connect() as connection:
        assert await catalogue.rows(connection, "SELECT relname FROM pg_class WHERE relkind = 'S'") == []
        generated = "SELECT attrelid::regclass, attname FROM pg_attribute WHERE attidentity <> ''"
        assert await catalogue.rows(connection, generated) == []


async def test_views_and_functions_do_not_reach_past_the_walls(owner_engine: AsyncEngine) -> None:
    past = """
        SELECT relname AS name FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
           AND NOT coalesce(reloptions, '{}') && '{security_invoker=true,security_invoker=on}'
        UNION ALL
        SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'm'
        UNION ALL
        SELECT proname FROM pg_proc
         WHERE pronamespace = 'public'::regnamespace AND prosecdef
           AND (proconfig IS NULL OR NOT EXISTS (SELECT FROM unnest(proconfig) s WHERE s LIKE 'search_path=%')
                OR has_function_privilege('public', oid, 'EXECUTE'))"""
    async with owner_engine.connect() as connection:
        assert await catalogue.rows(connection, past) == []


async def test_the_serving_role_owns_nothing_and_is_bound_by_the_walls(owner_engine: AsyncEngine) -> None:
    role = f"""
        SELECT rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole OR rolcreatedb OR rolreplication AS powerful,
               EXISTS (SELECT FROM pg_shdepend WHERE deptype = 'o' AND refobjid = r.oid) AS owner,
               has_schema_privilege(oid, 'public', 'CREATE') AS may_create,
               pg_has_role(oid, (SELECT relowner FROM pg_class WHERE relname = 'account'), 'MEMBER') AS is_owner
          FROM pg_roles r WHERE rolname = '{SERVING}'"""  # noqa: S608 (a name of our own)
    async with owner_engine.connect() as connection:
        assert await catalogue.rows(connection, role) == [
            {"powerful": False, "owner": False, "may_create": False, "is_owner": False}
        ]


async def test_the_serving_role_only_reads_writes_and_deletes(owner_engine: AsyncEngine) -> None:
    given = await _privileges(owner_engine)

    assert {name for each in given.values() for name in each} <= {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert set(given) == {table["name"] for table in await catalogue.tables(owner_engine)}


async def test_what_happened_can_be_added_to_and_never_changed(owner_engine: AsyncEngine) -> None:
    given = await _privileges(owner_engine)

    for table in APPEND_ONLY:
        assert given[table] == {"SELECT", "INSERT"}
    assert given["audit_seal"] == {"SELECT"}
    assert given["journal_head"] == {"SELECT", "INSERT", "UPDATE"}
    assert "DELETE" not in given["account"] | given["identity"]


async def _privileges(engine: AsyncEngine) -> dict[str, set[str]]:
    """What the serving role, or everybody, may do with each table."""
    query = """
        SELECT relname AS name, given.privilege_type AS privilege
          FROM pg_class CROSS JOIN aclexplode(relacl) AS given
         WHERE relnamespace = 'public'::regnamespace AND given.grantee <> relowner"""
    found: dict[str, set[str]] = {}
    async with engine.connect() as connection:
        for row in await catalogue.rows(connection, query):
            found.setdefault(row["name"], set()).add(row["privilege"])
    return found


async def test_ranks_are_ordered_by_their_bytes_and_places_are_checked_at_commit(owner_engine: AsyncEngine) -> None:
    collation = "SELECT collation_name AS name FROM information_schema.columns WHERE column_name = 'rank'"
    deferred = """
        SELECT conname AS name FROM pg_constraint
         WHERE contype = 'u' AND condeferred AND connamespace = 'public'::regnamespace ORDER BY 1"""
    async with owner_engine.connect() as connection:
        assert await catalogue.rows(connection, collation) == [{"name": "C"}]
        assert [row["name"] for row in await catalogue.rows(connection, deferred)] == [
            "uq_pipeline_account_id_position",
            "uq_stage_position",
        ]


async def test_the_models_say_what_the_migrations_made(owner_engine: AsyncEngine) -> None:
    async with owner_engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_the_catalogue_is_the_reviewed_one(owner_engine: AsyncEngine) -> None:
    found = await catalogue.snapshot(owner_engine)
    if os.environ.get(WRITE):
        SNAPSHOT.write_text(found, encoding="utf-8")

    assert found == SNAPSHOT.read_text(encoding="utf-8"), (
        f"walls, grants, functions or triggers have changed: run `{WRITE}=1 .venv/bin/pytest -n0 "
        "tests/architecture/test_catalogue.py` and have tests/architecture/catalogue.txt reviewed"
    )


@pytest.mark.parametrize("setting", ["", "SET row_security = off"], ids=["walled", "told that it is"])
async def test_the_owner_sees_no_account_by_mistake(owner_engine: AsyncEngine, setting: str) -> None:
    async with owner_engine.connect() as connection:
        if setting:
            await connection.execute(text(setting))
            with pytest.raises(DBAPIError, match="row-level security"):
                await connection.execute(text("SELECT count(*) FROM pipeline"))
        else:
            assert (await connection.execute(text("SELECT count(*) FROM pipeline"))).scalar_one() == 0
