"""Every table of the domain, for who needs them all at once: migrations and the tests of the catalogue."""

from domain import event, replay
from domain.access import pipeline_access
from domain.accounts import account, identity_link, role, user
from domain.apps import app
from domain.audit import seal
from domain.model import Base
from domain.people import invitation
from domain.pipelines import pipeline
from domain.properties import property as property_
from domain.tickets import count, ticket, visit

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
    count,
    visit,
    event,
    seal,
    replay,
)
METADATA = Base.metadata
