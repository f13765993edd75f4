"""Every table of the domain, for who needs them all at once: migrations and the tests of the catalogue."""

from domain import idempotency
from domain.access import pipeline_access
from domain.accounts import account, identity_link, role, user
from domain.apps import app
from domain.audit import seal
from domain.boards import stage_count
from domain.database.model import Base
from domain.events import event
from domain.people import invitation
from domain.pipelines import pipeline
from domain.properties import property as property_
from domain.tickets import ticket, visit

NOUNS = (
    account,
    user,
    identity_link,
    role,
    app,
    invitation,
    pipeline_access,
    property_,
    pipeline,
    ticket,
    stage_count,
    visit,
    event,
    seal,
    idempotency,
)
METADATA = Base.metadata
