"""Inventing tickets with lifelike histories: the same ticket for the same seed and place in line, on every machine.

Only `Random.random` is used, which Python keeps the same from version to version; times are told back from one fixed
moment, so that nothing depends on when they are invented.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple, TypeVar

from domain.imports import History, Snapshot
from domain.tickets import Priority
from server.demo import texts
from server.demo.demo_account import ACCOUNTING, BILLING, FRONT_DESK, ONBOARDING, SUPPORT

REFERENCE = datetime(2026, 6, 30, 17, 0, tzinfo=UTC)

_T = TypeVar("_T")
_PRIORITIES: tuple[Priority | None, ...] = (None, Priority.LOW, *[Priority.MEDIUM] * 4, *[Priority.HIGH] * 2)
_URGENT = 0.03
_LEFT_LYING = 0.12  # of the stays in an open stage, those that have not ended
_AGE = 45  # days, on average


class Flow(NamedTuple):
    """How the tickets of a pipeline travel: from each stage to which ones, the likelier the more often named."""

    pipeline: str
    topics: Sequence[texts.Topic]
    owners: Sequence[str]
    team: str
    first: str
    onward: Mapping[str, Sequence[str]]
    hours: float


_FLOWS = (
    Flow(
        SUPPORT,
        texts.SUPPORT,
        ("amy@demo.test", "ben@demo.test", "amy@demo.test", "ada@demo.test"),
        FRONT_DESK,
        "new",
        {
            "new": ("waiting_on_us", "waiting_on_contact", "waiting_on_us"),
            "waiting_on_us": ("waiting_on_contact", "closed", "closed"),
            "waiting_on_contact": ("waiting_on_us", "closed"),
            "closed": (*[""] * 11, "waiting_on_us"),
        },
        20,
    ),
    Flow(
        ONBOARDING,
        texts.ONBOARDING,
        ("sam@demo.test", "amy@demo.test"),
        FRONT_DESK,
        "requested",
        {
            "requested": ("call_planned", "call_planned", "call_planned", "not_now"),
            "call_planned": ("setting_up", "setting_up", "not_now"),
            "setting_up": ("trial", "trial", "live"),
            "trial": ("live", "live", "setting_up", "not_now"),
            "live": ("",),
            "not_now": ("", "", "", "requested"),
        },
        60,
    ),
    Flow(
        BILLING,
        texts.BILLING,
        ("ben@demo.test", "sam@demo.test"),
        ACCOUNTING,
        "new",
        {
            "new": ("with_accounting", "with_accounting", "settled"),
            "with_accounting": ("settled", "settled", "waiting_on_customer"),
            "waiting_on_customer": ("with_accounting", "settled"),
            "settled": ("",),
        },
        36,
    ),
)
_SHARES = (0, 0, 0, 0, 0, 0, 1, 1, 1, 2)  # of ten tickets, how many travel which flow
PIPELINES = tuple(flow.pipeline for flow in _FLOWS)
_OPEN = {  # the stages in which somebody has yet to do something: those that always lead on
    flow.pipeline: frozenset(stage for stage, onward in flow.onward.items() if "" not in onward) for flow in _FLOWS
}
STAGES = {flow.pipeline: tuple(flow.onward) for flow in _FLOWS}


def invent(seed: int, place: int) -> tuple[str, History]:
    """The ticket at one place (from 1) in the line of a seed: the label of its pipeline and its history."""
    chance = Random((seed << 40) + place)  # noqa: S311 (nothing secret is made of it)
    flow = _FLOWS[_pick(chance, _SHARES)]
    history = History(f"{place}")
    at = REFERENCE - timedelta(minutes=1 + int(_long_tailed(chance, _AGE * 24 * 60)))
    stage, says, actor = flow.first, _opening(chance, flow), None
    while stage and at < REFERENCE:
        history.add(at, stage, says, actor=actor, mark=f"{at.isoformat()} {stage}")
        if stage in _OPEN[flow.pipeline] and chance.random() < _LEFT_LYING:
            break
        stage = _pick(chance, flow.onward[stage])
        at += timedelta(minutes=1 + int(_long_tailed(chance, flow.hours * 60)))
        if says.owner is None:
            says = says._replace(owner=_pick(chance, flow.owners))
        actor = says.owner
    return flow.pipeline, history


def _opening(chance: Random, flow: Flow) -> Snapshot:
    """What the customer writes first."""
    topic, product, place = _pick(chance, flow.topics), _pick(chance, texts.PRODUCTS), _pick(chance, texts.PLACES)
    number = 1000 + int(chance.random() * 98_000)
    filled = {"product": product, "place": place, "number": number}
    urgent = chance.random() < _URGENT
    return Snapshot(
        subject=topic.subject.format(**filled),
        content=f"{topic.content.format(**filled)}\n\n{_pick(chance, texts.FIRST_NAMES)}, {place}",
        priority=Priority.URGENT if urgent else _pick(chance, _PRIORITIES),
        team=flow.team,
        properties=(product, _pick(chance, texts.CHANNELS)),
    )


def _pick(chance: Random, among: Sequence[_T]) -> _T:
    return among[int(chance.random() * len(among))]


def _long_tailed(chance: Random, mean: float) -> float:
    """Mostly short, seldom long: exponentially distributed."""
    return -mean * math.log(1 - chance.random())
