"""What a run says of years after the base year: quantities that others published.

The world that speaks is the first that builds; demand of its trains, spending and debt
are read from its tables, the plan of its project from the assumptions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from railsim.project.delivery.precedents import RampFit, fit_ramp, share_spent
from railsim.report.validation.observations import Comparison, Observation
from railsim.report.validation.tables import Row, Tables, ratio, total
from railsim.scenario.schema.worth.delivery import BetaCurve, Curve

NEW_LINE, NEW_ROUTE, OLD_ROUTE = "sgr_", "R1", "R3"
RAMP = "H5"
LENT_USD_M = 4400.0
"""Of the published order of size."""


@dataclass(frozen=True, slots=True)
class Later:
    """A run by the first world in it that builds."""

    tables: Tables
    builders: Sequence[str]
    """All worlds that build, in order."""
    project: str
    own: Mapping[str, Sequence[Row]]
    """Table -> rows of the first of them."""
    carried_mt: Mapping[int, float]
    """Year -> on trains of the new line."""
    booked_usd_m: Mapping[tuple[int, str], float]
    """Year and item -> real money of all accounts together."""

    def assumed(self, path: str) -> float | None:
        """A number in force; `path` whole, or below the project that is built."""
        paths = (path, f"projects.{self.project}.{path}")
        for row in self.tables["assumptions"]:
            if row["path"] in paths:
                return float(row["value"])
        return None

    def money_usd_m(self, year: int, items: Iterable[str]) -> float:
        """Sum of some items in a year; what comes in is positive."""
        return math.fsum(self.booked_usd_m.get((year, item), 0.0) for item in items)


EARNED = ("freight", "passengers", "ancillary")
SPENT = (
    *("train_running", "train_hours", "haulage", "energy", "lifts"),
    *("fixed_costs", "overheads", "maintenance"),
)


def read_later(tables: Tables) -> Later:
    """The first world that builds, its traffic and money by year."""
    facts = tables.get("project", ())
    builders = list(dict.fromkeys(row["alternative"] for row in facts))
    own = {
        name: [r for r in rows if builders and r.get("alternative") == builders[0]]
        for name, rows in tables.items()
    }
    trains: dict[int, list[float]] = {}
    for row in own.get("departures", ()):
        is_new = row["service"].startswith(NEW_LINE)
        tonnes = float(row["tonnes"] or 0.0) if is_new else 0.0
        trains.setdefault(int(row["year"]), []).append(tonnes)
    money: dict[tuple[int, str], list[float]] = {}
    for row in own.get("finance_annual", ()):
        usd = float(row["usd_real"] or 0.0)
        money.setdefault((int(row["year"]), row["item"]), []).append(usd)
    return Later(
        tables=tables,
        builders=builders,
        project=facts[0]["project"] if facts else "",
        own=own,
        carried_mt={year: math.fsum(tonnes) / 1e6 for year, tonnes in trains.items()},
        booked_usd_m={key: math.fsum(usd) / 1e6 for key, usd in money.items()},
    )


def with_years_between(rows: Sequence[Row], others: Iterable[Row]) -> list[Row]:
    """Rows of simulated years, and those of another run for years they lack."""
    known = {row["year"] for row in rows}
    return [*rows, *(row for row in others if row["year"] not in known)]


def compare_later(
    later: Later, observations: Sequence[Observation]
) -> list[Comparison]:
    """Every observation that speaks of a later year, beside the model."""
    modelled: dict[str, Callable[[Observation], float]] = {
        RAMP: partial(_on_ramp, fit_of(observations)),
        "H6a": partial(_cheaper, later),
        "H6b": partial(_from_sea, later),
        "H7": partial(_carried, later),
        "H10a": partial(_planned_share, later),
        "H10b": partial(_spent_share, later, 0),
        "H10c": partial(_spent_share, later, 1),
        "M1": partial(_service, later),
        "M2": partial(_surplus, later),
    }
    return [
        Comparison(o, modelled[key](o))
        for o in observations
        for key in dict.fromkeys((o.id, _kind(o)))
        if key in modelled
    ]


def _kind(o: Observation) -> str:
    """Letter and number of an observation, without what tells it from its like."""
    return o.id.rstrip("abcdefgh")


def fit_of(observations: Iterable[Observation]) -> RampFit:
    """The ramp through the observations of the China-Laos railway."""
    seen = [(o.at, o.mode) for o in observations if _kind(o) == RAMP and o.at]
    if not seen:
        return RampFit(*[math.nan] * 4)
    return fit_ramp(*(list(column) for column in zip(*seen, strict=True)))


def curve_of(later: Later) -> Curve | None:
    """How the project spends; None if not by a beta distribution."""
    a, b = (later.assumed(f"curve.{name}") for name in "ab")
    if a is None or b is None:
        return None
    return BetaCurve(kind="beta", a=a, b=b)


def _on_ramp(fit: RampFit, o: Observation) -> float:
    return -fit.mature * math.expm1(-_at(o) / fit.ramp_years)


def _at(o: Observation) -> float:
    return math.nan if o.at is None else o.at


def _of_year(rows: Iterable[Row], o: Observation) -> list[Row]:
    return [row for row in rows if float(row["year"]) == o.at]


def _cheaper(later: Later, o: Observation) -> float:
    """Mean over flows that use both ways, weighted by TEU on the new line."""
    by_flow: dict[str, dict[str, Row]] = {}
    for row in _of_year(later.own["routes"], o):
        if row["route"] in (NEW_ROUTE, OLD_ROUTE) and row["money_usd_per_teu"]:
            by_flow.setdefault(row["flow"], {})[row["route"]] = row
    pairs = [(w[NEW_ROUTE], w[OLD_ROUTE]) for w in by_flow.values() if len(w) == 2]
    saved = [
        float(new["teu"])
        * (float(new["money_usd_per_teu"]) / float(old["money_usd_per_teu"]) - 1.0)
        for new, old in pairs
    ]
    return ratio(math.fsum(saved), total((new for new, _ in pairs), "teu"))


def _from_sea(later: Later, o: Observation) -> float:
    """What ships lose over what trains gain, with less without, across the border."""
    names = dict.fromkeys(row["alternative"] for row in later.tables["routes"])
    without = [name for name in names if name not in later.builders]
    if not without or not later.builders:
        return math.nan
    signs = {later.builders[0]: 1.0, without[0]: -1.0}
    more: dict[str, list[float]] = {"rail": [], "sea": []}
    for row in _of_year(later.tables["routes"], o):
        is_counted = row["market"] != "domestic" and row["mode"] in more
        if is_counted and row["alternative"] in signs:
            tonnes = signs[row["alternative"]] * float(row["tonnes"] or 0.0)
            more[row["mode"]].append(tonnes)
    return ratio(-math.fsum(more["sea"]), math.fsum(more["rail"]))


def _carried(later: Later, o: Observation) -> float:
    return later.carried_mt.get(int(_at(o)), math.nan)


def _planned_share(later: Later, o: Observation) -> float:
    """Spent by a date if works begin and the line opens as the plan says."""
    curve, commissioning = curve_of(later), later.assumed("commissioning_years")
    start, opens = (later.assumed(f"plan.{n}_year") for n in ("start", "opens"))
    if curve is None or commissioning is None or start is None or opens is None:
        return math.nan
    return share_spent(curve, start, opens - commissioning - start, _at(o))


def _spent_share(later: Later, number: int, o: Observation) -> float:
    if number >= len(later.builders):
        return math.nan
    rows = [
        row
        for row in later.tables["project"]
        if row["alternative"] == later.builders[number]
        and row["item"].startswith("capex.")
    ]
    before = [row for row in rows if float(row["year"]) < _at(o)]
    return ratio(total(before, "value"), total(rows, "value"))


def _service(later: Later, _: Observation) -> float:
    """Mean yearly service after grace of so much debt, lent as all loans are."""
    loans: dict[str, list[Row]] = {}
    for row in later.own.get("debt_schedule", ()):
        if float(row["principal"]) > 0.0:
            loans.setdefault(row["tranche"], []).append(row)
    owed, paid = [], []
    for rows in loans.values():
        due = total(rows, "principal") + total(rows, "interest")
        first = float(rows[0]["principal"]) + float(rows[0]["interest"])
        opening = float(rows[0]["opening"])
        owed.append(opening * float(rows[0]["service_usd"]) / first)
        paid.append(owed[-1] * due / opening / (len(rows) / 2.0))
    return LENT_USD_M * ratio(math.fsum(paid), math.fsum(owed))


def _surplus(later: Later, o: Observation) -> float:
    """Of the year that carries so much, between years that carry less and more."""
    years = sorted(y for y, mt in later.carried_mt.items() if mt > 0.0)
    points = sorted(
        (later.carried_mt[y], later.money_usd_m(y, (*EARNED, *SPENT))) for y in years
    )
    if not points or not points[0][0] <= _at(o) <= points[-1][0]:
        return math.nan
    tonnes, surpluses = zip(*points, strict=True)
    return float(np.interp(_at(o), tonnes, surpluses))
