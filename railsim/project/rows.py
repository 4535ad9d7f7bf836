"""Deliveries, their odds and the claims on the purse as rows of tables."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from railsim.project.delivery.crowding import ceiling_usd, claims_usd, purse_usd
from railsim.project.delivery.delivering import built_projects
from railsim.project.delivery.odds import (
    PROBABILITIES,
    Odds,
    delivery_odds,
    quantiles_of,
    share_up_to,
)
from railsim.project.works import Works
from railsim.rows import OWN_UNIT, column
from railsim.scenario.schema import Scenario
from railsim.traffic import Floats


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One fact of how a project goes: a date, a ratio, or money of one year."""

    alternative: str = column("id", "world that is compared")
    project: str = column("id", "project, or rolling stock bought beyond its line")
    item: str = column("id", "start, opening.<section>, capex.<component> and others")
    year: int | None = column("id", "calendar year of a payment; empty for all others")
    value: float = column(OWN_UNIT, "as the item says")
    unit: str = column("id", "year, y, 1 or USD")
    currency: str = column("id", "USD for money, else empty")
    price_year: int | None = column("year", "money is in prices of; else empty")
    basis: str = column("id", "real for money, else empty")
    timing: str = column("id", "when in the year money is paid; else empty")


@dataclass(frozen=True, slots=True)
class OddsRow:
    """How likely one project is to start, open or cost what, by one reference class."""

    alternative: str = column("id", "world that is compared")
    project: str = column("id", "project")
    reference_class: str = column("id", "how like projects turned out")
    is_in_force: bool = column("1", "is it the class that the project counts on?")
    item: str = column("id", "start, opening, overrun or cost_usd")
    statistic: str = column("id", "p05 to p95, mean, or the share beyond a mark")
    value: float = column(OWN_UNIT, "as the item says")
    unit: str = column("id", "year, 1 or USD of the price year")


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """What one claimant wants of the purse and of the lender in one year."""

    alternative: str = column("id", "world that is compared")
    year: int = column("id", "calendar year")
    claimant: str = column("id", "project of the scenario or rival")
    state_usd: float = column("USD", "wanted from the purse, in real USD")
    lender_usd: float = column("USD", "wanted from the lender, in real USD")
    envelope_usd: float = column("USD", "the whole purse of the year, in real USD")
    ceiling_usd: float = column("USD", "all that the lender gives, in real USD")


def project_rows(world: Scenario, alternative: str, works: Works) -> list[ProjectRow]:
    """Dates, ratios and yearly money of everything that is built."""
    rows = [_fact(alternative, *fact) for fact in _facts(world, works)]
    for item, halves in works.spent_usd.items():
        name = f"capex.{item.component}"
        rows += _money(world, alternative, item.project, name, works, halves)
    for kind, halves in works.vehicles_usd.items():
        name = f"vehicles.{kind}"
        rows += _money(world, alternative, "rolling_stock", name, works, halves)
    return rows


def _facts(world: Scenario, works: Works) -> Iterator[tuple[str, str, float, str]]:
    for name, delivery in works.deliveries.items():
        yield name, "start", delivery.start, "year"
        for section, day in delivery.openings.items():
            yield name, f"opening.{section}", day, "year"
        yield name, "works_end", delivery.works_end, "year"
        yield name, "overrun", delivery.overrun, "1"
        yield name, "delay", delivery.delay_years, "y"
        yield name, "prolonged", delivery.prolonged_years, "y"
        yield name, "slowed_by_rivals", delivery.slowed_years, "y"
        yield name, "outside_view", world.projects[name].outside_view, "1"
    if works.deliveries:
        yield "all", "lender_share_left", works.lender_share_left, "1"


def _fact(
    alternative: str, project: str, item: str, value: float, unit: str
) -> ProjectRow:
    return ProjectRow(alternative, project, item, None, value, unit, "", None, "", "")


def _money(
    world: Scenario,
    alternative: str,
    project: str,
    item: str,
    works: Works,
    halves: Floats,
) -> Iterator[ProjectRow]:
    """Years without a payment have no row."""
    price_year = world.economy.price_year
    yearly = works.halves.yearly(halves).tolist()
    for year, usd in enumerate(yearly, works.halves.first_year):
        if usd != 0:
            key = (alternative, project, item, year)
            yield ProjectRow(*key, usd, "USD", "USD", price_year, "real", "mid half")


def odds_rows(
    world: Scenario,
    alternative: str,
    seed: int,
    *,
    open_by: Sequence[float] = (),
    above: Sequence[float] = (),
) -> list[OddsRow]:
    """Odds of every project that is built, all reference classes side by side.

    `open_by` decimal years, `above` overruns whose probability is asked for.
    """
    rows: list[OddsRow] = []
    for name in built_projects(world):
        odds = delivery_odds(world, name, seed)
        rows += _rows_of(world, alternative, odds, open_by, above)
    return rows


def _rows_of(
    world: Scenario,
    alternative: str,
    odds: Odds,
    open_by: Sequence[float],
    above: Sequence[float],
) -> Iterator[OddsRow]:
    own = world.projects[odds.project].reference_class
    for like in odds.overrun:
        key = (alternative, odds.project, like, like == own)
        fates = {"overrun": odds.overrun[like], "cost_usd": odds.cost_usd[like]}
        if like == own:
            fates = {"start": odds.start, "opening": odds.opening, **fates}
        for item, values in fates.items():
            unit = {"overrun": "1", "cost_usd": "USD"}.get(item, "year")
            for statistic, value in _statistics(values):
                yield OddsRow(*key, item, statistic, value, unit)
        for mark in above:
            beyond = 1.0 - share_up_to(odds.overrun[like], mark)
            yield OddsRow(*key, "overrun", f"share_above_{mark:g}", beyond, "1")
        if like == own:
            for year in open_by:
                share = share_up_to(odds.opening, year)
                yield OddsRow(*key, "opening", f"share_by_{year:g}", share, "1")


def _statistics(fates: Floats) -> Iterator[tuple[str, float]]:
    for p, quantile in zip(
        PROBABILITIES, quantiles_of(fates, PROBABILITIES), strict=True
    ):
        yield f"p{round(100 * p):02d}", quantile
    yield "mean", math.fsum(fates.tolist()) / len(fates)


def claim_rows(world: Scenario, alternative: str, works: Works) -> list[ClaimRow]:
    """Claims on purse and lender by year; nothing where no budget is stated."""
    budget, halves = world.budget, works.halves
    if budget is None:
        return []
    state = claims_usd(budget, halves, "state")
    lender = claims_usd(budget, halves, "lender")
    for name, delivery in works.deliveries.items():
        spent = np.sum(list(delivery.spent_usd.values()), axis=0)
        state[name] = budget.project_state_share * spent
        lender[name] = budget.project_lender_share * spent
    purse = halves.yearly(purse_usd(budget, halves)).tolist()
    ceiling = halves.yearly(ceiling_usd(budget, halves)).tolist()
    return [
        ClaimRow(alternative, halves.first_year + i, name, s, b, purse[i], ceiling[i])
        for name in state
        for i, (s, b) in enumerate(
            zip(
                halves.yearly(state[name]).tolist(),
                halves.yearly(lender[name]).tolist(),
                strict=True,
            )
        )
        if s > 0 or b > 0
    ]
