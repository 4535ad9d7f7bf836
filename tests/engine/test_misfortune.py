"""Storms, regimes and breakdowns come as often and last as long as they should."""

import numpy as np
import pytest
from scipy import stats

from railsim.engine.draws import draw
from railsim.engine.luck import Luck
from railsim.engine.misfortune import broken_servers, outages, regime_spells
from tests.engine.networks import DAY, HOUR, plan_of

ALPHA = 0.001
WEIGHTS = [0, 0, 0, 0, 0, 0.08, 0.20, 0.26, 0.26, 0.14, 0.06, 0]
OUTAGE = """
    [disruptions.storm.severities.{severity}.outages.{name}]
    resources = ["stations.{name}"]
    low_h = {low}
    mode_h = {mode}
    high_h = {high}
    capacity_factor = {factor}
"""


def outage(severity, name, low, mode, high, factor) -> str:
    """What an event of some severity does to a station."""
    return OUTAGE.format(
        severity=severity, name=name, low=low, mode=mode, high=high, factor=factor
    )


STORM = f"""
    stations = {{ port = {{ servers = 10 }}, yard = {{ servers = 10 }} }}
    [disruptions.storm]
    name = "storm"
    events_per_year = 1.6
    month_weights = {[float(w) for w in WEIGHTS]}
    common_share = 0.8
    [disruptions.storm.severities.minor]
    share = 0.7
    [disruptions.storm.severities.major]
    share = 0.3
"""
MINOR = outage("minor", "port", 18.0, 24.0, 48.0, 0.0)
STORMS = (
    STORM
    + MINOR
    + outage("minor", "yard", 6.0, 12.0, 24.0, 0.0)
    + outage("major", "port", 48.0, 72.0, 120.0, 0.5)
)


def storms(text: str, replications: int) -> list[dict[str, list[tuple]]]:
    """Per replication the factors on the port and the yard that begin in the year."""
    plan = plan_of(text)
    port, yard = (plan.resources.names.index(f"stations.{n}") for n in ("port", "yard"))
    found = []
    for replication in range(replications):
        factors = outages(plan, Luck(3, replication, 2026), {})
        in_year = {
            name: sorted(f for f in factors.get(r, []) if 0 <= f[0] < 365 * DAY)
            for name, r in (("port", port), ("yard", yard))
        }
        found.append(in_year)
    return found


@pytest.fixture(scope="module", name="years")
def thousand_years():
    """A thousand years of storms."""
    return storms(STORMS, 1000)


def test_storms_of_a_year_are_poisson(years):
    counts = np.array([len(year["port"]) for year in years])

    assert abs(counts.mean() - 1.6) < 4.0 * np.sqrt(1.6 / 1000)
    expected = stats.poisson(1.6).pmf(np.arange(5)) * 1000
    observed = [(counts == n).sum() for n in range(5)]
    assert (
        stats.chisquare(
            [*observed, (counts > 4).sum()], [*expected, 1000 - expected.sum()]
        ).pvalue
        > ALPHA
    )


def test_storms_keep_to_their_months(years):
    begins = np.array([f[0] for year in years for f in year["port"]]) // DAY
    months = np.searchsorted(
        np.cumsum([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]), begins, "right"
    )

    counts = np.bincount(months, minlength=12)
    is_season = np.array(WEIGHTS) > 0
    assert counts[~is_season].sum() == 0
    expected = np.array(WEIGHTS)[is_season] * counts.sum()
    assert stats.chisquare(counts[is_season], expected).pvalue > ALPHA


def test_severities_have_their_shares(years):
    factors = [f[2] for year in years for f in year["port"]]

    major = sum(value == 0.5 for value in factors)
    assert stats.binomtest(major, len(factors), 0.3).pvalue > ALPHA


def test_outages_last_as_their_triangle_says(years):
    lasted = [(f[1] - f[0]) / HOUR for y in years for f in y["port"] if f[2] == 0.0]

    law = stats.triang(6.0 / 30.0, loc=18.0, scale=30.0)
    assert stats.kstest(lasted, law.cdf).pvalue > ALPHA


@pytest.mark.parametrize("common_share", [0.0, 0.5, 0.8, 1.0])
def test_outages_of_one_event_are_rank_correlated_by_the_common_share(common_share):
    text = STORMS.replace("common_share = 0.8", f"common_share = {common_share}")
    text = text.replace("events_per_year = 1.6", "events_per_year = 100.0")
    pairs = [
        (port[1] - port[0], yard[1] - yard[0])
        for year in storms(text, 10)
        for port in year["port"]
        for yard in year["yard"]
        if port[0] == yard[0] and port[2] == 0.0
    ]

    correlation = stats.spearmanr(pairs).statistic

    assert len(pairs) > 500
    assert correlation == pytest.approx(common_share, abs=0.08)


