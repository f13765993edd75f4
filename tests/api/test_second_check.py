"""Where a finder forgets whom it looks for, what is hidden is still not shown: the scene takes only pipelines that were
found at a level (B16, decision 24). The finders are broken here on purpose.
"""

import sys
from collections.abc import Iterator

import pytest
import structlog
from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import with_expression

from domain.access import PipelineAccess, level_of
from domain.actor import Actor
from domain.database.prepared import forget_prepared
from domain.pipelines import Pipeline, pipeline_rows
from domain.pipelines import finders as finding_pipelines
from domain.tickets import finders
from domain.tickets.ticket import Ticket
from domain.unit_of_work import UnitOfWork
from policies import Role
from tests.support import db_state
from tests.support.actors import APP_LISTED, HOLDER
from tests.support.client import GRAPHQL, Api, Client, Json
from tests.support.hidden_data import Hidden, hide
from tests.support.operations import arguments, mutations, queries
from tests.support.schema_walk import document
from tests.support.sensitive_fields import selection


def every_pipeline(work: UnitOfWork) -> Select[Pipeline]:
    """`visible` without its filter; the level is what it is."""
    access = and_(PipelineAccess.account_id == Pipeline.account_id, PipelineAccess.pipeline_id == Pipeline.id)
    return (
        select(Pipeline)
        .join(PipelineAccess, access)
        .where(Pipeline.account_id == work.account_id)
        .options(with_expression(Pipeline.level, level_of(work.actor)))
        .execution_options(populate_existing=True)
    )


def every_shown_pipeline(actor: Actor, _level: object) -> ColumnElement[bool]:
    """The same of pipelines that are only shown."""
    return Pipeline.account_id == actor.account_id


def every_ticket(actor: Actor) -> ColumnElement[bool]:
    """`is_visible` without level and scope."""
    return and_(Ticket.account_id == actor.account_id, Ticket.archived_at.is_(None))


BROKEN = ["pipelines", "tickets", "both"]


@pytest.fixture(scope="module")
async def hidden(api: Api) -> Hidden:
    """What is hidden, for all tests here."""
    return await hide(api)


def replace_everywhere(monkeypatch: pytest.MonkeyPatch, old: object, new: object) -> None:
    """Replace a function in every module of the domain that has imported it."""
    for name, module in list(sys.modules.items()):
        if name.startswith("domain."):
            for attribute in [each for each, value in vars(module).items() if value is old]:
                monkeypatch.setattr(module, attribute, new)


@pytest.fixture(params=BROKEN)
def broken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Finders of pipelines, of tickets, or of both, that let everything through."""
    if request.param != "tickets":
        replace_everywhere(monkeypatch, finding_pipelines.select_visible, every_pipeline)
        replace_everywhere(monkeypatch, pipeline_rows.is_visible, every_shown_pipeline)
    if request.param != "pipelines":
        replace_everywhere(monkeypatch, finders.is_visible, every_ticket)
    forget_prepared()
    yield str(request.param)
    monkeypatch.undo()
    forget_prepared()


async def ask_whatever_comes(client: Client, field: str, given: Json) -> Json:
    """An answer that may be an error of ours."""
    text, variables = document(field, given)
    shown = f"{text[: text.index(field)]}{field}{_passed(text, field)} {selection(field)} }}"
    headers = {"accept": GRAPHQL, "authorization": f"Bearer {client.token}"}
    with structlog.testing.capture_logs():
        response = await client.http.post("/graphql", json={"query": shown, "variables": variables}, headers=headers)
    answer: Json = response.json()
    assert {error["extensions"]["code"] for error in answer.get("errors", [])} <= {"INTERNAL"}, answer
    return answer


def _passed(text: str, field: str) -> str:
    after = text[text.index(field) + len(field) :]
    return after[: after.index(")") + 1] if after.startswith("(") else ""


@pytest.mark.parametrize("who", [Role.VIEWER.value, HOLDER, APP_LISTED])
async def test_a_finder_that_lets_everything_through_shows_nothing_hidden(
    hidden: Hidden, broken: str, who: str
) -> None:
    masked = 0

    for has in (hidden.private, hidden.restricted):
        for field in queries():
            answer = await ask_whatever_comes(hidden.clients[who], field, arguments(field, has))

            hidden.assert_tells_nothing(who, answer)
            masked += any(error["extensions"]["code"] == "INTERNAL" for error in answer.get("errors", []))

    assert masked > 0, f"nothing was let through by {broken}"


async def test_a_finder_that_lets_everything_through_lets_nobody_change_it(hidden: Hidden, broken: str) -> None:
    before = await db_state.events(hidden.world)

    for field in mutations():
        answer = await ask_whatever_comes(hidden.clients[HOLDER], field, arguments(field, hidden.private))
        hidden.assert_tells_nothing(HOLDER, answer)

    touched = {hidden.held[0], hidden.held[1]}
    changed = [event for event in (await db_state.events(hidden.world))[len(before) :] if event.object_id in touched]
    assert (broken, changed) == (broken, [])
