"""The tree of the house as ARCHITECTURE.md shows it: the files of every folder, nouns first, operations after a bar.

`python -m tests.architecture.tree` writes it into the page; `test_pages.py` compares.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap

from tests.architecture.pages import ROOT, page

TOPS = ("policies", "domain", "resolvers", "schema", "server", "migrations")
UNLISTED = {"migrations/versions"}  # revisions are numbered, and only grow
_TREE = re.compile(r"(?<=```tree\n).*?(?=```)", re.DOTALL)
_FIELD = re.compile(r"^  ([a-z]\w*)[(:]", re.MULTILINE)
_WIDTH, _LABEL = 120, 26


def operations() -> set[str]:
    """Every mutation of the contract, as its files are named: moveTicket is move_ticket."""
    body = page("schema/schema.graphql").split("\ntype Mutation {", 1)[1].split("\n}", 1)[0]
    return {re.sub(r"(?=[A-Z])", "_", name).lower() for name in _FIELD.findall(body)}


def tree() -> str:
    """The whole tree."""
    return "\n".join(line for top in TOPS for folder in folders(ROOT / top) for line in _lines(folder)) + "\n"


def folders(top: Path) -> Iterator[Path]:
    """A package and the packages below it, in the order in which they are listed."""
    yield top
    for each in sorted(path.parent for path in top.glob("*/__init__.py")):
        if each.relative_to(ROOT).as_posix() not in UNLISTED:
            yield from folders(each)


def _lines(folder: Path) -> Iterator[str]:
    path = folder.relative_to(ROOT)
    label = f"{path}/" if len(path.parts) == 1 else f"  {'/'.join(path.parts[1:])}/"
    names = sorted(each.stem for each in folder.glob("*.py") if each.stem != "__init__")
    nouns = [name for name in names if name not in operations()]
    verbs = [name for name in names if name in operations()]
    text = " ".join([*nouns, *(["|", *verbs] if verbs else [])])
    rows = wrap(text, _WIDTH - _LABEL) or ["–"]
    yield f"{label:<{_LABEL}}{rows[0]}"
    yield from (" " * _LABEL + row for row in rows[1:])


if __name__ == "__main__":
    architecture = ROOT / "ARCHITECTURE.md"
    architecture.write_text(_TREE.sub(lambda _: tree(), page("ARCHITECTURE.md")), encoding="utf-8")
