"""Positions of the stages of a pipeline."""

from domain.pipelines.pipeline import Stage


def number_stages(order: list[Stage]) -> None:
    """Give the stages of one pipeline the positions 1, 2, 3 … in this order."""
    for position, stage in enumerate(order, start=1):
        stage.position = position
