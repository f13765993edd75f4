"""Tickets: creating, finding, moving, closing, updating and deleting them, and what that means for their stages."""

from domain.tickets.assign_ticket import assign_ticket
from domain.tickets.card import STAGE_CARD_FIELDS, TIMESTAMPS, Card, columns, iso_timestamp
from domain.tickets.close_ticket import close_ticket
from domain.tickets.create_ticket import TicketDraft, create_ticket
from domain.tickets.delete_pipeline import LastPipeline, delete_pipeline
from domain.tickets.delete_stage import delete_stage
from domain.tickets.delete_ticket import delete_ticket
from domain.tickets.emptiness import NotEmpty
from domain.tickets.event_payload import CREATED, payload_from
from domain.tickets.finders import (
    ITS_ACCESS,
    find_by_key,
    find_sight,
    find_ticket,
    find_tickets,
    is_visible,
    list_visits,
)
from domain.tickets.keys import next_numbers
from domain.tickets.locks import lock_stage
from domain.tickets.move_ticket import move_ticket
from domain.tickets.ranks import PlaceGone, find_rank, ranks_at_the_end
from domain.tickets.reopen_ticket import reopen_ticket
from domain.tickets.texts import check_content, clean_subject
from domain.tickets.ticket import Closure, ImportedTicket, Priority, Ticket, TicketKey
from domain.tickets.ticket_detail import TicketDetail, read_ticket, read_tickets
from domain.tickets.update_stage import set_stage_state, update_stage
from domain.tickets.update_ticket import update_ticket
from domain.tickets.visit import Visit

__all__ = [
    "CREATED",
    "ITS_ACCESS",
    "STAGE_CARD_FIELDS",
    "TIMESTAMPS",
    "Card",
    "Closure",
    "ImportedTicket",
    "LastPipeline",
    "NotEmpty",
    "PlaceGone",
    "Priority",
    "Ticket",
    "TicketDetail",
    "TicketDraft",
    "TicketKey",
    "Visit",
    "assign_ticket",
    "check_content",
    "clean_subject",
    "close_ticket",
    "columns",
    "create_ticket",
    "delete_pipeline",
    "delete_stage",
    "delete_ticket",
    "find_by_key",
    "find_rank",
    "find_sight",
    "find_ticket",
    "find_tickets",
    "is_visible",
    "iso_timestamp",
    "list_visits",
    "lock_stage",
    "move_ticket",
    "next_numbers",
    "payload_from",
    "ranks_at_the_end",
    "read_ticket",
    "read_tickets",
    "reopen_ticket",
    "set_stage_state",
    "update_stage",
    "update_ticket",
]
