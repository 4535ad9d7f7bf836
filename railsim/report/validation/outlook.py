"""Later years of a run beside other lines, official papers and orders of size."""

from __future__ import annotations

import math
from collections.abc import Iterable

from railsim.project.delivery.precedents import works_years_for
from railsim.report.validation.later import (
    EARNED,
    SPENT,
    Later,
    compare_later,
    curve_of,
    fit_of,
    read_later,
)
from railsim.report.validation.observations import Observation, comparison_table
from railsim.report.validation.tables import Tables, table

TABLES = ("project", "finance_annual", "debt_schedule")
"""Tables of money that the section reads where a run has them."""
EVERY_YEARS = 5
OFFICIAL_STARTS = {"official, first year": 2026.0, "official, a year later": 2027.0}
TEXT = """\
The world compared is {world}, the first of the run that builds. Nothing was calibrated
on what stands beside it here. Trains of years that the run does not simulate are those
of the run by closed forms.

{comparisons}

The traffic of the China-Laos railway fits {mature:.3f} Mt (1 - exp(-t / {ramp:.3f} y))
with a root mean square error of {rms:.3f} Mt and no error above {worst:.3f} Mt; less
than 0.1 Mt was asked for. Shippers of the scenario come with {assumed} years.

By the spending curve of the project, {share:.1%} is spent by the end of {year} if works
last so long:

{lengths}

What the operators of the new line earn less what their trains and the line's upkeep
cost, beside the service of the line's debt (real, million US$):

{surpluses}"""


def describe(tables: Tables, observations: Iterable[Observation]) -> str:
    """The section of the validation page on delivery, demand and debt."""
    later, known = read_later(tables), list(observations)
    fit = fit_of(known)
    spent = next((o for o in known if o.id.startswith("H10")), None)
    assumed = [
        later.assumed(f"openings.{name}.ramp_up_years") for name in _sections(later)
    ]
    return TEXT.format(
        world=later.builders[0] if later.builders else "none",
        comparisons=comparison_table(compare_later(later, known)),
        mature=fit.mature,
        ramp=fit.ramp_years,
        rms=fit.rms_error,
        worst=fit.greatest_error,
        assumed=" or ".join(f"{a:g}" for a in assumed if a is not None) or "no",
        share=math.nan if spent is None else spent.mode,
        year="" if spent is None or spent.at is None else int(spent.at) - 1,
        lengths=_lengths(later, spent),
        surpluses=_surpluses(later),
    )


def _sections(later: Later) -> list[str]:
    items = [row["item"] for row in later.own.get("project", ())]
    return [name.partition(".")[2] for name in items if name.startswith("opening.")]


def _lengths(later: Later, spent: Observation | None) -> str:
    """Lengths of works that spend what was seen, for starts that were spoken of."""
    heads, curve = ("start", "year", "works, years"), curve_of(later)
    starts: dict[str, float | None] = dict(OFFICIAL_STARTS)
    starts["plan of the project"] = later.assumed("plan.start_year")
    for row in later.own.get("project", ()):
        if row["item"] == "start":
            starts[f"{row['project']} in this run"] = float(row["value"])
    if curve is None or spent is None or spent.at is None:
        return table(heads, [])
    return table(
        heads,
        [
            (n, f"{s:.2f}", f"{works_years_for(curve, s, spent.mode, spent.at):.2f}")
            for n, s in starts.items()
            if s is not None and s < spent.at
        ],
    )


def _surpluses(later: Later) -> str:
    heads = ("year", "Mt", "earned", "spent", "surplus", "interest and principal")
    years = sorted(
        year
        for year, mt in later.carried_mt.items()
        if mt > 0.0 and year % EVERY_YEARS == 0
    )
    rows = [
        (
            str(year),
            f"{later.carried_mt[year]:.2f}",
            f"{later.money_usd_m(year, EARNED):.0f}",
            f"{0.0 - later.money_usd_m(year, SPENT):.0f}",
            f"{later.money_usd_m(year, (*EARNED, *SPENT)):.0f}",
            f"{0.0 - later.money_usd_m(year, ('interest', 'principal')):.0f}",
        )
        for year in years
    ]
    return table(heads, rows)
