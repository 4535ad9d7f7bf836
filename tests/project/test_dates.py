"""Starts and durations, against distributions written down independently."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from scipy import stats

from railsim.project.delivery.dates import duration_years, slippage_years, start_years
from railsim.scenario.schema.worth.delivery import Duration, Slippage, Start

U = np.linspace(0.001, 0.999, 4001)
MIXTURE = {
    "kind": "mixture",
    "parts": {
        "later": {
            "kind": "exponential",
            "weight": 0.2,
            "low_year": 2028.0,
            "mean_years": 0.9,
        },
        "soon": {
            "kind": "uniform",
            "weight": 0.35,
            "low_year": 2026.67,
            "high_year": 2027.0,
        },
        "next": {
            "kind": "uniform",
            "weight": 0.45,
            "low_year": 2027.0,
            "high_year": 2028.0,
        },
    },
}
WINDOW = {
    "kind": "window",
    "years": (2026.25, 2026.75, 2027.25, 2027.75),
    "probabilities": (0.1, 0.3, 0.35, 0.25),
    "is_slipping": False,
}


def start(table):
    return TypeAdapter(Start).validate_python(table)


def cumulative_mixture(year):
    """F of the mixture, written as a sum of the three laws."""
    laws = [
        (0.35, stats.uniform(2026.67, 0.33)),
        (0.45, stats.uniform(2027.0, 1.0)),
        (0.20, stats.expon(2028.0, 0.9)),
    ]
    return sum(weight * law.cdf(year) for weight, law in laws)


def test_the_mixture_inverts_the_sum_of_its_parts():
    years = start_years(start(MIXTURE), U)

    assert cumulative_mixture(years) == pytest.approx(U, abs=1e-9)


def test_a_mixture_has_the_same_quantiles_in_whatever_order_it_is_written():
    parts = dict(reversed(MIXTURE["parts"].items()))

    years = start_years(start({**MIXTURE, "parts": parts}), U)

    assert years.tolist() == start_years(start(MIXTURE), U).tolist()


def test_a_window_gives_each_date_its_probability():
    years = start_years(start(WINDOW), (np.arange(10_000) + 0.5) / 10_000)

    found = {year: float(np.mean(years == year)) for year in WINDOW["years"]}
    assert found == pytest.approx(
        {2026.25: 0.1, 2026.75: 0.3, 2027.25: 0.35, 2027.75: 0.25}
    )


def test_a_uniform_start_lies_between_its_days():
    table = {"kind": "uniform", "low_year": 2026.0, "high_year": 2028.0}

    years = start_years(start({**table, "is_slipping": False}), U)

    assert years == pytest.approx(2026.0 + 2.0 * U)


def test_slippage_is_a_lognormal_given_that_it_stays_below_its_limit():
    slippage = Slippage(median_years=0.35, sigma=0.8, limit_years=3.0)
    law = stats.lognorm(0.8, scale=0.35)

    years = slippage_years(start({**WINDOW, "is_slipping": True}), slippage, U)

    assert law.cdf(years) / law.cdf(3.0) == pytest.approx(U)
    assert years.max() <= 3.0


def test_a_start_that_does_not_slip_and_a_mixture_have_no_slippage():
    slippage = Slippage(median_years=0.35, sigma=0.8, limit_years=3.0)

    found = [slippage_years(start(t), slippage, U).max() for t in (WINDOW, MIXTURE)]

    assert found == [0.0, 0.0]


def test_a_structural_duration_has_its_two_quantiles():
    table = {"kind": "structural", "works_years": 5.0}
    law = TypeAdapter(Duration).validate_python(
        {**table, "p50_factor": 1.25, "p80_factor": 1.6}
    )

    years = duration_years(law, 0.5, np.array([0.5, 0.8]))

    assert years.tolist() == pytest.approx([5 * 1.25 + 0.5, 5 * 1.6 + 0.5])


def test_a_triangular_duration_includes_commissioning():
    table = {"kind": "triangular", "low_years": 4.0, "mode_years": 5.7}
    law = TypeAdapter(Duration).validate_python({**table, "high_years": 9.0})

    years = duration_years(law, 0.5, U)

    assert years == pytest.approx(stats.triang(0.34, 4.0, 5.0).ppf(U))


@given(st.floats(1e-9, 1 - 1e-9), st.floats(1e-9, 1 - 1e-9))
def test_more_luck_never_means_an_earlier_start(u, v):
    for table in (MIXTURE, WINDOW):
        low, high = start_years(start(table), np.array([min(u, v), max(u, v)]))

        assert low <= high
