"""Markdown as the reference pages are written: a page with its note, wrapped paragraphs, tables."""

from collections.abc import Iterable, Iterator
from textwrap import fill

_NOTE = "<!-- Written by `make reference` from {source}. Change that, not this page. -->"
_WIDTH = 120


def reference_page(title: str, source: str, *blocks: str) -> str:
    """A page that is generated from `source`; a block is a paragraph, a line of a table or an empty line."""
    return "\n".join([f"# {title}", "", _NOTE.format(source=source), "", *map(_wrapped, blocks)]) + "\n"


def table(*head: str, rows: Iterable[Iterable[str | None]]) -> Iterator[str]:
    """The lines of a table."""
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        cells = [(cell or "").replace("|", r"\|") for cell in row]
        yield f"| {' | '.join(cells)} |"


def yes(answer: object) -> str:
    """Yes, or a dash."""
    return "yes" if answer else "–"


def _wrapped(block: str) -> str:
    return block if block.startswith(("|", " ", "#")) or "\n" in block else fill(block, _WIDTH, break_on_hyphens=False)
