"""Pages hold 1 to 500 things, and know whether there are more."""

import pytest

from domain.errors import Invalid
from domain.page import LARGEST_PAGE, Page, check_size, cut


@pytest.mark.parametrize("first", [1, 25, LARGEST_PAGE])
def test_a_page_may_hold_one_to_five_hundred_things(first: int) -> None:
    assert check_size(first) == first


@pytest.mark.parametrize("first", [0, -1, LARGEST_PAGE + 1])
def test_any_other_size_is_refused_with_what_would_do(first: int) -> None:
    with pytest.raises(Invalid, match="1 to 500") as refused:
        check_size(first)

    assert refused.value.field == ("first",)


@pytest.mark.parametrize(
    ("read", "page"),
    [([], Page([], False)), ([1, 2], Page([1, 2], False)), ([1, 2, 3], Page([1, 2], True))],
)
def test_one_more_than_asked_for_tells_that_there_are_more(read: list[int], page: Page[int]) -> None:
    assert cut(read, 2) == page
