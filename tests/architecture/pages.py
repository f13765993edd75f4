"""The project's own text, for tests that compare pages with what they speak of."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("policies", "domain", "resolvers", "schema", "server", "migrations", "tests")
PAGES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "STYLE.md")
_READ = {".py", ".md", ".csv", ".conf", ".graphql"}


def page(name: str) -> str:
    """The text of a page, by its path from the root."""
    return (ROOT / name).read_text(encoding="utf-8")


def pages() -> list[Path]:
    """Every page written for people."""
    return [ROOT / name for name in PAGES] + sorted((ROOT / "docs").rglob("*.md"))


def sources() -> list[Path]:
    """Every file of ours that may cite a page, the pages themselves included; nothing that others wrote."""
    ours = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    return [path for path in ours if path.suffix in _READ and "static" not in path.parts] + pages()


def flowing(text: str) -> str:
    """The text with its line breaks, and the comment marks after them, as single spaces."""
    return re.sub(r"\s*\n[ \t]*(?:#[ \t])?\s*", " ", text)


def rows(table_under: str, text: str) -> Iterator[list[str]]:
    """The cells of each row of the first table after a line, its head left out."""
    lines = iter(text.split(table_under, 1)[1].splitlines())
    for line in list(_first_table(lines))[2:]:
        yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def _first_table(lines: Iterator[str]) -> Iterator[str]:
    begun = False
    for line in lines:
        if line.startswith("|"):
            begun = True
            yield line
        elif begun:
            return
