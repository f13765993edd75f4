"""Tickets: opening, finding, moving, closing, updating, retiring and importing them, and reading their boards."""

from domain.tickets.board import Column, read_board, read_stage, read_tickets
from domain.tickets.card import Card
from domain.tickets.closing import close_ticket, reopen_ticket
from domain.tickets.counting import fold_counts
from domain.tickets.finding import find_by_key, find_sight, find_ticket, find_tickets, list_visits
from domain.tickets.flipping import flip_stage, update_stage
from domain.tickets.importing.history import History, Snapshot
from domain.tickets.importing.importing import Tally, foresee_import, import_tickets
from domain.tickets.importing.preparing import Goal, Ground, Made, Wanted, prepare_import
from domain.tickets.importing.sifting import News, find_news
from domain.tickets.moving import move_ticket
from domain.tickets.opening import TicketDraft, create_ticket
from domain.tickets.placing import PlaceGone
from domain.tickets.rendered import PLACES, AnyCard, RenderedCard, RenderedCards, name_givers
from domain.tickets.rendering import read_rendered_board, read_rendered_stage
from domain.tickets.retiring import LastPipeline, NotEmpty, delete_pipeline, delete_stage, delete_ticket
from domain.tickets.showing import ShownTicket, read_ticket
from domain.tickets.ticket import Priority, Ticket
from domain.tickets.updating import assign_ticket, update_ticket
from domain.tickets.visit import Visit

__all__ = [
    "PLACES",
    "AnyCard",
    "Card",
    "Column",
    "Goal",
    "Ground",
    "History",
    "LastPipeline",
    "Made",
    "News",
    "NotEmpty",
    "PlaceGone",
    "Priority",
    "RenderedCard",
    "RenderedCards",
    "ShownTicket",
    "Snapshot",
    "Tally",
    "Ticket",
    "TicketDraft",
    "Visit",
    "Wanted",
    "assign_ticket",
    "close_ticket",
    "create_ticket",
    "delete_pipeline",
    "delete_stage",
    "delete_ticket",
    "find_by_key",
    "find_news",
    "find_sight",
    "find_ticket",
    "find_tickets",
    "flip_stage",
    "fold_counts",
    "foresee_import",
    "import_tickets",
    "list_visits",
    "move_ticket",
    "name_givers",
    "prepare_import",
    "read_board",
    "read_rendered_board",
    "read_rendered_stage",
    "read_stage",
    "read_ticket",
    "read_tickets",
    "reopen_ticket",
    "update_stage",
    "update_ticket",
]
