"""How much every section of every line was occupied, and where trains stood."""

from __future__ import annotations

import numpy as np

from railsim.corridor.tables import Plan
from railsim.engine.kernels.jit import kernel
from railsim.engine.kernels.tables import Tables, World
from railsim.engine.measuring.service import SectionUse
from railsim.engine.measuring.tables import (
    line_at,
    resource_at,
    section_at,
    stop_at,
    vehicle_at,
)
from railsim.engine.measuring.watching import is_inside, overlap_ms
from railsim.units import MS_PER_HOUR


@kernel
def enter_section(w: World, at: int, v: int, r: int, section: int) -> None:
    """A train enters a section, after it stood since it left the one before."""
    train = vehicle_at(w, v)
    has_come_by_line = train.line == r
    train.stood_ms = at - train.passed_ms if has_come_by_line else 0
    train.line = r
    train.is_inside = 1
    train.section = section
    train.entered_ms = at


@kernel
def leave_section(w: World, at: int, v: int, r: int) -> None:
    """A train has passed a section, which is free a little later."""
    train = vehicle_at(w, v)
    if train.line != r or not train.is_inside:
        return
    train.is_inside = 0
    train.passed_ms = at
    line = line_at(w, resource_at(w, r).line)
    number = line.first_section + train.section
    section = section_at(w, number)
    section.occupied_ms += overlap_ms(w, train.entered_ms, at + line.clear_ms)
    if not is_inside(w, train.entered_ms):
        return
    section.trains += 1
    if train.stood_ms > 0:
        _note_stop(w, v, number, train.stood_ms)


@kernel
def _note_stop(w: World, v: int, section: int, stood_ms: int) -> None:
    stop = stop_at(w, w.stops_count)
    stop.vehicle = v
    stop.section = section
    stop.ms = stood_ms
    w.stops_count += 1


def measure_sections(plan: Plan, tables: Tables) -> SectionUse:
    """Trains and occupation of every section, and the time trains waited before it.

    Stops add in the order of the trains.
    """
    counts, sections = plan.lines.section_count, tables["sections"]
    stops = tables["stops"][: int(tables["world"]["stops_count"][0])]
    stops = stops[np.argsort(stops["vehicle"], kind="stable")]
    stood_h = stops["ms"] / MS_PER_HOUR
    return SectionUse(
        line=np.repeat(np.arange(len(counts)), counts),
        section=np.concatenate(
            [np.arange(n) for n in counts] or [np.zeros(0, np.int64)]
        ),
        trains=sections["trains"].copy(),
        occupied_share=sections["occupied_ms"]
        / (plan.span.end_ms - plan.span.measure_ms),
        conflict_h=np.bincount(stops["section"], stood_h, len(sections)).astype(float),
    )
