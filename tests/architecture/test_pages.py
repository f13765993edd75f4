"""The pages agree with the tree: modules, links, decisions, words, dependencies and keys of a mapping."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from server.imports import Mapping
from tests.architecture.pages import ROOT, page, pages, rows
from tests.architecture.tree import tree

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
RECORDS = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))


def test_the_tree_is_the_tree_of_the_house() -> None:
    assert page("ARCHITECTURE.md").split("```tree\n")[1].split("```")[0] == tree()


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file(path: Path) -> None:
    targets = [target for target in LINK.findall(path.read_text(encoding="utf-8")) if "://" not in target]

    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_every_decision_is_in_the_index() -> None:
    assert re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", page("docs/decisions/README.md")) == RECORDS


@pytest.mark.parametrize("name", RECORDS)
def test_a_decision_has_its_shape(name: str) -> None:
    text = page(f"docs/decisions/{name}")

    assert re.match(rf"# {int(name[:4])}\. \S.*\n\nTags: ", text)
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]


def test_the_glossary_is_in_alphabetical_order() -> None:
    words = re.findall(r"^- \*\*(?:to )?(.+?)\*\* – ", page("docs/glossary.md"), re.MULTILINE)

    assert words == sorted(words, key=lambda word: word.lower().replace("-", " "))
    assert len(words) == len(set(words))


@pytest.mark.parametrize("table", ["`requirements.in`", "`requirements-dev.in`"])
def test_every_dependency_has_its_reason(table: str) -> None:
    text = page("docs/decisions/0011-dependencies.md")
    explained = {name for cells in rows(f"({table}):", text) for name in re.findall(r"`([^`]+)`", cells[0])}
    lines = page(table.strip("`")).splitlines()
    taken = {re.split(r"[=<>; ]", line)[0] for line in lines if line and not line.startswith(("#", "-r"))}

    assert explained == taken


def _keys(part: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in part.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _keys(inner, f"{name}.")
        else:
            yield prefix + name


def test_every_key_of_a_mapping_is_explained() -> None:
    assert [
        cells[0].strip("`") for cells in rows("## The mapping", page("docs/how-to/import-an-event-log.md"))
    ] == list(_keys(Mapping))
