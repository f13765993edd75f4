"""docs/reference/tables.md: an entity-relationship diagram and a list of the tables, from the models."""

import re
from collections.abc import Iterator

from sqlalchemy import Table

from domain.database.model import Base, SeenBy
from domain.database.tables import METADATA
from tests.architecture.markdown import reference_page, table
from tests.architecture.test_catalogue import OPEN_TABLES

_INTRO = (
    "Crow's feet show foreign keys. Except for the foreign keys to `account` itself, every one leads with `account_id`,"
    " so that a row cannot refer to another account's row. The journal, the outbox and the audit log have none: they"
    " outlive what they describe ([decision 4](../decisions/0004-account-foreign-key-on-roots.md))."
)
_LEGEND = (
    "*Visible through* says how a row without access of its own is found: see [access](../explanation/access.md)."
    " Tables outside row-level security have a reason instead, from `tests/architecture/test_catalogue.py`."
)


def tables() -> str:
    """The page."""
    every = sorted(METADATA.tables.values(), key=lambda each: each.name)
    relations = sorted({line for each in every for line in _relations(each)})
    rows = [(f"`{each.name}`", _meaning(each), _visible(each)) for each in every]
    diagram = ["```mermaid", "erDiagram", *relations, "```"]
    listed = table("table", "what a row is", "visible through", rows=rows)
    return reference_page("Tables", "the models in domain/", _INTRO, "", *diagram, "", _LEGEND, "", *listed)


def _relations(of: Table) -> Iterator[str]:
    for key in of.foreign_key_constraints:
        own = [name for name in key.column_keys if name != "account_id"] or ["account_id"]
        one = "|o" if any(of.columns[name].nullable for name in own) else "||"
        many = "o|" if {*key.column_keys} == {*of.primary_key.columns.keys()} else "o{"
        label = ", ".join(name.removesuffix("_id") for name in own)
        yield f'    {key.referred_table.name} {one}--{many} {of.name} : "{label}"'


def _model(of: Table) -> type[Base]:
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table is of)


def _meaning(of: Table) -> str:
    text = re.sub(r"\s+", " ", _model(of).__doc__ or "")
    return re.split(r"(?<=[.;]) ", text)[0].rstrip(".;") + "."


def _visible(of: Table) -> str:
    seen_by: SeenBy | None = getattr(_model(of), "seen_by", None)
    return f"`{seen_by.value}`" if seen_by else OPEN_TABLES[of.name]
