"""Observations beside a run."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from railsim.report.validation.backcast import MODELLED, compare, to_page
from railsim.report.validation.observations import Comparison, read_observations
from railsim.report.validation.tables import Tables

OBSERVATIONS = Path(__file__).parents[3] / "scenarios" / "observations.csv"


@pytest.fixture(scope="module")
def tables() -> Tables:
    key = {"alternative": "without", "year": "2026"}
    route = {**key, "market": "bilateral", "flow": "fruit", "teu": "10"}
    south, north = {"direction": "south"}, {"direction": "north"}
    direct = {"time_mean_h": "30", "money_usd_per_teu": "500"}
    swapped = {"time_mean_h": "54", "money_usd_per_teu": "560"}
    return {
        "routes": [
            {**route, **south, **swapped, "route": "R3", "tonnes": "3000000"},
            {**route, **south, **direct, "route": "R4", "tonnes": "1000000"},
            {**route, **north, **direct, "route": "R2", "tonnes": "500000"},
            {**route, **south, **direct, "route": "R5", "tonnes": "900000"},
            {**route, **south, **direct, "year": "2040", "route": "R2", "tonnes": "9"},
        ],
        "departures": [
            {
                **key,
                "service": "mg_container.back",
                "km": "389",
                "run_h": "20",
                "departures_run": "100",
                "tonnes": "30000",
            },
        ],
        "resources": [
            {
                **key,
                "resource": "stations.kim_thanh_lane",
                "trucks": "36500",
                "utilisation": "0.5",
                "wait_mean_h": "3",
            },
        ],
        "assumptions": [
            {
                "path": "services.x.capacity_t",
                "value": "1",
                "unit": "t",
                "remark": "sized | to the flow",
                "grade": "derived",
            }
        ],
    }


def observed(tables: Tables) -> dict[str, Comparison]:
    with OBSERVATIONS.open(encoding="utf-8", newline="") as file:
        found = compare(tables, read_observations(csv.DictReader(file)))
    return {c.observed.id: c for c in found}


def test_every_quantity_of_the_base_year_has_an_observation(tables: Tables) -> None:
    assert set(observed(tables)) == set(MODELLED)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("H1", 389 / 20),
        ("H2", 300.0),
        ("H3", 100.0),
        ("H4a", 1.0),
        ("H4b", 120.0),
        ("H8a", 4.5),
        ("H8b", 4.0 / 4.5),
        ("H9", 0.5),
    ],
)
def test_quantities_of_the_model_are_read_from_the_base_year(
    tables: Tables, name: str, value: float
) -> None:
    assert observed(tables)[name].modelled == pytest.approx(value)


def test_a_miss_is_published_with_its_error(tables: Tables) -> None:
    comparison = observed(tables)["H9"]

    assert comparison.verdict == f"off by {0.5 / 1.143 - 1:+.0%}"


def test_a_quantity_that_the_run_lacks_is_called_missing(tables: Tables) -> None:
    comparison = observed({**tables, "departures": []})["H1"]

    assert math.isnan(comparison.modelled)
    assert comparison.verdict == "not in this run"


def test_the_page_escapes_bars_and_lists_derived_sizes(tables: Tables) -> None:
    page = to_page(
        "base-1234",
        tables,
        observed(tables).values(),
        outlook="later years",
        fidelities="closed forms",
    )

    assert "sized \\| to the flow" in page
    assert "| H3 |" in page
    assert page.index("later years") < page.index("closed forms")
