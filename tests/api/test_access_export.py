"""The access review as CSV: every row for who may review access, page by page, and for nobody else (B22)."""

import httpx
import pytest

from domain.access import AccessMode, Grantee
from policies import Level, Role
from resolvers.access_review import export_page
from schema.ids import Kind
from server.exports import access_review
from server.exports.endpoint import ExportEndedError
from tests.support import actions, db_state, exports
from tests.support.client import Api, token_of
from tests.support.exports import Parameters, rows
from tests.support.fixtures import Scenery
from tests.support.ids import gid, unknown
from tests.support.world import World

PATH = "/exports/access.csv"
ALL = """{ accessReview(first: 500) { nodes {
  pipeline { id } user { id } app { id } level why mode until grantedAt grantedBy { name } team { name } } } }"""


async def get(
    api: Api, world: World, parameters: Parameters | None = None, role: Role = Role.SUPER_ADMIN
) -> httpx.Response:
    """The answer to somebody with a role."""
    return await exports.get(api, PATH, await token_of(world, role), parameters)


async def test_it_says_what_the_query_says(api: Api, scenery: Scenery) -> None:
    world = scenery.world
    viewer = Grantee(Level.VIEW, user_id=world.users[Role.VIEWER].id)
    blue = Grantee(Level.EDIT, team_id=world.teams["blue"].id)
    await actions.set_access(world, await world.add_pipeline(), AccessMode.RESTRICTED, viewer, blue)

    answer = await get(api, world)

    asked = (await (await api.client(world)).run(ALL))["accessReview"]["nodes"]
    found = rows(answer)
    assert tuple(found[0]) == access_review.COLUMNS
    assert answer.headers["content-disposition"] == 'attachment; filename="access.csv"'
    assert len(found) == len(asked) > 10
    for row, node in zip(found, asked, strict=True):
        reached = node["user"] or node["app"]
        said = (row["pipeline id"], row["id"], row["level"], row["why"], row["mode"])
        assert said == (node["pipeline"]["id"], reached["id"], node["level"], node["why"], node["mode"])
        assert row["team"] == (node["team"]["name"] if node["team"] else "")
        assert row["granted by"] == (node["grantedBy"]["name"] if node["grantedBy"] else "")
        assert bool(row["granted at"]) is bool(node["grantedAt"])
        assert row["until"] == (node["until"] or "")
    assert {row["kind"] for row in found} == {"USER", "APP"}


async def test_a_row_names_roles_and_scopes(api: Api, world: World) -> None:
    agent, admin = (world.users[role] for role in (Role.AGENT, Role.SUPER_ADMIN))

    (of_agent,) = rows(await get(api, world, {"userId": gid(agent)}))
    (of_admin,) = rows(await get(api, world, {"userId": gid(admin)}))

    assert (of_agent["name"], of_agent["e-mail"], of_agent["roles"]) == (agent.name, agent.email, "AGENT")
    assert (of_agent["view scope"], of_agent["edit scope"]) == ("ALL and unassigned", "ALL and unassigned")
    assert (of_admin["view scope"], of_admin["edit scope"], of_admin["last active at"] != "") == ("", "", True)


async def test_pages_join_without_a_gap_or_a_repetition(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.add_pipeline()
    whole = rows(await get(api, world))
    monkeypatch.setattr("resolvers.access_review.LARGEST_PAGE", 5)

    assert [row | {"last active at": ""} for row in rows(await get(api, world))] == [
        row | {"last active at": ""} for row in whole
    ]


async def test_it_is_narrowed_as_the_query_is(api: Api, scenery: Scenery) -> None:
    world = scenery.world
    home, team = scenery.pipeline, gid(world.teams["blue"])

    assert {row["pipeline id"] for row in rows(await get(api, world, {"pipelineId": home}))} == {home}
    assert {row["kind"] for row in rows(await get(api, world, {"appId": scenery.app}))} == {"APP"}
    assert {row["name"] for row in rows(await get(api, world, {"teamId": team}))} == {"Agent"}
    assert rows(await get(api, world, {"level": "VIEW"})) == []
    assert rows(await get(api, world, {"mode": "PRIVATE"})) == []
    assert rows(await get(api, world, {"pipelineId": unknown(Kind.PIPELINE)})) == []


@pytest.mark.parametrize(
    "parameters",
    [
        {"level": "OWN"},
        {"mode": ""},
        {"userId": ""},
        {"userId": "nonsense"},
        {"kinds": "X"},
        {"level": ["VIEW", "EDIT"]},
    ],
)
async def test_parameters_that_cannot_be_are_bad_input(api: Api, world: World, parameters: Parameters) -> None:
    answer = await get(api, world, parameters)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("role", [Role.SETTINGS_EDITOR, Role.WORKFLOW_EDITOR, Role.AGENT, Role.VIEWER])
async def test_for_everybody_else_it_is_a_page_that_there_never_was(api: Api, world: World, role: Role) -> None:
    declined = await get(api, world, role=role)
    unknown_page = await exports.get(api, "/exports/never-was.csv", await token_of(world, role))

    assert (declined.status_code, declined.content) == (404, unknown_page.content)
    assert {*declined.headers} == {*unknown_page.headers}


async def test_who_loses_the_right_to_review_gets_no_further_page(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resolvers.access_review.LARGEST_PAGE", 2)
    read = list[object]()

    async def then_revoked(*given: object) -> object:
        read.append(await export_page(*given))  # type: ignore[arg-type]
        await db_state.execute(world, "UPDATE account_user SET roles = '{VIEWER}' WHERE name = 'Super_Admin'")
        return read[-1]

    monkeypatch.setattr(access_review, "export_page", then_revoked)

    with pytest.raises(ExportEndedError):
        await get(api, world)

    assert len(read) == 1


async def test_a_name_that_looks_like_a_formula_is_made_harmless(api: Api, world: World) -> None:
    await db_state.execute(world, "UPDATE account_user SET name = '=1+1' WHERE name = 'Viewer'")

    found = rows(await get(api, world, {"userId": gid(world.users[Role.VIEWER])}))

    assert [row["name"] for row in found] == ["'=1+1"]
