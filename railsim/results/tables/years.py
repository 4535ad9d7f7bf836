"""How each year was made, and how well it could be interpolated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from railsim.outcome import YearRow
from railsim.results.catalogue import TARGET_H, TARGET_SHARE, YEARS
from railsim.results.tables.panel import Floats, Key, Panel
from railsim.results.tables.routes import Rows, place_of

_ROUTE = ("alternative", "year", "flow", "route")
_UNKNOWN = (math.nan, math.nan, math.nan)


def years_table(years: Sequence[YearRow], routes: Panel) -> Rows:
    """A row a year and alternative; errors where a simulated year could be left out."""
    times = _Times.of(routes)
    return [
        (row.alternative, row.year, row.made_by, row.before, row.after, *errors)
        for row in years
        for errors in [times.left_out(row)]
    ]


def left_out_errors(rows: Rows) -> list[dict[str, Any]]:
    """What the manifest says of them: the simulated years that could be left out."""
    names = [column.name for column in YEARS.columns]
    said = [dict(zip(names, row, strict=True)) for row in rows]
    return [
        {name: value for name, value in row.items() if name != "made_by"}
        for row in said
        if math.isfinite(row["left_out_error_h"])
    ]


@dataclass(frozen=True)
class _Times:
    """Mean times and TEU of routes by alternative and year, replications abreast."""

    time_h: dict[Key, dict[Key, Floats]] = field(default_factory=dict)
    teu: dict[Key, dict[Key, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, routes: Panel) -> _Times:
        times = cls()
        for i, (alternative, year, *route) in enumerate(place_of(routes, _ROUTE)):
            world = (alternative, year)
            times.time_h.setdefault(world, {})[*route] = routes["time_mean_h"][i]
            times.teu.setdefault(world, {})[*route] = float(routes["teu"][i].mean())
        return times

    def left_out(self, row: YearRow) -> tuple[float, float, float]:
        """Error in hours, as a share, and the share of TEU that misses the target."""
        if row.before is None or row.after is None or row.made_by == "interpolated":
            return _UNKNOWN
        world = (row.alternative, row.year)
        before, after = (
            self.time_h.get((row.alternative, year), {})
            for year in (row.before, row.after)
        )
        share = (row.year - row.before) / (row.after - row.before)
        errors = [
            (self.teu[world][route], _error(before[route], met, after[route], share))
            for route, met in self.time_h.get(world, {}).items()
            if route in before and route in after
        ]
        return _weighted([(w, *e) for w, e in errors if math.isfinite(e[0])])


def _error(
    before: Floats, met: Floats, after: Floats, share: float
) -> tuple[float, float]:
    """Absolute error in hours and the simulated mean, over replications that know."""
    gaps = (1.0 - share) * before + share * after - met
    known = [(g, t) for g, t in zip(gaps.tolist(), met.tolist(), strict=True) if g == g]
    if not known:
        return math.nan, math.nan
    gap = math.fsum(g for g, _ in known) / len(known)
    return abs(gap), math.fsum(t for _, t in known) / len(known)


def _weighted(
    errors: list[tuple[float, float, float]],
) -> tuple[float, float, float]:
    """Rows of TEU, error and time."""
    teu = math.fsum(w for w, _, _ in errors)
    if teu == 0.0:
        return _UNKNOWN
    gap = math.fsum(w * e for w, e, _ in errors) / teu
    time = math.fsum(w * t for w, _, t in errors) / teu
    missed = math.fsum(w for w, e, t in errors if e > TARGET_H and e > TARGET_SHARE * t)
    return gap, gap / time, missed / teu
