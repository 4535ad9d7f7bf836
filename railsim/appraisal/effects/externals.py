"""What transport costs those who take no part in it: climate, lives, health, roads."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from railsim.appraisal.ledger import (
    GLOBAL,
    PUBLIC,
    TREASURY,
    Entry,
    Ledger,
    Side,
    add,
    total_of,
    yearly,
)
from railsim.errors import InputError
from railsim.formulas import carbon_price
from railsim.scenario.schema.worth.appraisal import Appraisal as Frame
from railsim.scenario.schema.worth.appraisal import (
    Carbon,
    Life,
    LifeByIncome,
    LifeByTransfer,
)
from railsim.traffic import Floats, Ints

CARBON, BUILDING_CARBON = "carbon", "carbon of construction"
PATHS_AT_ONCE = 64
ACCIDENTS, POLLUTION, WEAR = "accidents", "air pollution", "road wear"


def book_externals(frame: Frame, side: Side) -> Ledger:
    """External costs of one world, as losses."""
    ledger: Ledger = {}
    traffic, years = side.traffic, side.traffic.years
    price = carbon_prices(frame.carbon, years)
    emitted = total_of(traffic.t_co2e.values(), len(years))
    _book_carbon(ledger, frame, CARBON, price * emitted)
    _book_carbon(ledger, frame, BUILDING_CARBON, price * built_t_co2e(frame, side))
    road, empty = frame.road, 1.0 + frame.road.empty_km_per_laden_km
    for country, laden_km in traffic.truck_km.items():
        deaths = road.fatalities_per_truck_km * empty * laden_km
        lost = deaths * life_usd(frame.life, country)
        add(ledger, Entry(ACCIDENTS, PUBLIC, country), -lost)
    for leg, t_km in traffic.t_km.items():
        if leg.mode == "road":
            harm = road.air_pollution_usd_per_t_km * t_km
            add(ledger, Entry(POLLUTION, PUBLIC, leg.country), -harm)
            worn = road.wear_usd_per_t_km * t_km
            add(ledger, Entry(WEAR, TREASURY, leg.country), -worn)
    return ledger


def _book_carbon(ledger: Ledger, frame: Frame, item: str, usd: Floats) -> None:
    """Damage is global; a share of it falls on the country that builds."""
    share = frame.carbon.home_share
    add(ledger, Entry(item, PUBLIC, frame.home_country), -share * usd)
    add(ledger, Entry(item, PUBLIC, GLOBAL), -(1.0 - share) * usd)


def carbon_prices(carbon: Carbon, years: Ints, path: str | None = None) -> Floats:
    """US$ of the price year a tonne, for each year; by the path in force or another."""
    found = carbon.paths[path or carbon.path]
    span = (int(years[0]), int(years[-1]))
    prices = _published_prices(tuple(found.anchors), found.growth_per_year, *span)
    return np.array(prices) * carbon.price_level


@lru_cache(PATHS_AT_ONCE)
def _published_prices(
    anchors: tuple[tuple[float, float], ...], growth: float, first: int, last: int
) -> tuple[float, ...]:
    """The same for every draw of a study that leaves the path alone."""
    return tuple(
        carbon_price(year=year, anchors=anchors, growth_after=growth)
        for year in range(first, last + 1)
    )


def built_t_co2e(frame: Frame, side: Side) -> Floats:
    """Emissions of construction, spread over a project's years as its spending is."""
    works, years = side.works, side.traffic.years
    emitted: Floats = np.zeros(len(years))
    for delivery in works.deliveries.values():
        km = _km(side, delivery.openings)
        halves = total_of(delivery.spent_usd.values(), works.halves.count)
        whole = float(halves.sum())
        if whole > 0.0:
            share = yearly(works.halves, halves, years) / whole
            emitted = emitted + share * km * frame.carbon.construction_t_per_km
    return emitted


def _km(side: Side, openings: Iterable[str]) -> float:
    return float(np.sum([side.track_km.get(name, 0.0) for name in openings]))


def life_usd(life: Life, country: str) -> float:
    """Value of a statistical life in a country, US$.

    By transfer VSL = base (Y / Y_base)^elasticity, or a multiple of income (McMahon &
    Dahdah 2008). Raises InputError if the country's income is not given.
    """
    if country not in life.gdp_per_head_usd:
        raise InputError(f"appraisal.life.gdp_per_head_usd has no entry for {country}")
    income = life.gdp_per_head_usd[country]
    match life:
        case LifeByIncome():
            return life.multiple * income
        case LifeByTransfer():
            ratio = income / life.base_gdp_per_head_usd
            return float(life.base_usd * ratio**life.income_elasticity)
