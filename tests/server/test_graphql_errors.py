"""What a client hears when something goes wrong, and what the log has."""

import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from server.application import make_application
from tests.server.graphql_schema import Context, schema
from tests.server.graphql_toy import GRAPHQL_RESPONSE, Toy, codes, message

SECRET = "hunter2"


async def test_a_bug_is_masked_and_logged_once_under_its_reference() -> None:
    with capture_logs() as lines:
        response = await Toy().ask("query Look { hello broken }", variables={"note": SECRET})

    (error,) = response.json()["errors"]
    (line,) = lines
    reference = error["extensions"]["reference"]
    assert response.status_code == 200
    assert response.json()["data"] == {"hello": "hello you", "broken": None}
    assert error == {
        "message": f"Something went wrong on our side. Quote reference {reference} when you report it.",
        "locations": [{"line": 1, "column": 20}],
        "path": ["broken"],
        "extensions": {"code": "INTERNAL", "reference": reference},
    }
    assert (line["reference"], line["operation"], line["path"]) == (reference, "Look", ["broken"])
    assert (line["log_level"], type(line["exc_info"])) == ("error", RuntimeError)
    assert line["exc_info"].__traceback__ is not None


async def test_neither_variables_nor_tokens_are_logged() -> None:
    body = json.dumps(
        {"query": "query Q($name: String!) { hello(name: $name) hot2: broken }", "variables": {"name": "sam@x"}}
    )

    with capture_logs() as lines:
        await Toy().send(body.encode(), authorization="Bearer tok-123")

    assert len(lines) == 1
    assert "sam@x" not in str(lines)
    assert "tok-123" not in str(lines)


async def test_the_same_bug_in_many_items_is_one_line_and_one_reference() -> None:
    with capture_logs() as lines:
        response = await Toy().ask("{ a: broken b: broken c: broken }")

    references = {error["extensions"]["reference"] for error in response.json()["errors"]}
    assert (len(references), len(response.json()["errors"]), len(lines)) == (1, 3, 3)
    assert {line["reference"] for line in lines} == references


async def test_an_error_with_a_code_is_shown_and_not_logged() -> None:
    with capture_logs() as lines:
        response = await Toy().ask("{ hot }")

    assert (response.status_code, codes(response), message(response)) == (200, ["TOO_HOT"], "It is too hot for that.")
    assert response.json()["errors"][0]["path"] == ["hot"]
    assert lines == []


@pytest.mark.parametrize("accept", [GRAPHQL_RESPONSE, "application/json"])
async def test_null_data_after_execution_is_still_200(accept: str) -> None:
    response = await Toy().ask("{ hello allBroken }", accept=accept)

    assert response.status_code == 200
    assert response.json()["data"] is None
    assert codes(response) == ["INTERNAL"]


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{", {}),
        ("{ nothing }", {}),
        ("{ grow(by: true) }", {}),
        ("query Q($by: Int!) { grow(by: $by) }", {}),
        ("query Q($by: Int!) { grow(by: $by) }", {"by": "many"}),
        ("query Q($by: Nothing!) { grow(by: $by) }", {"by": 1}),
    ],
)
async def test_a_request_error_has_a_code_and_its_status_by_media_type(query: str, variables: dict[str, Any]) -> None:
    strict = await Toy().ask(query, variables=variables)
    plain = await Toy().ask(query, variables=variables, accept="application/json")

    assert (strict.status_code, plain.status_code) == (400, 200)
    assert strict.json() == plain.json()
    assert set(codes(strict)) == {"BAD_USER_INPUT"}
    assert "data" not in strict.json()


async def test_null_for_an_argument_that_takes_none_is_the_clients_error() -> None:
    response = await Toy().ask("query Q($by: Int = 1) { grow(by: $by) }", variables={"by": None})

    assert (response.status_code, codes(response)) == (200, ["BAD_USER_INPUT"])
    assert response.json()["errors"][0]["path"] == ["grow"]


async def test_what_has_no_json_is_a_bug() -> None:
    with capture_logs() as lines:
        response = await Toy().ask("{ unprintable }")

    assert (response.status_code, codes(response), len(lines)) == (500, ["INTERNAL"], 1)


async def test_moments_are_written_with_their_offset() -> None:
    response = await Toy().ask("{ when }")

    assert response.json()["data"] == {"when": "2026-01-02T03:04:05+00:00"}


class Closing(Context):
    """A context that cannot give back what it holds."""

    async def close(self) -> None:
        """Fail."""
        raise ConnectionError


async def test_a_context_that_fails_to_close_is_logged_and_the_answer_stands() -> None:
    toy = Toy()
    toy.application = make_application(schema, Closing)

    with capture_logs() as lines:
        response = await toy.ask("{ hello }")

    assert response.json()["data"] == {"hello": "hello you"}
    assert [type(line["exc_info"]) for line in lines] == [ConnectionError]


async def test_a_bug_before_execution_is_500_and_masked() -> None:
    def fail(*_: object) -> Context:
        raise RuntimeError(SECRET)

    toy = Toy()
    toy.application = make_application(schema, fail)

    with capture_logs() as lines:
        strict, plain = await toy.ask("{ hello }"), await toy.ask("{ hello }", accept="application/json")

    assert (strict.status_code, plain.status_code) == (500, 500)
    assert codes(strict) == codes(plain) == ["INTERNAL"]
    assert SECRET not in strict.text
    assert len(lines) == 2
