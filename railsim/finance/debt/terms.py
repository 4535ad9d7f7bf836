"""Terms of a loan on the half-years: signed, drawn and repaid when, at what rate."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from railsim.formulas import year_fraction
from railsim.project.halves import PER_YEAR
from railsim.scenario.schema.worth.finance import Finance
from railsim.scenario.schema.worth.loans import Tranche
from railsim.traffic import Floats

ENDS = {"period_end": ("06-30", "12-31"), "march_september": ("03-21", "09-21")}


@dataclass(frozen=True, slots=True)
class Span:
    """Works on a grid: first half with spending, one after the last, and opening."""

    signed: int
    drawn: int
    """Half after the last that is paid from sources."""
    opened: int
    """First half wholly after opening."""


@dataclass(frozen=True, slots=True)
class Terms:
    """One tranche; numbers of halves count from the beginning of the grid."""

    name: str
    tranche: Tranche
    signed: int
    available: int
    """Half after the last in which it may be drawn."""
    settled: int
    """Half from which interest is paid out of operation, never added."""
    repaid_from: int
    """First half with principal."""
    matures: int
    """Half after the last."""
    first_year: int
    level: float
    """Yearly rate: reference, margin and what the treasury adds."""

    @property
    def fractions(self) -> Floats:
        """Length of each half-year up to maturity by the tranche's day count."""
        tranche = self.tranche
        return day_fractions(
            self.first_year, self.matures, tranche.day_count, tranche.pay_days
        )


def terms_of(
    finance: Finance, name: str, tranche: Tranche, span: Span, first_year: int
) -> Terms:
    """Fit a tranche to works: principal never falls due before the last draw.

    A loan whose grace ends while works still draw on it is repaid from the half after
    the last draw; one whose tenor ends even earlier is repaid at once. What is paid
    after opening, such as retention, no loan pays for.
    """
    in_time = span.signed + _halves(tranche.availability_years)
    available = min(span.drawn, span.opened, in_time)
    repaid_from = max(span.signed + _halves(tranche.grace_years), available)
    reference = finance.references[tranche.reference] if tranche.reference else 0.0
    return Terms(
        name=name,
        tranche=tranche,
        signed=span.signed,
        available=available,
        settled=min(span.opened, repaid_from),
        repaid_from=repaid_from,
        matures=max(span.signed + _halves(tranche.tenor_years), repaid_from + 1),
        first_year=first_year,
        level=max(0.0, reference + tranche.rate + tranche.on_lent_margin),
    )


def _halves(years: float) -> int:
    """Whole half-years, at least one for any time at all."""
    return max(round(years * PER_YEAR), 1 if years > 0 else 0)


@lru_cache(maxsize=64)
def day_fractions(first_year: int, count: int, day_count: str, pay_days: str) -> Floats:
    """Years of each interest period, by day count, between one pay day and the next."""
    spring, autumn = ENDS[pay_days]
    dates = [f"{first_year - 1}-{autumn}"]
    for year in range(first_year, first_year + count // PER_YEAR + 1):
        dates += [f"{year}-{spring}", f"{year}-{autumn}"]
    years = [
        year_fraction(start=start, end=end, basis=day_count)
        for start, end in pairwise(dates[: count + 1])
    ]
    fractions = np.array(years)
    fractions.flags.writeable = False
    return fractions
