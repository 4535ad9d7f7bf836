"""Nothing is lost: lots, TEU, tokens and trains of a year, counted event by event."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from railsim.corridor.tables import Plan, Word
from railsim.engine.draws import Draws
from railsim.engine.log import Event, EventLog
from railsim.study.verification.checks import Check

_GROUP = "conservation"
_MOVES = (Event.ENTER, Event.CLEAR)


def check_conservation(
    world: str, plan: Plan, draws: Draws, log: EventLog
) -> Iterator[Check]:
    """Laws that hold for the events of any year."""
    arrived = int(np.count_nonzero(draws.lots.arrival_ms < plan.span.stop_ms))
    counts = [
        ("lots created, of those drawn", log.count(Event.CHOSE), arrived),
        ("lots created twice", _twice(log, Event.CHOSE), 0),
        ("lots that end twice", _twice(log, Event.DELIVERED, Event.LOST), 0),
        ("lots that act after their end", _ghosts(log), 0),
        ("TEU aboard departures, of those boarded", *_aboard(log)),
        ("events before the one that precedes them", _backwards(log), 0),
        ("tokens lent beyond those there are", _overdrawn(plan, log), 0),
        ("trains in a section they are in already", _doubled(log), 0),
    ]
    for claim, found, expected in counts:
        yield Check(
            _GROUP,
            f"{world}: {claim}",
            f"{expected:,}",
            f"{found:,}",
            "0",
            found == expected,
        )


def _rows(log: EventLog, *events: Event) -> NDArray[np.bool_]:
    return np.isin(log.event, np.array(events, dtype=log.event.dtype))


def _twice(log: EventLog, *events: Event) -> int:
    units = log.unit[_rows(log, *events)]
    return len(units) - len(np.unique(units))


def _ghosts(log: EventLog) -> int:
    """Lots with a row below the one that ends them."""
    is_lot = (log.unit >= 0) & (log.unit < log.lot_count)
    last = np.full(log.lot_count, -1, dtype=np.int64)
    rows = np.flatnonzero(is_lot)
    np.maximum.at(last, log.unit[rows], rows)
    ends = np.flatnonzero(_rows(log, Event.DELIVERED, Event.LOST))
    return int(np.count_nonzero(last[log.unit[ends]] != ends))


def _aboard(log: EventLog) -> tuple[int, int]:
    """TEU of vehicles that left, and TEU that boarded them."""
    left = log.amount[_rows(log, Event.DEPART)]
    boarded = log.amount[_rows(log, Event.BOARD, Event.PART)]
    return int(left.sum()), int(boarded.sum())


def _backwards(log: EventLog) -> int:
    return int(np.count_nonzero(np.diff(log.at_ms) < 0))


def _overdrawn(plan: Plan, log: EventLog) -> int:
    """Instants at which more tokens of all pools together are out than exist."""
    is_pool = plan.resources.word == Word.POOL
    rows = _rows(log, Event.TAKE, Event.GIVE)
    sign = np.where(log.event[rows] == Event.TAKE, 1, -1)
    out = np.cumsum(sign * log.amount[rows])
    there = int(plan.resources.capacity[is_pool].sum())
    return int(np.count_nonzero((out > there) | (out < 0)))


def _doubled(log: EventLog) -> int:
    """Trains that enter a section before they have cleared it."""
    rows = _rows(log, *_MOVES)
    inside: set[tuple[int, int, int]] = set()
    doubled = 0
    columns = (log.unit, log.resource, log.value, log.event)
    for *place, event in zip(*(c[rows].tolist() for c in columns), strict=True):
        key = (place[0], place[1], place[2])
        doubled += event == Event.ENTER and key in inside
        if event == Event.ENTER:
            inside.add(key)
        else:
            inside.discard(key)
    return doubled
