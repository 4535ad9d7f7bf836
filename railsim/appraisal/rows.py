"""Rows of the appraisal's tables: real US$ of the price year, with less without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from railsim.appraisal.appraising import Appraisal
from railsim.appraisal.effects.users import gains_by_trade
from railsim.appraisal.indicators import WINDOW, present_values
from railsim.rows import OWN_UNIT, column


@dataclass(frozen=True, slots=True)
class CbaAnnualRow:
    """What one party gains of one effect in one year."""

    alternative: str = column("id", "world that is compared")
    item: str = column("id", "effect, each party net of what it pays and is paid")
    party: str = column("id", "who gains")
    country: str = column("id", "where; global for damage to all")
    year: int = column("id", "calendar year")
    usd_real: float = column("USD", "gain with less without, prices of price_year")
    price_year: int = column("year", "year of the prices")
    timing: str = column("id", "when in its year money counts in present values")


@dataclass(frozen=True, slots=True)
class CbaSummaryRow:
    """One figure, or the reason why there is none."""

    alternative: str = column("id", "world that is compared")
    metric: str = column(
        "id", "figure; switching value: relative change for a net of 0"
    )
    scope: str = column("id", "window, or so many years of operation")
    item: str = column("id", "effect the figure speaks of; empty: all")
    rate: float | None = column("1/y", "discount rate, real; empty if none is used")
    timing: str = column("id", "when in its year money counts: start, mid or end")
    value: float | None = column(OWN_UNIT, "the figure, real")
    unit: str = column("id", "unit of value")
    price_year: int = column("year", "year of the prices")
    reason: str = column("id", "why there is no value")


@dataclass(frozen=True, slots=True)
class BenefitByCountryRow:
    """What a country gains of one effect, in all."""

    alternative: str = column("id", "world that is compared")
    country: str = column("id", "ISO code; global for damage to all")
    item: str = column("id", "effect; finance: what loans and subsidies move")
    rate: float = column("1/y", "discount rate, real")
    timing: str = column("id", "when in its year money counts")
    pv_usd: float = column("USD", "present value at the first year, real")
    price_year: int = column("year", "year of the prices")


@dataclass(frozen=True, slots=True)
class IncidenceRow:
    """One cell of the matrix of parties and items."""

    alternative: str = column("id", "world that is compared")
    party: str = column("id", "who gains")
    country: str = column("id", "where")
    item: str = column("id", "what; charges, fares, taxes and finance sum to nothing")
    rate: float = column("1/y", "discount rate, real")
    timing: str = column("id", "when in its year money counts")
    pv_usd: float = column("USD", "present value at the first year, real")
    price_year: int = column("year", "year of the prices")


@dataclass(frozen=True, slots=True)
class ShipperGainRow:
    """What shippers of one commodity in one market gain in one year."""

    alternative: str = column("id", "world that is compared")
    market: str = column("id", "bilateral, transit or domestic")
    commodity: str = column("id", "commodity")
    year: int = column("id", "calendar year")
    existing_usd_real: float = column("USD", "traffic that moves anyway")
    generated_usd_real: float = column("USD", "traffic that is new, counted half")
    price_year: int = column("year", "year of the prices")


@dataclass(frozen=True, slots=True)
class EmissionSavingRow:
    """Emissions that a project saves in one country and year."""

    alternative: str = column("id", "world that is compared")
    country: str = column("id", "where it is emitted")
    year: int = column("id", "calendar year")
    saved_t_co2e: float = column("t CO2e", "without less with, well to wheel")


def annual_rows(alternative: str, appraisal: Appraisal) -> Iterator[CbaAnnualRow]:
    """Every effect, party, country and year; effects that are nothing have no rows."""
    years = appraisal.years.tolist()
    for entry, amounts in sorted(appraisal.effects.items()):
        if not np.any(amounts):
            continue
        key = (alternative, entry.item, entry.party, entry.country)
        for year, usd in zip(years, amounts.tolist(), strict=True):
            yield CbaAnnualRow(*key, year, usd, appraisal.price_year, appraisal.timing)


def summary_rows(alternative: str, appraisal: Appraisal) -> Iterator[CbaSummaryRow]:
    """All figures, present values and switching values by effect, gifts of lenders."""
    price_year, rate = appraisal.price_year, appraisal.rate
    for i in appraisal.indicators:
        key = (alternative, i.metric, i.scope, "", i.rate, i.timing, i.value, i.unit)
        yield CbaSummaryRow(*key, price_year, i.reason)
    at = (rate, appraisal.timing)
    for item, (worth, switch) in appraisal.switches.items():
        of = (WINDOW, item, *at)
        yield CbaSummaryRow(alternative, "pv", *of, worth, "USD", price_year, "")
        is_known = bool(np.isfinite(switch))
        value, reason = (switch, "") if is_known else (None, "the effect is nothing")
        key = (alternative, "switching value", *of, value, "1")
        yield CbaSummaryRow(*key, price_year, reason)
    for lender, gift in appraisal.gifts.items():
        key = (alternative, "grant element", WINDOW, lender, *at, gift, "USD")
        yield CbaSummaryRow(*key, price_year, "")


def country_rows(
    alternative: str, appraisal: Appraisal
) -> Iterator[BenefitByCountryRow]:
    """Effects by country, and what finance moves between countries; sum: the net."""
    at = (appraisal.rate, appraisal.timing)
    pairs = [(e.country, e.item, a) for e, a in appraisal.effects.items()]
    pairs += [(e.country, "finance", a) for e, a in appraisal.funding.items()]
    sums: dict[tuple[str, str], float] = {}
    for country, item, amounts in pairs:
        worth = present_values({item: amounts}, *at)[item]
        sums[country, item] = sums.get((country, item), 0.0) + worth
    for (country, item), worth in sorted(sums.items()):
        key = (alternative, country, item, *at)
        yield BenefitByCountryRow(*key, worth, appraisal.price_year)


def incidence_rows(alternative: str, appraisal: Appraisal) -> Iterator[IncidenceRow]:
    """The cells of the matrix."""
    at = (appraisal.rate, appraisal.timing)
    for (party, item), worth in sorted(appraisal.incidence.cells.items()):
        key = (alternative, party.name, party.country, item, *at)
        yield IncidenceRow(*key, worth, appraisal.price_year)


def shipper_rows(alternative: str, appraisal: Appraisal) -> Iterator[ShipperGainRow]:
    """What shippers gain, by market and commodity."""
    by_trade = gains_by_trade(appraisal.trades, appraisal.gains)
    for trade, gain in by_trade.items():
        for y, year in enumerate(appraisal.years.tolist()):
            amounts = (float(gain.existing[y]), float(gain.generated[y]))
            key = (alternative, trade.market, trade.commodity, year)
            yield ShipperGainRow(*key, *amounts, appraisal.price_year)


def saving_rows(alternative: str, appraisal: Appraisal) -> Iterator[EmissionSavingRow]:
    """Emissions saved, by country of emission."""
    for country, saved in appraisal.saved_t_co2e.items():
        for year, t in zip(appraisal.years.tolist(), saved.tolist(), strict=True):
            yield EmissionSavingRow(alternative, country, year, t)
