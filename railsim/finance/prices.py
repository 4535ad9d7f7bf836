"""Price levels and exchange rates on the half-years, in their middle and at their end.

Price levels are 1 in the middle of the price year, where `economy` states the rates.
Nominal money is US dollars of its day; real money is nominal over the US price level.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from railsim.finance.fx import FxLuck, exchange_rates
from railsim.project.halves import PER_YEAR, Halves
from railsim.scenario import Scenario
from railsim.scenario.schema.worth.finance import Finance, Mix
from railsim.traffic import Floats

MID_YEAR = 0.5


@dataclass(frozen=True, slots=True)
class Prices:
    """Levels on a grid that may be longer than the horizon."""

    halves: Halves
    """The longer grid."""
    us_mid: Floats
    us_end: Floats
    mid: dict[str, Floats]
    """Currency -> units per US dollar in the middle of each half."""
    end: dict[str, Floats]
    """The same at its end."""
    works: Floats
    """Nominal over real money of works, mid-half; likewise below."""
    vehicles: Floats
    revenue: Floats
    running: Floats
    price_year: int
    """Real money is in its prices."""


def price_levels(
    world: Scenario, finance: Finance, halves: Halves, luck: FxLuck | None
) -> Prices:
    """Levels of all half-years of a grid."""
    price_date = world.economy.price_year + MID_YEAR
    dates = halves.first_year + np.arange(1, 2 * halves.count + 1) / (2.0 * PER_YEAR)
    start = (world.economy.vnd_per_usd, world.economy.cny_per_usd)
    rates = exchange_rates(finance, *start, dates, price_date, luck)
    t, inflation = dates - price_date, finance.inflation
    growth = {"USD": inflation.usd, "CNY": inflation.cny, "VND": inflation.vnd}
    level = {name: np.exp(np.log1p(rate) * t) for name, rate in growth.items()}
    today = {"USD": 1.0, "VND": start[0], "CNY": start[1]}
    local = {name: (level[name] * today[name] / rates[name])[::2] for name in rates}
    dearer = np.exp(np.log1p(inflation.works_real) * t[::2])
    mixes = finance.mixes
    return Prices(
        halves=halves,
        us_mid=level["USD"][::2],
        us_end=level["USD"][1::2],
        mid={name: path[::2] for name, path in rates.items()},
        end={name: path[1::2] for name, path in rates.items()},
        works=_mixed(mixes.works, local) * dearer,
        vehicles=_mixed(mixes.vehicles, local),
        revenue=_mixed(mixes.revenue, local),
        running=_mixed(mixes.running, local),
        price_year=world.economy.price_year,
    )


def _mixed(mix: Mix, local: dict[str, Floats]) -> Floats:
    return np.asarray(
        mix.usd * local["USD"] + mix.cny * local["CNY"] + mix.vnd * local["VND"]
    )
