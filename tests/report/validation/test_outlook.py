"""Later years of a run beside what others published."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path

import pytest

from railsim.formulas import annuity_payment
from railsim.report.validation.backcast import MODELLED
from railsim.report.validation.later import compare_later, fit_of, read_later
from railsim.report.validation.observations import (
    Comparison,
    Observation,
    read_observations,
)
from railsim.report.validation.outlook import describe
from railsim.report.validation.tables import Tables

FILE = Path(__file__).parents[3] / "scenarios" / "observations.csv"
WITH, WITHOUT = {"alternative": "start_2026"}, {"alternative": "without"}


def observations() -> list[Observation]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return read_observations(csv.DictReader(file))


def money(item: str, usd_real: float, year: int = 2040) -> dict[str, str]:
    return {**WITH, "item": item, "year": str(year), "usd_real": str(usd_real)}


def route(world: dict[str, str], name: str, mode: str, tonnes: str) -> dict[str, str]:
    row = {**world, "year": "2040", "market": "transit", "flow": "fruit"}
    return {**row, "route": name, "mode": mode, "tonnes": tonnes, "teu": "10"}


def spending(world: str, year: int, usd: float) -> dict[str, str]:
    row = {"alternative": world, "project": "line", "item": "capex.works"}
    return {**row, "year": str(year), "value": str(usd)}


@pytest.fixture
def tables() -> Tables:
    train = {**WITH, "service": "sgr_bulk.back", "year": "2040"}
    loan = {**WITH, "tranche": "loan", "opening": "100", "interest": "3"}
    assumptions = {
        "projects.other.plan.start_year": "2020",
        "projects.line.plan.start_year": "2026",
        "projects.line.plan.opens_year": "2033.5",
        "projects.line.commissioning_years": "0.5",
        "projects.line.curve.a": "2.2",
        "projects.line.curve.b": "2.6",
        "openings.line.ramp_up_years": "1.25",
    }
    fact = {**WITH, "project": "line", "year": ""}
    return {
        "routes": [
            route(WITH, "R1", "rail", "900000") | {"money_usd_per_teu": "600"},
            route(WITH, "R3", "road", "100000") | {"money_usd_per_teu": "1000"},
            route(WITH, "R5", "sea", "300000") | {"money_usd_per_teu": "400"},
            route(WITHOUT, "R2", "rail", "100000") | {"money_usd_per_teu": "900"},
            route(WITHOUT, "R5", "sea", "500000") | {"money_usd_per_teu": "400"},
        ],
        "departures": [
            {**train, "tonnes": "4000000"},
            {**train, "service": "sgr_container", "tonnes": "3000000"},
            {**train, "service": "mg_bulk", "tonnes": "9000000"},
            {**train, "alternative": "without", "tonnes": "5000000"},
            {**train, "year": "2050", "tonnes": "9000000"},
            {**train, "year": "2030", "tonnes": "0"},
        ],
        "assumptions": [{"path": p, "value": v} for p, v in assumptions.items()],
        "project": [
            {**fact, "item": "start", "value": "2027.0"},
            {**fact, "item": "opening.line", "value": "2033.0"},
            spending("start_2026", 2027, 600.0),
            spending("start_2026", 2030, 200.0),
            spending("start_2026", 2031, 200.0),
            spending("start_2027", 2031, 500.0),
            spending("start_2027", 2030, 500.0),
        ],
        "finance_annual": [
            money("freight", 100e6),
            money("energy", -60e6),
            money("maintenance", -10e6),
            money("interest", -70e6),
            money("principal", -30e6),
            money("access_charge", -9e6),
            money("freight", 150e6, 2050),
            money("energy", -80e6, 2050),
        ],
        "debt_schedule": [
            {**loan, "principal": "0", "service_usd": "6", "opening": "90"},
            {**loan, "principal": "50", "service_usd": "106"},
            {
                **loan,
                "principal": "50",
                "interest": "1.5",
                "service_usd": "103",
                "opening": "50",
            },
        ],
    }


def compared(tables: Tables) -> dict[str, Comparison]:
    found = compare_later(read_later(tables), observations())
    return {c.observed.id: c for c in found}


def test_every_observation_is_compared_once_here_or_with_the_base_year(
    tables: Tables,
) -> None:
    known = [o.id for o in observations()]

    assert sorted([*compared(tables), *MODELLED]) == sorted(known)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("H6a", 0.6 - 1.0),
        ("H6b", (500_000 - 300_000) / (900_000 - 100_000)),
        ("H7a", 0.0),
        ("H7b", 7.0),
        ("H7c", 9.0),
        ("H10b", 0.8),
        ("H10c", 0.5),
        ("M1", 4400.0 * 1.045),
        ("M2b", 30.0 + (70.0 - 30.0) * 0.7 / 2.0),
    ],
)
def test_quantities_are_read_from_the_first_world_that_builds(
    tables: Tables, name: str, value: float
) -> None:
    assert compared(tables)[name].modelled == pytest.approx(value)


def test_works_of_seven_years_from_2026_spend_what_the_official_plan_says(
    tables: Tables,
) -> None:
    """MODEL specification 6.5; the opening follows half a year of commissioning."""
    assert compared(tables)["H10a"].modelled == pytest.approx(0.873, abs=1e-3)


def test_the_ramp_of_the_china_laos_railway_is_met_within_a_tenth() -> None:
    """MODEL specification 6.6: 5.593 Mt and 1.077 years, 0.07 Mt at most."""
    fit = fit_of(observations())

    assert fit.rms_error < 0.1
    assert fit.greatest_error < 0.0705
    assert fit.mature == pytest.approx(5.593, abs=0.01)
    assert fit.ramp_years == pytest.approx(1.077, abs=0.01)


def test_every_point_of_the_ramp_stands_beside_the_fit(tables: Tables) -> None:
    fit, found = fit_of(observations()), compared(tables)

    points = [c for name, c in found.items() if name.startswith("H5")]
    misses = [c.modelled - c.observed.mode for c in points]
    assert len(points) == 4
    mean = math.fsum(miss**2 for miss in misses) / len(misses)
    assert math.sqrt(mean) == pytest.approx(fit.rms_error)


def test_the_published_debt_service_is_a_level_payment() -> None:
    seen = {o.id: o.mode for o in observations()}

    level = annuity_payment(principal=4400.0, rate=0.026, per_year=1, n=16)

    assert seen["M1"] == pytest.approx(level["payment"], rel=2e-3)


def test_a_run_without_money_says_of_what_it_knows_nothing(tables: Tables) -> None:
    silent = {n: tables[n] for n in ("routes", "departures", "assumptions")}

    found = compared(silent)

    missing = {n for n, c in found.items() if c.verdict == "not in this run"}
    assert missing == found.keys() - {"H5a", "H5b", "H5c", "H5d"}
    assert "is none, the first" in describe(silent, observations())


def test_tonnes_beyond_those_carried_have_no_surplus(tables: Tables) -> None:
    found = compared(tables)

    assert math.isnan(found["M2a"].modelled)
    assert math.isnan(found["M2c"].modelled)


def test_the_section_shows_lengths_of_works_surpluses_and_errors(
    tables: Tables,
) -> None:
    text = describe(tables, observations())

    assert "| official, first year | 2026.00 | 7.00 |" in text
    assert "| official, a year later | 2027.00 | 5.60 |" in text
    assert "| plan of the project | 2026.00 | 7.00 |" in text
    assert "| line in this run | 2027.00 | 5.60 |" in text
    assert "| 2040 | 7.00 | 100 | 70 | 30 | 100 |" in text
    assert "come with 1.25 years" in text
    assert "| H7a | tonnes on trains of the new line: 2030 |" in text


def test_an_observation_says_its_source_with_what_is_known_of_it() -> None:
    row = dict.fromkeys(("id", "observation", "unit", "remark", "at", "date"), "")
    row |= dict.fromkeys(("low", "mode", "high"), "1")

    (found,) = read_observations([row | {"source": "Book", "publisher": "Press"}])

    assert found.source == "Book (Press)"
    assert replace(found, at=2.0).at == 2.0
    assert found.at is None
