"""`Diary`: keeps of a log's pages the rows that a day's story needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from railsim.corridor.arrays import Flags, Ints
from railsim.corridor.tables import Plan
from railsim.corridor.time.clock import ms_of_date
from railsim.engine.diary.days import count_days
from railsim.engine.diary.happened import Happened
from railsim.engine.diary.records import Days, Trains
from railsim.engine.diary.trains import follow_trains
from railsim.engine.log import BOARD, CAPACITY, CLEAR, END, ENTER, START, WAIT, EventLog
from railsim.scenario.schema.run import Run
from railsim.units import MS_PER_DAY

_OF_DAYS = (WAIT, START, END, BOARD, CAPACITY)
_OF_TRAINS = (ENTER, CLEAR)


@dataclass(slots=True)
class Diary:
    """Reads the pages of a log in their order and copies what it needs of them."""

    plan: Plan
    resources: Ints
    day_ms: int | None
    lot_count: int = 0
    _days: list[Happened] = field(default_factory=list)
    _trains: list[Happened] = field(default_factory=list)

    @classmethod
    def of(cls, run: Run, plan: Plan, replication: int) -> Diary | None:
        """The diary of a year, if a run asks for it; trains of replication 0 alone."""
        year, names = plan.span.year, plan.resources.names
        if year not in run.diary_years:
            return None
        resources = [r for r, name in enumerate(names) if name in run.diary_resources]
        day_ms = None
        if run.diary_day is not None and replication == 0:
            day_ms = ms_of_date(date.fromisoformat(f"{year}-{run.diary_day}"))
        return cls(plan, np.array(resources, np.int64), day_ms)

    def read(self, page: EventLog) -> None:
        """Go on with the next page."""
        self.lot_count = page.lot_count
        is_asked = np.zeros(len(self.plan.resources.names) + 1, dtype=np.bool_)
        is_asked[self.resources] = True  # the last place is nowhere: -1
        rows = is_asked[page.resource] & _is_among(page.event, _OF_DAYS)
        self._days.append(Happened.of(page, rows))
        if self.day_ms is None:
            return
        ends = self.day_ms, self.day_ms + MS_PER_DAY
        begin, end = np.searchsorted(page.at_ms, ends).tolist()
        rows = np.zeros(len(page), dtype=np.bool_)
        rows[begin:end] = _is_among(page.event[begin:end], _OF_TRAINS)
        self._trains.append(Happened.of(page, rows))

    def days(self) -> Days:
        """Every day of the measured year."""
        return count_days(self.plan, self.resources, Happened.joined(self._days))

    def trains(self) -> Trains | None:
        """The chosen day on the lines, if one was chosen."""
        if self.day_ms is None:
            return None
        log = Happened.joined(self._trains)
        return follow_trains(self.plan, self.day_ms, self.lot_count, log)


def _is_among(event: NDArray[np.int8], events: tuple[int, ...]) -> Flags:
    is_one: Flags = np.zeros(len(event), dtype=np.bool_)
    for one in events:
        is_one |= event == one
    return is_one
