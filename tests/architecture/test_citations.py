"""Docstrings cite product lines, laws and choices by number; each number leads to a line that a reader finds."""

import re
from pathlib import Path

from tests.architecture.pages import ROOT, flowing, page, sources

SPEC_LINE = re.compile(r"^- \*\*([SB0-9a, ]+)\*\* · (?:built|part|to come) · \S", re.MULTILINE)
MERGED = re.compile(r"Numbers that are missing \(.*?\)", re.DOTALL)
NUMBERED_LIST = re.compile(r"^(\d+)\. \*\*", re.MULTILINE)
NUMBERED_CHOICE = re.compile(r"^\*\*(\d+)\. ", re.MULTILINE)

NUMBERS = r"(\d+(?:(?:, and|,| and| to)? \d+)*)"
PRODUCT_LINE = re.compile(r"\b([SB]\d{1,2}a?)\b")


def _numbers(pattern: re.Pattern[str], text: str) -> set[str]:
    return {found.group(1) for found in pattern.finditer(text)}


def _product_lines() -> list[str]:
    return [name for found in SPEC_LINE.finditer(page("docs/spec.md")) for name in found.group(1).split(", ")]


LAWS = _numbers(NUMBERED_LIST, page("ARCHITECTURE.md").split("## The ten laws")[1].split("\n## ")[0])
CHOICES = _numbers(NUMBERED_CHOICE, page("docs/decisions/settled.md"))
PERFORMANCE = _numbers(NUMBERED_LIST, page("ARCHITECTURE.md").split("## Performance")[1].split("\n## ")[0])
API_RULES = _numbers(NUMBERED_LIST, page("docs/guide/README.md"))
RECORDS = {str(int(path.name[:4])) for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md")}

KINDS = (
    (re.compile(r"\b[Ll]aws? " + NUMBERS), LAWS),
    (re.compile(r"\b[Ss]ettled(?: choices?)? " + NUMBERS), CHOICES),
    (re.compile(r"\bapi " + NUMBERS), API_RULES),
    (re.compile(r"\bperformance " + NUMBERS), PERFORMANCE),
    (re.compile(r"\b[Dd]ecisions? " + NUMBERS), RECORDS),
)


def _lost(text: str) -> set[str]:
    """The citations of a text that lead nowhere."""
    text = flowing(MERGED.sub("", text))
    lost = _numbers(PRODUCT_LINE, text) - set(_product_lines())
    for pattern, known in KINDS:
        for found in pattern.finditer(text):
            lost |= {found.group() for number in re.findall(r"\d+", found.group(1)) if number not in known}
    return lost


def test_every_product_line_stands_once_and_says_how_far_it_is() -> None:
    lines = _product_lines()
    bullets = [line for line in page("docs/spec.md").splitlines() if re.match(r"- \*\*[SB]\d", line)]

    assert [line for line in bullets if not SPEC_LINE.match(line)] == []
    assert len(lines) == len(set(lines))
    assert {f"B{number}" for number in range(1, 35)} < set(lines)


def test_the_lists_are_complete() -> None:
    assert {str(number) for number in range(1, 11)} == LAWS
    assert {str(number) for number in range(1, 24)} == CHOICES
    assert {str(number) for number in range(1, 12)} == API_RULES


def test_a_citation_that_leads_nowhere_is_noticed() -> None:
    assert _lost("as law 11 and\n    # settled choice\n    # 24 have it (S99, B5; api 4)") == {
        "law 11",
        "settled choice 24",
        "S99",
    }


def test_every_citation_leads_to_a_line() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in sources() if path != Path(__file__)}
    lost = {str(path.relative_to(ROOT)): _lost(text) for path, text in texts.items()}

    assert {path: citations for path, citations in lost.items() if citations} == {}
