"""Exports: the audit log as CSV for who may read it, page by page, and for nobody longer than they may (B18)."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from domain import accounts
from domain.events.event import EventKind
from policies import Role
from resolvers.audit import export_page
from server.auth.passwords import Argon2Passwords
from server.database.engine import Database
from server.exports import audit_log
from server.exports.endpoint import ExportEndedError
from server.exports.export import harmless
from server.settings import Settings
from tests.support import actions, db_state, exports
from tests.support.audit_chain import record_as_stored, seal
from tests.support.client import Api, cheap_passwords, make_api, token_of
from tests.support.cluster import scratch
from tests.support.exports import Parameters, rows
from tests.support.ids import gid
from tests.support.process import serving
from tests.support.world import World, make_world

PATH = "/exports/audit.csv"


@pytest.fixture(scope="module")
def passwords() -> Iterator[Argon2Passwords]:
    """Passwords that nobody gives here."""
    cheap = cheap_passwords()
    yield cheap
    cheap.close()


@pytest.fixture(scope="module")
async def api(database: Database, settings: Settings, passwords: Argon2Passwords) -> AsyncIterator[Api]:
    """The application as it is served."""
    made = make_api(database, settings, passwords)
    yield made
    await made.http.aclose()


@pytest.fixture
async def world(database: Database) -> World:
    """An account of its own."""
    return await make_world(database.sessions)


async def get(api: Api, token: str | None, parameters: Parameters | None = None, *, path: str = PATH) -> httpx.Response:
    """The answer to somebody's request for the log."""
    return await exports.get(api, path, token, parameters)


async def test_it_holds_every_event_of_the_log_with_who_what_and_from_where(api: Api, world: World) -> None:
    client = await api.client(world)
    await client.do("renamePipeline", pipeline={"internalName": "support"}, label='Help, "desk"')
    await actions.open_ticket(world)
    await seal(world)

    answer = await get(api, client.token)

    found, who = rows(answer), world.users[Role.SUPER_ADMIN]
    audited = [event for event in await db_state.events(world) if event.object_kind != "ticket"]
    assert len(found) == len(audited)
    assert tuple(found[0]) == audit_log.COLUMNS
    [renamed] = [row for row in found if row["kind"] == "PIPELINE_UPDATED"]
    assert (renamed["actor"], renamed["actor e-mail"], renamed["actor id"]) == (who.name, who.email, gid(who))
    assert (renamed["address"], renamed["object id"]) == ("192.0.2.1", gid(await world.pipeline()))
    assert (renamed["before"], renamed["after"]) == ('{"label":"Support Pipeline"}', '{"label":"Help, \\"desk\\""}')
    assert (renamed["sealed"], renamed["number"].isdigit()) == ("yes", True)


async def test_its_headers_let_nobody_keep_it_or_run_it(api: Api, world: World) -> None:
    answer = await get(api, await token_of(world))

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


