"""A toy corridor which joins growth, choice, ramp-up, surplus and emissions."""

import math
from collections.abc import Sequence

from railsim.formulas.checks import (
    require_count,
    require_finite,
    require_nonnegative,
    require_positive,
    require_same_length,
    require_sequence,
)
from railsim.formulas.choice import mnl_shares
from railsim.formulas.demand import annual_inclusion, gdp_forecast
from railsim.formulas.economics import logsum_surplus

KG_PER_T = 1000.0

ToyYear = dict[str, float | dict[str, float]]


def toy_corridor(
    *,
    base_year: int,
    base_teu: float,
    gdp_growth: float,
    elasticity: float,
    routes: Sequence[str],
    gc: Sequence[float],
    asc: Sequence[float],
    theta: float,
    opening: float,
    tau_r: float,
    rail_tariff_usd: float,
    t_per_teu: float,
    kg_per_t: Sequence[float],
    report_years: Sequence[int],
) -> dict[int, ToyYear]:
    """Split the traffic of one origin and destination; route 0 is a new railway.

    Units: ``gc`` US$ a TEU, ``theta`` per US$, ``asc`` utils, ``opening`` a decimal
    year, ``tau_r`` years, ``kg_per_t`` kg CO2e a tonne by route; results by year in
    TEU, US$ and tonnes CO2e.
    Formula: T = base * (1 + g)^(elasticity * years), flows = T (w P_with + (1 - w)
    P_without), surplus = T w (LS_with - LS_without) / theta, w the annual inclusion.
    Errors: ValueError when there are fewer than two ``routes`` or their lists differ in
    length, a year is before ``base_year``, ``theta`` or ``t_per_teu`` is not positive,
    or ``base_teu``, ``rail_tariff_usd`` or an intensity is negative.
    Source: railsim model specification, section 12.6.
    """
    check_routes(routes, gc, asc, kg_per_t)
    require_positive("theta", theta)
    require_nonnegative("rail_tariff_usd", rail_tariff_usd)
    require_positive("t_per_teu", t_per_teu)
    shares_with = mnl_shares(gc=gc, asc=asc, theta=theta)
    shares_without = [0.0, *mnl_shares(gc=gc[1:], asc=asc[1:], theta=theta)]
    volumes = yearly_teu(base_year, base_teu, gdp_growth, elasticity, report_years)
    answers: dict[int, ToyYear] = {}
    for year, teu in volumes.items():
        weight = annual_inclusion(year=year, opening=opening, tau_r=tau_r)["weight"]
        before = [teu * share for share in shares_without]
        after = [
            teu * (weight * share + (1.0 - weight) * old)
            for share, old in zip(shares_with, shares_without, strict=True)
        ]
        surplus = logsum_surplus(
            gc0=gc[1:], asc0=asc[1:], gc1=gc, asc1=asc, theta=theta, trips=teu * weight
        )
        emitted_t = emissions_t(after, t_per_teu, kg_per_t)
        answers[year] = {
            "teu": teu,
            "flows": dict(zip(routes, after, strict=True)),
            "rail_revenue_usd": float(after[0] * rail_tariff_usd),
            "consumer_surplus_usd": surplus["total"],
            "emissions_t": emitted_t,
            "emissions_saved_t": emissions_t(before, t_per_teu, kg_per_t) - emitted_t,
        }
    return answers


def yearly_teu(
    base_year: int,
    base_teu: float,
    gdp_growth: float,
    elasticity: float,
    report_years: Sequence[int],
) -> dict[int, float]:
    """Give the boxes of each year asked for, growing from the base year."""
    require_count("base_year", base_year, 0)
    require_nonnegative("base_teu", base_teu)
    require_finite("gdp_growth", gdp_growth)
    if gdp_growth <= -1:
        raise ValueError(f"gdp_growth must be above -1, found {gdp_growth}")
    require_sequence("report_years", report_years)
    for index, year in enumerate(report_years):
        require_count(f"report_years[{index}]", year, base_year)
    span = max(report_years, default=base_year) - base_year
    grown = gdp_forecast(
        base=base_teu, growth=[gdp_growth] * int(span), elasticity=elasticity
    )
    volumes = [float(base_teu), *grown]
    return {int(year): volumes[int(year - base_year)] for year in report_years}


def emissions_t(
    flows: Sequence[float], t_per_teu: float, kg_per_t: Sequence[float]
) -> float:
    """Give the tonnes CO2e of the flows of all routes."""
    return math.fsum(
        teu * t_per_teu * kg / KG_PER_T for teu, kg in zip(flows, kg_per_t, strict=True)
    )


def check_routes(
    routes: Sequence[str],
    gc: Sequence[float],
    asc: Sequence[float],
    kg_per_t: Sequence[float],
) -> None:
    """Refuse a railway without a rival, unequal lists and negative emissions."""
    require_sequence("routes", routes)
    if len(routes) < 2 or len(set(routes)) < len(routes):
        raise ValueError(f"routes must be two or more distinct ones, found {routes}")
    require_same_length(routes=routes, gc=gc, asc=asc, kg_per_t=kg_per_t)
    for index, intensity in enumerate(kg_per_t):
        require_nonnegative(f"kg_per_t[{index}]", intensity)
