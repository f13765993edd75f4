"""Everything that has no access of its own names the parent by which it is seen (B16): in the models, here for all to
review, and in docs/reference/tables.md for people.
"""

from domain.database.model import Base, SeenBy
from domain.database.tables import METADATA
from tests.architecture.pages import page, rows
from tests.architecture.test_catalogue import OPEN_TABLES

SEEN_BY = {
    "account": SeenBy.ACCOUNT,
    "account_user": SeenBy.ACCOUNT,
    "app": SeenBy.APP_MANAGERS,
    "app_pipeline": SeenBy.APP_MANAGERS,
    "app_secret": SeenBy.APP_MANAGERS,
    "archival": SeenBy.TICKET,
    "audit_head": SeenBy.AUDITORS,
    "audit_seal": SeenBy.AUDITORS,
    "closure": SeenBy.TICKET,
    "custom_role": SeenBy.PEOPLE_MANAGERS,
    "custom_role_holder": SeenBy.PEOPLE_MANAGERS,
    "event": SeenBy.PIPELINES_OF_EVENT,
    "imported_ticket": SeenBy.TICKET,
    "invitation": SeenBy.PEOPLE_MANAGERS,
    "journal_entry": SeenBy.PIPELINES_OF_EVENT,
    "journal_head": SeenBy.NOBODY,
    "pipeline": SeenBy.ITSELF,
    "pipeline_access": SeenBy.ACCESS_MANAGERS,
    "pipeline_grant": SeenBy.ACCESS_MANAGERS,
    "property": SeenBy.ACCOUNT,
    "replay": SeenBy.OWNER,
    "stage": SeenBy.PIPELINE,
    "stage_count": SeenBy.STAGE,
    "stage_share": SeenBy.STAGE,
    "team": SeenBy.ACCOUNT,
    "team_member": SeenBy.PEOPLE_MANAGERS,
    "ticket": SeenBy.ITSELF,
    "ticket_key": SeenBy.TICKET_AND_PIPELINE,
    "token": SeenBy.OWNER,
    "visit": SeenBy.TICKET_AND_PIPELINE,
}

# The columns, or those of the row that it names, without which a parent could not be found.
LEADS_THERE: dict[SeenBy, list[set[str]]] = {
    SeenBy.PIPELINE: [{"pipeline_id"}],
    SeenBy.STAGE: [{"stage_id"}],
    SeenBy.TICKET: [{"ticket_id"}],
    SeenBy.TICKET_AND_PIPELINE: [{"ticket_id", "pipeline_id"}],
    SeenBy.PIPELINES_OF_EVENT: [{"pipeline_from", "pipeline_to"}, {"event_id"}],
    SeenBy.OWNER: [{"user_id"}, {"actor_id"}],
}


def declared() -> dict[str, SeenBy]:
    """What the model of each table of tenants says itself, inherited by no class from another."""
    models = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    return {name: vars(model)["seen_by"] for name, model in models.items() if name not in OPEN_TABLES}


def test_every_table_of_tenants_names_by_whose_sight_it_is_seen() -> None:
    assert declared() == SEEN_BY
    assert set(SEEN_BY) == set(METADATA.tables) - set(OPEN_TABLES)


def test_every_row_leads_to_the_parent_by_which_it_is_seen() -> None:
    for table, seen_by in declared().items():
        columns = set(METADATA.tables[table].columns.keys())
        ways = LEADS_THERE.get(seen_by, [set()])
        assert any(way <= columns for way in ways), table


def test_what_names_a_pipeline_or_a_ticket_is_not_seen_by_the_whole_account() -> None:
    revealing = {"pipeline_id", "ticket_id", "stage_id", "pipeline_from", "object_id"}
    open_to_all = [METADATA.tables[table] for table, seen_by in declared().items() if seen_by is SeenBy.ACCOUNT]

    assert [table.name for table in open_to_all if revealing & set(table.columns.keys())] == []


def test_the_page_for_people_says_the_same() -> None:
    printed = {
        cells[0].strip("`"): cells[2].strip("`")
        for cells in rows("*Visible through*", page("docs/reference/tables.md"))
        if cells[2].startswith("`")
    }

    assert printed == {table: seen_by.value for table, seen_by in SEEN_BY.items()}