async def test_pages_join_without_a_gap_or_a_repetition(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await token_of(world)
    whole = rows(await get(api, token))
    monkeypatch.setattr("resolvers.audit.LARGEST_PAGE", 2)

    assert rows(await get(api, token)) == whole


async def test_it_is_narrowed_as_the_query_is(api: Api, world: World) -> None:
    token, made = await token_of(world), await world.add_pipeline()

    by_kind = rows(await get(api, token, {"kinds": ["TEAM_CREATED", "PIPELINE_CREATED"]}))
    by_object = rows(await get(api, token, {"objectId": gid(made)}))
    by_actor = rows(await get(api, token, {"actorId": gid(world.users[Role.SETTINGS_EDITOR])}))
    later = rows(await get(api, token, {"since": by_kind[0]["at"], "kinds": "TEAM_CREATED"}))

    assert {row["kind"] for row in by_kind} == {"TEAM_CREATED", "PIPELINE_CREATED"}
    assert [row["kind"] for row in by_object] == ["PIPELINE_CREATED"]
    assert [row["kind"] for row in by_actor] == ["PIPELINE_CREATED"]
    assert later == []


async def test_a_renamed_kind_is_exported_and_filtered_under_its_new_name(api: Api, world: World) -> None:
    blue, token = world.teams["blue"], await token_of(world)
    await record_as_stored(world, "TEAM_MADE", "TEAM_CHANGED", object_id=blue.id)

    whole = rows(await get(api, token, {"objectId": gid(blue)}))
    updates = rows(await get(api, token, {"objectId": gid(blue), "kinds": "TEAM_UPDATED"}))
    refused = await get(api, token, {"kinds": "TEAM_CHANGED"})

    assert [row["kind"] for row in whole] == ["TEAM_UPDATED", "TEAM_CREATED", "TEAM_CREATED"]
    assert updates == whole[:1]
    assert refused.status_code == 400


@pytest.mark.parametrize(
    "parameters",
    [
        {"kinds": "NEVER_WAS"},
        {"objectId": "nonsense"},
        {"since": "yesterday"},
        {"since": "2027-01-02T00:00:00Z", "until": "2027-01-01T00:00:00Z"},
        {"since": ["2027-01-02T00:00:00Z", "2027-01-01T00:00:00Z"]},
        {"colour": "red"},
        {"kinds": ["TEAM_CREATED"] * 101},
    ],
)
async def test_parameters_that_cannot_be_are_bad_input(api: Api, world: World, parameters: Parameters) -> None:
    answer = await get(api, await token_of(world), parameters)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_without_a_good_token_there_is_nothing(api: Api, world: World) -> None:
    good = await token_of(world)

    for token in (None, good[:-1] + ("A" if good[-1] != "A" else "B"), "nonsense", "two words"):
        answer = await get(api, token)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize("role", [Role.SETTINGS_EDITOR, Role.WORKFLOW_EDITOR, Role.AGENT, Role.VIEWER])
async def test_for_everybody_else_it_is_a_page_that_there_never_was(api: Api, world: World, role: Role) -> None:
    token = await token_of(world, role)

    declined, unknown = await get(api, token), await get(api, token, path="/exports/never-was.csv")

    assert (declined.status_code, declined.content) == (404, unknown.content)
    assert unknown.status_code == 404
    assert {*declined.headers} == {*unknown.headers}


async def test_only_reading_is_served(api: Api, world: World) -> None:
    headers = {"authorization": f"Bearer {await token_of(world)}"}

    assert (await api.http.post(PATH, headers=headers)).status_code == 405
    assert (await api.http.head(PATH, headers=headers)).status_code == 405


async def test_who_loses_the_right_to_read_gets_no_further_page(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resolvers.audit.LARGEST_PAGE", 2)
    token, read = await token_of(world), list[object]()

    async def then_revoked(*given: object) -> object:
        page = await export_page(*given)  # type: ignore[arg-type]
        read.append(page)
        await db_state.execute(world, "UPDATE token SET revoked_at = now()")
        return page

    monkeypatch.setattr(audit_log, "export_page", then_revoked)

    with pytest.raises(ExportEndedError):
        await get(api, token)

    assert len(read) == 1


async def test_between_two_pages_it_holds_no_connection(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resolvers.audit.LARGEST_PAGE", 2)
    monkeypatch.setattr(audit_log, "_row", lambda *_: [str(api.database.engine.pool.checkedout())])  # type: ignore[attr-defined]

    answer = await get(api, await token_of(world))

    assert set(answer.text.split("\r\n")[1:-1]) == {"0"}


async def test_few_run_at_once(api: Api, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.exports.endpoint._AT_ONCE", 0)
    busy = make_api(api.database, Settings(), cheap_passwords())

    answer = await get(busy, await token_of(world))

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert answer.json()["errors"][0]["extensions"]["code"] == "OVERLOADED"
    await busy.http.aclose()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_run_is_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless(f"x{text}") == f"x{text}"


async def test_a_cell_that_looks_like_a_formula_is_made_harmless_in_the_export(api: Api, world: World) -> None:
    async with world.acting(Role.SUPER_ADMIN) as work:
        user = await accounts.find_user(work, world.users[Role.SUPER_ADMIN].id)
        user.name = "=cmd|' /C calc'!A0"
        work.record(EventKind.TEAM_UPDATED, "team", world.teams["red"].id)

    found = rows(await get(api, await token_of(world), {"kinds": "TEAM_UPDATED"}))

    assert [row["actor"] for row in found] == ["'=cmd|' /C calc'!A0"]


def test_serve_serves_it() -> None:
    with serving("--no-demo", "--data-dir", scratch("exports")) as running:
        assert running.get(PATH).status_code == 401
