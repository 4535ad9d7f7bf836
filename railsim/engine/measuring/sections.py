"""How much every section of every line was occupied, and where trains stood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import Floats, Ints
from railsim.corridor.tables import Plan
from railsim.engine.log import Event, EventLog
from railsim.units import MS_PER_HOUR


@dataclass(frozen=True, slots=True)
class SectionUse:
    """Per section of every line, lines one after another, in the measured year."""

    line: Ints
    section: Ints
    trains: Ints
    occupied_share: Floats
    conflict_h: Floats


def measure_sections(plan: Plan, log: EventLog) -> SectionUse:
    """Trains and occupation of every section, and the time trains waited before it."""
    lines = plan.lines
    line = np.repeat(np.arange(len(lines.section_count)), lines.section_count)
    section = np.concatenate(
        [np.arange(n) for n in lines.section_count] or [np.zeros(0, np.int64)]
    )
    trains, occupied = np.zeros(len(line), np.int64), np.zeros(len(line))
    conflict = np.zeros(len(line))
    begin, end = plan.span.measure_ms, plan.span.end_ms
    for r in np.flatnonzero(lines.of_resource >= 0).tolist():
        i = int(lines.of_resource[r])
        passed = _passages(log, r)
        cell = lines.first_section[i] + passed.section
        left_ms = np.clip(passed.left_ms + lines.clear_ms[i], begin, end)
        busy_ms = left_ms - np.clip(passed.entered_ms, begin, end)
        inside = (passed.entered_ms >= begin) & (passed.entered_ms < end)
        trains += np.bincount(cell[inside], minlength=len(line))
        occupied += np.bincount(cell, busy_ms, len(line))
        stood_h = passed.stood_ms[inside] / MS_PER_HOUR
        conflict += np.bincount(cell[inside], stood_h, len(line))
    return SectionUse(line, section, trains, occupied / (end - begin), conflict)


@dataclass(frozen=True, slots=True)
class _Passages:
    """Every finished passage of a section, and how long the train stood before it."""

    section: Ints
    entered_ms: Ints
    left_ms: Ints
    stood_ms: Ints


def _passages(log: EventLog, r: int) -> _Passages:
    """A train enters and leaves sections in turn: its rows alternate."""
    rows = np.flatnonzero(log.resource == r)
    event = log.event[rows]
    rows = rows[(event == Event.ENTER) | (event == Event.CLEAR)]
    rows = rows[np.argsort(log.unit[rows], kind="stable")]
    unit, at_ms = log.unit[rows], log.at_ms[rows]
    is_entry = log.event[rows] == Event.ENTER
    follows = np.diff(unit, prepend=-1) == 0
    stood_ms = np.where(follows & is_entry, np.diff(at_ms, prepend=0), 0)
    entered = np.flatnonzero(is_entry[:-1] & follows[1:] & ~is_entry[1:])
    return _Passages(
        section=log.value[rows[entered]].astype(np.int64),
        entered_ms=at_ms[entered],
        left_ms=at_ms[entered + 1],
        stood_ms=stood_ms[entered],
    )
