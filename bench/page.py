"""The page of results: sections by their titles, each written by what measured it."""

from pathlib import Path


def put(title: str, section: str, page: Path) -> None:
    """Put a section, which begins with its title, in its place on the page; the other sections stay."""
    text = page.read_text(encoding="utf-8") if page.exists() else "# Results\n"
    before, _, rest = text.partition(f"{title}\n")
    others = rest[rest.index("\n## ") + 1 :] if "\n## " in rest else ""
    parts = (before.strip(), section, others.strip())
    page.write_text("\n\n".join(part for part in parts if part) + "\n", encoding="utf-8")
