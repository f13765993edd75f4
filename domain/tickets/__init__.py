"""Tickets: opening, finding, moving, closing, updating and retiring them, and reading the boards they stand on."""

from domain.tickets.board import Card, Column, read_board, read_stage
from domain.tickets.closing import close_ticket, reopen_ticket
from domain.tickets.finding import find_by_key, find_ticket, find_tickets, list_visits
from domain.tickets.flipping import flip_stage
from domain.tickets.moving import move_ticket
from domain.tickets.opening import TicketDraft, create_ticket
from domain.tickets.placing import PlaceGone
from domain.tickets.retiring import LastPipeline, NotEmpty, delete_pipeline, delete_stage, delete_ticket
from domain.tickets.ticket import Priority, Ticket
from domain.tickets.updating import assign_ticket, update_ticket
from domain.tickets.visit import Visit

__all__ = [
    "Card",
    "Column",
    "LastPipeline",
    "NotEmpty",
    "PlaceGone",
    "Priority",
    "Ticket",
    "TicketDraft",
    "Visit",
    "assign_ticket",
    "close_ticket",
    "create_ticket",
    "delete_pipeline",
    "delete_stage",
    "delete_ticket",
    "find_by_key",
    "find_ticket",
    "find_tickets",
    "flip_stage",
    "list_visits",
    "move_ticket",
    "read_board",
    "read_stage",
    "reopen_ticket",
    "update_ticket",
]
