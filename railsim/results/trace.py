"""`--trace`: every event of a simulated year as a row of a gzipped CSV.

Columns follow the specification's section 11.2 as far as the log has them.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from railsim.corridor.tables import Plan
from railsim.corridor.time.clock import EPOCH
from railsim.engine.draws import Draws
from railsim.engine.log import Cause, Event, EventLog
from railsim.results.cells import Cell, write_csv
from railsim.units import MS_PER_HOUR

FOLDER = "trace"
_DIGITS = 15  # hours to the millisecond, centuries long
# name -> (unit, meaning)
COLUMNS: dict[str, tuple[str, str]] = {
    "rep": ("id", "replication"),
    "alt": ("id", "alternative"),
    "year": ("id", "simulated year"),
    "t_h": ("h", "since 2026-01-01 00:00 UTC+7"),
    "date_local": ("id", "the same as date and time, UTC+7"),
    "event": ("id", "what happened"),
    "entity_type": ("id", "lot or vehicle"),
    "entity_id": ("id", "its number in the year"),
    "lot_id": ("id", "the lot concerned"),
    "train_id": ("id", "the vehicle concerned"),
    "resource": ("id", "where"),
    "step": ("id", "number of the step in its chain"),
    "section": ("id", "section of a line"),
    "qty_teu": ("TEU", "amount of boxes, tokens or capacity"),
    "flow": ("id", "flow of a lot that chooses"),
    "route": ("id", "route that a lot takes"),
    "cause": ("id", "why a departure was cancelled"),
}
_OF_STEP = {Event.WAIT, Event.START, Event.END}
_OF_SECTION = {Event.ENTER, Event.CLEAR}
_OF_CHAIN = {Event.CHOSE, Event.DELIVERED, Event.REROUTED}
_ABOARD = {Event.BOARD, Event.PART}
_WITH_AMOUNT = {*_ABOARD, Event.TAKE, Event.GIVE, Event.DEPART, Event.CAPACITY}


def trace_year(
    replication: int,
    alternative: str,
    year: int,
    plan: Plan,
    draws: Draws,
    log: EventLog,
) -> bytes:
    """The rows of a year, packed; equal events give equal bytes."""
    rows = _rows([replication, alternative, year], plan, draws, log)
    packed = io.BytesIO()
    with gzip.GzipFile("", "wb", compresslevel=6, fileobj=packed, mtime=0) as stream:
        stream.write(write_csv(list(COLUMNS), rows, digits=_DIGITS))
    return packed.getvalue()


def file_of(place: int, year: int, replication: int) -> str:
    """Where the events of an alternative (by its place), year and replication are."""
    return f"{FOLDER}/alternative{place}-{year}-replication{replication}.csv.gz"


def _rows(
    head: list[Cell], plan: Plan, draws: Draws, log: EventLog
) -> Iterator[list[Cell]]:
    names, begin = plan.resources.names, plan.chains.begin
    columns = (log.at_ms, log.event, log.unit, log.resource, log.value, log.amount)
    first = {s: s - b + 1 for b, e in pairwise(begin.tolist()) for s in range(b, e)}
    for at_ms, code, unit, resource, value, amount in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        event = Event(code)
        is_lot = 0 <= unit < log.lot_count
        yield [
            *head,
            at_ms / MS_PER_HOUR,
            _date(at_ms),
            event.name.lower(),
            ("lot" if is_lot else "vehicle") if unit >= 0 else "",
            unit if unit >= 0 else None,
            unit if is_lot else None,
            value if event in _ABOARD else unit if unit >= log.lot_count else None,
            names[resource] if resource >= 0 else "",
            first.get(value) if event in _OF_STEP else None,
            value if event in _OF_SECTION else None,
            _quantity(event, amount, draws, unit),
            plan.flows.names[draws.lots.flow[unit]] if event is Event.CHOSE else "",
            plan.chains.route[value] if event in _OF_CHAIN and value >= 0 else "",
            Cause(value).name.lower() if event is Event.CANCELLED else "",
        ]


def _quantity(event: Event, amount: int, draws: Draws, unit: int) -> Cell:
    if event is Event.CHOSE:
        return int(draws.lots.teu[unit])
    return amount if event in _WITH_AMOUNT else None


def _date(at_ms: int) -> str:
    begin = datetime(EPOCH.year, EPOCH.month, EPOCH.day)
    at = begin + timedelta(milliseconds=at_ms)
    return at.isoformat(timespec="milliseconds")
