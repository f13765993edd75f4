"""The reference pages are what `make reference` writes, and everything that they list is described."""

import pytest

from policies import Permission, Role
from policies.vocabulary import PERMISSION_MEANINGS, ROLE_MEANINGS
from schema.errors import BadInput, UserErrorCode
from server.graphql import request_errors
from server.settings import Settings
from tests.architecture.pages import ROOT, page
from tests.architecture.reference import PAGES


@pytest.mark.parametrize("path", PAGES)
def test_a_reference_page_is_up_to_date(path: str) -> None:
    assert page(path) == PAGES[path](), "run `make reference` and review the change"


def test_every_reference_page_is_generated() -> None:
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs" / "reference").glob("*.md")}

    assert there == {*PAGES, "docs/reference/README.md"}


def test_every_permission_and_role_has_a_meaning() -> None:
    assert set(PERMISSION_MEANINGS) == set(Permission)
    assert set(ROLE_MEANINGS) == set(Role)


def test_every_setting_has_a_description() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_top_level_code_has_a_meaning() -> None:
    constants = {
        value for name, value in vars(request_errors).items() if name.isupper() and value == name and len(name) > 4
    }

    assert set(request_errors.TOP_LEVEL_CODES) == constants | {BadInput.error_code}


def test_user_errors_and_top_level_errors_share_no_code() -> None:
    assert {code.value for code in UserErrorCode}.isdisjoint(request_errors.TOP_LEVEL_CODES)
