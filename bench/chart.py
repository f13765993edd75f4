"""The chart: for each operation, everybody's rate as a share of the limit's. Text of SVG, readable on light and dark."""

from collections.abc import Sequence
from html import escape

from bench.contenders import LIMIT, TOLD, US
from bench.slices import Cell

_WIDTH, _BAR, _GAP, _LEFT, _SCALE = 860, 16, 4, 300, 460
_OURS, _THEIRS, _TEXT = "#2f81f7", "#8b949e", "#7d8590"


def chart(cells: Sequence[Cell]) -> str:
    """One group of bars for each operation that the limit was measured in."""
    limits = {cell.operation: cell.rate for cell in cells if cell.contender == LIMIT}
    parts: list[str] = []
    y = 24
    for operation, limit in limits.items():
        parts.append(_text(0, y, operation, bold=True))
        y += 8
        for cell in (each for each in cells if each.operation == operation):
            parts += _bar(cell, cell.rate / limit, y)
            y += _BAR + _GAP
        y += 22
    style = 'font-family="system-ui, sans-serif" font-size="12"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{y}" viewBox="0 0 {_WIDTH} {y}" {style}>'
    return (
        "\n".join([head, f"<title>{escape('Requests a second, as a share of the limit')}</title>", *parts, "</svg>"])
        + "\n"
    )


def _bar(cell: Cell, share: float, y: int) -> list[str]:
    colour = _OURS if cell.contender == US else _THEIRS
    width = max(1, min(share, 1.15) * _SCALE / 1.15)
    return [
        _text(0, y + 12, TOLD[cell.contender]),
        f'<rect x="{_LEFT}" y="{y}" width="{width:.0f}" height="{_BAR}" rx="2" fill="{colour}"/>',
        _text(_LEFT + int(width) + 6, y + 12, f"{cell.rate:,.0f}/s · {share:.2f}"),
    ]


def _text(x: int, y: int, said: str, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x}" y="{y}" fill="{_TEXT}"{weight}>{escape(said)}</text>'
