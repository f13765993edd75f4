"""Boards: the stages of a pipeline with their cards and counts, read in as few statements as possible."""

from domain.boards.board import Column, read_board, read_stage
from domain.boards.counts import fold_counts
from domain.boards.rendered_board import read_rendered_board, read_rendered_stage
from domain.boards.rendered_card import TEXT_INDEX, AnyCard, RenderedCard, RenderedCards, people_in

__all__ = [
    "TEXT_INDEX",
    "AnyCard",
    "Column",
    "RenderedCard",
    "RenderedCards",
    "fold_counts",
    "people_in",
    "read_board",
    "read_rendered_board",
    "read_rendered_stage",
    "read_stage",
]
