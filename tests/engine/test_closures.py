"""Closures as moments: calendars exactly, misfortune as it is to be expected."""

import numpy as np
import pytest

from railsim.engine.analytic.reading.closures import read_closures, regime_share
from tests.engine.networks import plan_of

STORM = """
    [disruptions.storm]
    name = "storm"
    events_per_year = 2.0
    month_weights = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    common_share = 0.0
    [disruptions.storm.severities.only]
    share = 1.0
    [disruptions.storm.severities.only.outages.road]
    resources = ["links.way"]
    low_h = 24.0
    mode_h = 72.0
    high_h = 240.0
    capacity_factor = 0.0
"""
WAY = """
    [links.way]
    time = { dist = "deterministic", value_h = 5.0 }
    [routes.only]
    steps = [{ link = "way" }]
"""
LENGTHS = 24.0, 72.0, 240.0


def square_of_triangular(low: float, mode: float, high: float) -> float:
    return (low**2 + mode**2 + high**2 + low * mode + low * high + mode * high) / 6.0


def test_a_storm_delays_by_half_its_mean_square_over_the_year():
    closures = read_closures(plan_of(WAY + STORM))

    expected = 2.0 * square_of_triangular(*LENGTHS) / (2.0 * 8760.0)
    assert closures.mean_h == pytest.approx([expected])
    lost = 2.0 * sum(LENGTHS) / 3.0 / 8760.0
    assert closures.open_share[0] == pytest.approx(1.0 - lost)


def test_without_chance_only_listed_storms_come():
    listed = STORM.replace(
        "common_share = 0.0", 'common_share = 0.0\nlisted = { 2026-09-07 = "only" }'
    )
    still = "[run]\nis_deterministic = true\n"

    one = read_closures(plan_of(WAY + listed + still))
    none = read_closures(plan_of(WAY + STORM + still))

    expected = square_of_triangular(*LENGTHS) / (2.0 * 8760.0)
    assert one.mean_h == pytest.approx([expected])
    assert len(none.mean_h) == 0


def test_a_weekend_counts_as_one_long_closure():
    plan = plan_of("""
        [calendars.office]
        utc_offset_h = 7
        windows_h = [[8, 18]]
        weekly_h = { sat = [], sun = [] }
        [stations.desk]
        calendar = "office"
        time = { dist = "deterministic", value_h = 0.1 }
    """)

    closures = read_closures(plan)

    nights, weekend = 4 * 14.0**2, (14.0 + 48.0) ** 2
    assert closures.mean_h[0] == pytest.approx((nights + weekend) / 336.0, rel=0.02)
    assert closures.open_share[0] == pytest.approx(50.0 / 168.0, rel=0.01)


def test_a_regime_rules_as_listed_and_else_in_its_long_run():
    regime = """
        [stations.desk]
        time = { dist = "deterministic", value_h = 0.1 }
        [regimes.strict]
        name = "strict"
        entry_per_month = 0.02
        mean_months = 6.0
        resources = ["stations.desk"]
        capacity_factor = 0.5
        listed = { 2026-10 = 6 }
    """

    share = regime_share(plan_of(regime), "strict")

    usual = 0.02 / (0.02 + 1.0 / 6.0)
    assert share == pytest.approx(0.25 + 0.75 * usual)


def test_servers_that_fail_are_missing_for_the_time_of_repair():
    plan = plan_of("""
        [stations.desk]
        time = { dist = "deterministic", value_h = 0.1 }
        breakdown = { between_failures_h = 95.0, repair = \
{ dist = "lognormal", mean_h = 5.0, cv = 1.0 } }
    """)

    closures = read_closures(plan)

    assert np.asarray(closures.open_share) == pytest.approx([0.95])
