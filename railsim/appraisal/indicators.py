"""Whether it is worth it: present values, internal rate, ratios, what would tip it.

Gains are discounted to 1 January of the first year; money of year t counts at t, at
t + 1/2 or at t + 1 (timing start, mid or end). Source: ADB 2017.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from railsim.appraisal.ledger import BOUGHT, COSTS, Ledger, total_of
from railsim.formulas import switching_values
from railsim.formulas.discounting import CONVENTIONS
from railsim.formulas.returns import internal_return
from railsim.traffic import Floats

FACTORS_AT_ONCE = 256
WINDOW = "window"
"""Scope of figures over all years of the appraisal."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure, or why there is none."""

    metric: str
    scope: str
    rate: float | None
    """Discount rate; none if the figure depends on none."""
    timing: str
    value: float | None
    unit: str
    reason: str = ""


@lru_cache(FACTORS_AT_ONCE)
def discount_factors(rate: float, count: int, timing: str) -> Floats:
    """Present value of a dollar of each year: (1 + rate)^-(t + shift); read only."""
    shift = CONVENTIONS[timing]
    factors: Floats = np.exp(-(np.arange(count) + shift) * math.log1p(rate))
    factors.flags.writeable = False
    return factors


def items_of(ledger: Ledger, count: int) -> dict[str, Floats]:
    """Item -> gains over all parties and countries, a number a year each."""
    names = dict.fromkeys(entry.item for entry in ledger)
    return {
        name: total_of((a for e, a in ledger.items() if e.item == name), count)
        for name in names
    }


class Streams(NamedTuple):
    """Gains, costs, and what is paid for building and trains; a number a year each."""

    benefits: Floats
    costs: Floats
    paid: Floats


def judge(
    items: Mapping[str, Floats],
    *,
    rates: Iterable[float],
    timing: str,
    opening_index: int | None,
    scope: str = WINDOW,
) -> list[Indicator]:
    """All figures of gains by item, at each rate; the first is the test rate.

    `opening_index` is the first full year of operation, counted from the first year.
    """
    rates, count = tuple(rates), len(next(iter(items.values())))
    streams = Streams(
        total_of((a for name, a in items.items() if name not in COSTS), count),
        -total_of((a for name, a in items.items() if name in COSTS), count),
        -total_of((items[name] for name in BOUGHT if name in items), count),
    )
    net = streams.benefits - streams.costs
    figures = _returns(net, rates[0], scope)
    for rate in rates:
        for convention in CONVENTIONS:
            worth = float((net * discount_factors(rate, count, convention)).sum())
            figures.append(Indicator("enpv", scope, rate, convention, worth, "USD"))
        figures += _ratios(streams, (scope, rate, timing), opening_index)
    return figures


def _returns(net: Floats, rate: float, scope: str) -> list[Indicator]:
    """The internal rate if there is just one; else why not, and the modified rate."""
    found = internal_return(net, finance_rate=rate, reinvest_rate=rate)
    figures = [Indicator("eirr", scope, None, "", found.rate, "1/y", found.reason)]
    roots = found.roots if found.rate is None else ()
    figures += [Indicator("eirr root", scope, None, "", root, "1/y") for root in roots]
    if found.rate is None:
        reason = "" if found.mirr is not None else found.reason
        figures.append(Indicator("mirr", scope, rate, "", found.mirr, "1/y", reason))
    return figures


def _ratios(
    streams: Streams, key: tuple[str, float, str], opening_index: int | None
) -> list[Indicator]:
    _, rate, timing = key
    factors = discount_factors(rate, len(streams.benefits), timing)
    benefits, costs, paid = (float((a * factors).sum()) for a in streams)
    return [
        Indicator("pv of benefits", *key, benefits, "USD"),
        Indicator("pv of costs", *key, costs, "USD"),
        _quotient("bcr", key, benefits, costs, "1", "no costs"),
        _quotient("npv per budget", key, benefits - costs, paid, "1", "nothing paid"),
        _first_year_return(key, streams, opening_index),
    ]


def _quotient(
    metric: str,
    key: tuple[str, float, str],
    part: float,
    whole: float,
    unit: str,
    reason: str,
) -> Indicator:
    if whole <= 0.0:
        return Indicator(metric, *key, None, unit, reason)
    return Indicator(metric, *key, part / whole, unit)


def _first_year_return(
    key: tuple[str, float, str], streams: Streams, opening: int | None
) -> Indicator:
    """Net gain of the first full year over what was spent before, compounded to it."""
    benefits, costs, _ = streams
    if opening is None or opening >= len(benefits):
        return Indicator("fyrr", *key, None, "1", "no full year of operation")
    back = discount_factors(key[1], opening + 1, "start")
    spent = float((costs[:opening] * back[:opening]).sum() / back[opening])
    gain = float(benefits[opening] - costs[opening])
    return _quotient("fyrr", key, gain, spent, "1", "nothing is spent before it")


def switches(
    items: Mapping[str, Floats], rate: float, timing: str
) -> dict[str, tuple[float, float]]:
    """Item -> its present value, and by what share it must change for a net of 0."""
    values = present_values(items, rate, timing)
    found = switching_values(pv=values)["switch"]
    return {name: (values[name], found[name]) for name in values}


def present_values(
    items: Mapping[str, Floats], rate: float, timing: str
) -> dict[str, float]:
    """Item -> present value, US$."""
    return dict(zip(items, worths(items.values(), rate, timing), strict=True))


def worths(streams: Iterable[Floats], rate: float, timing: str) -> list[float]:
    """Present value of each stream, US$."""
    rows = np.array(list(streams))
    if len(rows) == 0:
        return []
    found: list[float] = (
        (rows * discount_factors(rate, rows.shape[1], timing)).sum(axis=1).tolist()
    )
    return found
