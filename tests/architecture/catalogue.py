"""What the database says of itself: tables, keys, walls, grants. Read as the owner, from the catalogue.

`snapshot` is all that `alembic check` does not see (settled choice 22), as text that is committed and reviewed.
"""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_TABLES = """
    SELECT c.relname AS name, c.relrowsecurity AS walled, c.relforcerowsecurity AS forced,
           pg_get_userbyid(c.relowner) AS owner,
           array(SELECT a.attname::text FROM pg_attribute a
                  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) AS columns
      FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1"""
_INDEXES = """
    SELECT t.relname AS table_name, c.relname AS name, i.indisprimary AS is_primary, i.indisunique AS is_unique,
           array(SELECT pg_get_indexdef(i.indexrelid, place, true) FROM generate_series(1, i.indnkeyatts) AS place)
               AS columns
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
     WHERE t.relnamespace = 'public'::regnamespace ORDER BY 1, 2"""
_FOREIGN_KEYS = """
    SELECT k.conrelid::regclass::text AS table_name, k.conname AS name, k.confrelid::regclass::text AS target,
           k.confdeltype::text AS on_delete,
           array(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS key (number, place)
                   JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = number ORDER BY place) AS columns,
           array(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS key (number, place)
                   JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = number ORDER BY place)
               AS target_columns,
           array(SELECT a.attname::text FROM unnest(k.confdelsetcols) AS number
                   JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = number) AS set_null
      FROM pg_constraint k WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace ORDER BY 1, 2"""

# Owners' own privileges are left out, since PostgreSQL's versions differ in what they call them.
_SNAPSHOT = """
    SELECT concat_ws(' ', 'table', relname, CASE WHEN relrowsecurity THEN 'walled' ELSE 'open' END,
                     CASE WHEN relforcerowsecurity THEN 'also to its owner' END)
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
    UNION ALL
    SELECT format('policy %s.%s %s %s to %s using %s check %s', tablename, policyname, permissive, cmd, roles,
                  qual, with_check)
      FROM pg_policies WHERE schemaname = 'public'
    UNION ALL
    SELECT format('grant %s on %s to %s', string_agg(given.privilege_type, ', ' ORDER BY given.privilege_type),
                  relname, coalesce(nullif(given.grantee, 0)::regrole::text, 'public'))
      FROM pg_class CROSS JOIN aclexplode(relacl) AS given
     WHERE relnamespace = 'public'::regnamespace AND given.grantee <> relowner
     GROUP BY relname, given.grantee
    UNION ALL
    SELECT format('grant %s on %s.%s to %s', given.privilege_type, attrelid::regclass, attname,
                  coalesce(nullif(given.grantee, 0)::regrole::text, 'public'))
      FROM pg_attribute CROSS JOIN aclexplode(attacl) AS given
     WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    UNION ALL
    SELECT format('grant %s on schema %s to %s', given.privilege_type, nspname,
                  coalesce(nullif(given.grantee, 0)::regrole::text, 'public'))
      FROM pg_namespace CROSS JOIN aclexplode(nspacl) AS given
     WHERE nspname = 'public' AND given.grantee <> nspowner
    UNION ALL
    SELECT format('default privileges %s %s', defaclobjtype, defaclacl) FROM pg_default_acl
    UNION ALL
    SELECT format('function %s %s', oid::regprocedure, md5(pg_get_functiondef(oid)))
      FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT format('trigger %s', pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT format('%s %s', CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'sequence' END,
                  relname)
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm', 'S')
    ORDER BY 1"""


async def rows(connection: AsyncConnection, query: str) -> list[dict[str, Any]]:
    """The answer to a question of the catalogue."""
    return [dict(row) for row in (await connection.execute(text(query))).mappings()]


async def tables(engine: AsyncEngine) -> list[dict[str, Any]]:
    """Every table: name, owner, columns in order, whether it is walled and whether against its owner too."""
    async with engine.connect() as connection:
        return await rows(connection, _TABLES)


async def indexes(engine: AsyncEngine) -> list[dict[str, Any]]:
    """Every index, those of primary keys and unique constraints included, with its columns in order."""
    async with engine.connect() as connection:
        return await rows(connection, _INDEXES)


async def foreign_keys(engine: AsyncEngine) -> list[dict[str, Any]]:
    """Every foreign key, with its columns, its target's, and those that a deletion of the target sets to null."""
    async with engine.connect() as connection:
        return await rows(connection, _FOREIGN_KEYS)


async def snapshot(engine: AsyncEngine) -> str:
    """Walls, policies, grants, functions, triggers, views and sequences, a line each."""
    async with engine.connect() as connection:
        lines = (await connection.execute(text(_SNAPSHOT))).scalars()
        return "".join(f"{line}\n" for line in sorted(lines))