def test_a_storm_at_the_end_of_a_year_reaches_into_the_next():
    text = STORMS.replace(MINOR, outage("minor", "port", 4e3, 4e3, 4e3, 0.0))
    plans = [plan_of(text, year=year) for year in (2026, 2027)]

    port = plans[0].resources.names.index("stations.port")
    first, second = (
        set(outages(plan, Luck(3, 0, plan.span.year), {}).get(port, ()))
        for plan in plans
    )

    within = {f for f in first if 0 <= f[0] < 730 * DAY}
    assert within == {f for f in second if 0 <= f[0] < 730 * DAY}


def test_a_listed_event_happens_even_without_chance():
    text = STORMS.replace(
        "common_share = 0.8", 'common_share = 0.8\nlisted = { "2026-09-07" = "minor" }'
    )
    plan = plan_of(text + "[run]\nis_deterministic = true\n")

    changes = draw(plan, 1, 0).changes

    assert changes.capacity.tolist()[:2] == [0, 0]
    assert changes.at_ms[0] == 249 * DAY
    assert len(changes.at_ms) == 4


# -- regimes --------------------------------------------------------------------------

REGIME = """
    stations.laboratory.servers = 6
    [regimes.strict]
    name = "strict"
    entry_per_month = 0.05
    mean_months = 4.0
    resources = ["stations.laboratory"]
    capacity_factor = 0.5
    [flows.jobs]
    arrivals = { kind = "scheduled", every_h = 24.0 }
"""


def months_under_regime(replications: int) -> np.ndarray:
    """A row a replication: does the regime rule in each month of the year?"""
    plan = plan_of(REGIME)
    middles = np.array([DAY * (15 + 30.4 * m) for m in range(12)])
    rows = []
    for replication in range(replications):
        luck = Luck(1, replication, 2026)
        spells = regime_spells("strict", plan.regimes["strict"], plan, luck)
        rows.append([any(a <= t < b for a, b in spells) for t in middles])
    return np.array(rows)


def test_a_regime_rules_its_stationary_share_of_the_months():
    ruled = months_under_regime(2000)

    # 0.05 a month in, 0.25 a month out: one sixth of the time, in every month alike.
    assert ruled.mean() == pytest.approx(1 / 6, abs=0.015)
    assert ruled[:, 0].mean() == pytest.approx(1 / 6, abs=0.03)
    assert ruled[:, 11].mean() == pytest.approx(1 / 6, abs=0.03)


def test_a_regime_ends_a_month_with_the_inverse_of_its_mean_length():
    ruled = months_under_regime(2000)

    stays = ruled[:, :-1] & ruled[:, 1:]
    assert 1.0 - stays.sum() / ruled[:, :-1].sum() == pytest.approx(0.25, abs=0.03)


def test_a_listed_spell_that_meets_a_drawn_one_cuts_capacity_once():
    text = REGIME.replace("entry_per_month = 0.05", "entry_per_month = 1.0")
    text = text.replace("mean_months = 4.0", "mean_months = 120.0")
    text = text.replace(
        "capacity_factor", 'listed = { "2026-03" = 2.0 }\ncapacity_factor'
    )

    capacity = draw(plan_of(text), 1, 0).changes.capacity

    assert set(capacity.tolist()) <= {3, 6}


def test_lots_know_the_regime_under_which_they_were_created():
    text = REGIME.replace("entry_per_month = 0.05", "entry_per_month = 0.0")
    text = text.replace(
        "capacity_factor", 'listed = { "2026-03" = 1.0 }\ncapacity_factor'
    )

    lots = draw(plan_of(text), 1, 0).lots

    day = lots.arrival_ms // DAY
    assert (
        np.flatnonzero(lots.regimes == 1).tolist()
        == day[(day >= 59) & (day < 90)].tolist()
    )


# -- breakdowns -----------------------------------------------------------------------


def test_servers_fail_and_are_repaired_as_the_calendar_of_chance_says():
    text = """
        [stations.crane]
        servers = 40
        [stations.crane.breakdown]
        between_failures_h = 50.0
        repair = { dist = "lognormal", mean_h = 5.0, cv = 1.0 }
    """
    plan = plan_of(text)

    spells = broken_servers(plan, Luck(1, 0, 2026))[0]

    down_h = sum(min(b, 365 * DAY) - a for a, b in spells) / HOUR
    assert down_h / (40 * 8760.0) == pytest.approx(5.0 / 55.0, rel=0.03)
    repairs = [(b - a) / HOUR for a, b in spells]
    law = stats.lognorm(np.sqrt(np.log(2.0)), scale=5.0 / np.sqrt(2.0))
    assert stats.kstest(repairs, law.cdf).pvalue > ALPHA
