"""Documents are read once, and what they may ask about the schema is a switch."""

from typing import Any

import pytest

from server.graphql.documents import Documents
from server.graphql.limits import Limits
from server.graphql.request_errors import RequestError
from tests.server.graphql_schema import schema
from tests.server.graphql_toy import Toy, codes


def documents(limits: Limits | None = None) -> Documents:
    return Documents(schema._schema, limits or Limits(), introspection=True)


class TestKeeping:
    """Valid documents are read once."""

    def test_the_same_text_is_the_same_document(self) -> None:
        kept = documents()

        assert kept.operation("{ hello }", None).document is kept.operation("{ hello }", None).document

    def test_what_was_not_asked_for_longest_goes_first(self) -> None:
        kept = documents(Limits(cached_characters=20))
        first = kept.operation("{ hello }", None).document
        kept.operation("{ grow  }", None)
        assert kept.operation("{ hello }", None).document is first

        kept.operation("{ when  }", None)

        assert kept.operation("{ hello }", None).document is first

    def test_nothing_invalid_is_kept(self) -> None:
        kept = documents()

        for _ in range(2):
            with pytest.raises(RequestError):
                kept.operation("{ nothing }", None)

        assert kept._cached_characters == 0

    def test_a_document_larger_than_the_room_is_not_kept(self) -> None:
        kept = documents(Limits(cached_characters=5))

        kept.operation("{ hello }", None)

        assert kept._cached_characters == 0
        assert not kept._cache


class TestIntrospection:
    """A switch, and what goes with it."""

    async def test_it_can_be_switched_off(self) -> None:
        response = await Toy(introspection=False).ask("{ __schema { queryType { name } } }")

        assert (response.status_code, {*codes(response)}) == (400, {"BAD_USER_INPUT"})

    async def test_typename_is_no_introspection(self) -> None:
        response = await Toy(introspection=False).ask("{ __typename }")

        assert response.json()["data"] == {"__typename": "Query"}

    @pytest.mark.parametrize(
        ("query", "variables"),
        [
            ("{ helo }", {}),
            ("{ hello(nam: 1) }", {}),
            ("{ item { ... on Itm { name } } }", {}),
            ("query Q($by: Reference!) { find(by: $by) }", {"by": {"internalNam": "x"}}),
        ],
    )
    async def test_nothing_is_suggested_without_it(self, query: str, variables: dict[str, Any]) -> None:
        hidden = await Toy(introspection=False).ask(query, variables=variables)
        open_ = await Toy().ask(query, variables=variables)

        assert "Did you mean" not in hidden.text
        assert "Did you mean" in open_.text
