"""Closed forms beside events: the mean times of all routes, errors as they are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from railsim.errors import InputError
from railsim.report.validation.tables import table
from railsim.results.reading import Run

KEYS = ("alternative", "year", "market", "mode", "flow", "route")
NEAR_H, NEAR_SHARE = 2.0, 0.10
WORST = 10
NONE_NAMED = (
    "No analytic run was named: `railsim verify --backcast RUN --analytic RUN`."
)
TEXT = """\
Mean door-to-door times of the run {analytic} (closed forms, factors of
`scenarios/corridor/kappa.toml`) beside those of {event} (events). A route counts when
events delivered on it; means are weighted by the TEU of the events. *Near* is within
{share:.0%} or {hours:g} h. The factors were learnt from event runs of {learnt}, so
other years are the harder test.

{by_year}

By market and mode, all years:

{by_mode}

The routes that carry the largest error times TEU:

{worst}
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """One route in one year by both fidelities: hours and TEU."""

    key: tuple[str, ...]
    event_h: float
    analytic_h: float
    event_teu: float
    analytic_teu: float

    @property
    def error_h(self) -> float:
        """How much longer closed forms say it takes."""
        return self.analytic_h - self.event_h

    @property
    def is_near(self) -> bool:
        """Within a tenth, or within two hours."""
        allowed = max(NEAR_H, NEAR_SHARE * self.event_h)
        return abs(self.error_h) <= allowed


def compare_runs(event: Run, analytic: Run | None) -> str:
    """The section of the validation page; raises InputError for runs of one kind."""
    if analytic is None:
        return NONE_NAMED
    for run, wanted in ((event, "event"), (analytic, "analytic")):
        if run.manifest["fidelity"] != wanted:
            raise InputError(f"{run.name}: must be of the {wanted} fidelity")
    pairs = list(_pairs(event, analytic))
    values = {row["path"]: row["value"] for row in analytic.rows("assumptions")}
    return TEXT.format(
        event=event.name,
        analytic=analytic.name,
        share=NEAR_SHARE,
        hours=NEAR_H,
        learnt=values.get("kappa.years", "no year").strip("[]"),
        by_year=_summary(pairs, ("alternative", "year")),
        by_mode=_summary(pairs, ("market", "mode")),
        worst=_worst(pairs),
    )


def _pairs(event: Run, analytic: Run) -> Iterator[Pair]:
    known = {tuple(row[k] for k in KEYS): row for row in analytic.rows("routes")}
    is_simulated = {
        (row["alternative"], row["year"]): row["made_by"] == "event"
        for row in event.rows("years")
    }
    for row in event.rows("routes"):
        key = tuple(row[k] for k in KEYS)
        other = known.get(key) if is_simulated[key[0], key[1]] else None
        if other is None or not row["time_mean_h"] or not other["time_mean_h"]:
            continue
        yield Pair(
            key,
            float(row["time_mean_h"]),
            float(other["time_mean_h"]),
            float(row["teu"]),
            float(other["teu"]),
        )


def _summary(pairs: Sequence[Pair], by: Sequence[str]) -> str:
    """Counts, errors and nearness of groups of routes."""
    heads = (
        *by,
        *("routes", "near", "near, by TEU", "mean event, h", "mean analytic, h"),
        *("mean absolute error, h", "mean absolute error, %", "TEU misplaced, %"),
    )
    place = [KEYS.index(name) for name in by]

    def key(pair: Pair) -> tuple[str, ...]:
        return tuple(pair.key[i] for i in place)

    groups = groupby(sorted(pairs, key=key), key)
    return table(heads, [(*name, *_cells(list(group))) for name, group in groups])


def _cells(pairs: list[Pair]) -> Iterator[str]:
    teu = math.fsum(pair.event_teu for pair in pairs)

    def mean(values: Iterable[float]) -> float:
        weighted = (v * pair.event_teu for v, pair in zip(values, pairs, strict=True))
        return math.fsum(weighted) / teu if teu else math.nan

    near = len([pair for pair in pairs if pair.is_near])
    moved = math.fsum(abs(pair.analytic_teu - pair.event_teu) for pair in pairs)
    yield str(len(pairs))
    yield f"{near / len(pairs):.0%}"
    yield f"{mean(float(pair.is_near) for pair in pairs):.0%}"
    yield f"{mean(pair.event_h for pair in pairs):.1f}"
    yield f"{mean(pair.analytic_h for pair in pairs):.1f}"
    yield f"{mean(abs(pair.error_h) for pair in pairs):.2f}"
    yield f"{mean(abs(pair.error_h) / pair.event_h for pair in pairs):.1%}"
    yield f"{moved / 2.0 / teu:.1%}" if teu else ""


def _worst(pairs: list[Pair]) -> str:
    ranked = sorted(pairs, key=lambda pair: -abs(pair.error_h) * pair.event_teu)
    heads = ("alternative", "year", "flow", "route", "TEU", "event, h", "analytic, h")
    return table(
        heads,
        [
            (
                *(pair.key[0], pair.key[1], pair.key[4], pair.key[5]),
                f"{pair.event_teu:,.0f}",
                f"{pair.event_h:.1f}",
                f"{pair.analytic_h:.1f}",
            )
            for pair in ranked[:WORST]
        ],
    )
