"""Every kind of random number follows its law: tests at alpha 0.001, n = 100,000."""

import numpy as np
import pytest
from scipy import stats

from railsim.corridor.time.timing import Drive, SectionRun, hours, mean_hours
from railsim.engine.draws import draw
from railsim.engine.luck import Luck
from railsim.scenario.schema.timing import (
    Deterministic,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Lognormal,
    Triangular,
    Uniform,
)
from tests.engine.networks import DAY, HOUR, plan_of

ALPHA = 0.001
COUNT = 100_000
SIGMA = np.sqrt(np.log1p(0.8**2))
LAWS = {
    "exponential": (
        Exponential(dist="exponential", mean_h=2.0),
        stats.expon(scale=2.0),
    ),
    "erlang": (Erlang(dist="erlang", shape=4, mean_h=2.0), stats.gamma(4, scale=0.5)),
    "gamma": (Gamma(dist="gamma", mean_h=2.0, cv=1.25), stats.gamma(0.64, scale=3.125)),
    "lognormal": (
        Lognormal(dist="lognormal", mean_h=2.0, cv=0.8),
        stats.lognorm(SIGMA, scale=2.0 / np.sqrt(1.64)),
    ),
    "triangular": (
        Triangular(dist="triangular", low_h=1.0, mode_h=2.0, high_h=5.0),
        stats.triang(0.25, loc=1.0, scale=4.0),
    ),
    "uniform": (
        Uniform(dist="uniform", low_h=1.0, high_h=3.0),
        stats.uniform(1.0, 2.0),
    ),
}


def sample(timing) -> np.ndarray:
    """So many times of a stream named after their kind."""
    return hours(timing, Luck(5, 0, 2026).uniforms(type(timing).__name__, COUNT))


@pytest.mark.parametrize("kind", LAWS)
def test_times_pass_the_test_of_kolmogorov_and_smirnov(kind):
    timing, law = LAWS[kind]

    assert stats.kstest(sample(timing), law.cdf).pvalue > ALPHA


@pytest.mark.parametrize("kind", LAWS)
def test_the_mean_is_the_one_that_was_asked_for(kind):
    timing, law = LAWS[kind]

    error = law.std() / np.sqrt(COUNT)
    assert mean_hours(timing) == pytest.approx(law.mean())
    assert abs(sample(timing).mean() - law.mean()) < 4.0 * error


def test_empirical_times_come_equally_often():
    timing = Empirical(dist="empirical", values_h=(3.0, 1.0, 7.0, 7.0))

    values, counts = np.unique(sample(timing), return_counts=True)

    assert values.tolist() == [1.0, 3.0, 7.0]
    expected = COUNT * np.array([0.25, 0.25, 0.5])
    assert stats.chisquare(counts, expected).pvalue > ALPHA


def test_a_constant_is_constant():
    assert set(sample(Deterministic(dist="deterministic", value_h=1.5))) == {1.5}


def test_driving_time_is_length_over_a_triangular_speed():
    drive = Drive(400.0, (45.0, 58.0, 68.0), np.inf, 0.0, 0.25)

    speed = 400.0 / (sample(drive) - 0.25)

    law = stats.triang(13.0 / 23.0, loc=45.0, scale=23.0)
    assert stats.kstest(speed, law.cdf).pvalue > ALPHA


@pytest.mark.parametrize(
    ("length_km", "driven_h"),
    [(200.0, 4.0), (201.0, 4.02 + 0.75), (400.0, 8.0 + 0.75), (401.0, 8.02 + 1.5)],
)
def test_a_driver_rests_after_each_full_spell_but_not_at_the_end(length_km, driven_h):
    drive = Drive(length_km, (50.0, 50.0, 50.0), 4.0, 0.75, 0.0)

    assert hours(drive, np.array([0.3]))[0] == pytest.approx(driven_h)


def test_a_section_is_stretched_by_a_triangular_share():
    section = SectionRun(0.5, (0.0, 0.03, 0.15))

    stretch = sample(section) / 0.5 - 1.0

    law = stats.triang(0.2, loc=0.0, scale=0.15)
    assert stats.kstest(stretch, law.cdf).pvalue > ALPHA


# -- arrivals -------------------------------------------------------------------------


def arrivals(text: str, seed: int = 1, replication: int = 0) -> np.ndarray:
    """Times of the lots of a world with one desk, ms."""
    plan = plan_of("stations.desk.servers = 1\n" + text)
    return draw(plan, seed, replication).lots.arrival_ms


def dispersion_p(counts: np.ndarray, expected: np.ndarray | float) -> float:
    """Two-sided p of counts being independent Poisson numbers of these means."""
    statistic = ((counts - expected) ** 2 / expected).sum()
    p = stats.chi2.cdf(statistic, len(counts))
    return 2.0 * min(p, 1.0 - p)


def test_hourly_counts_of_a_poisson_flow_are_poisson():
    at_ms = arrivals(
        '[flows.jobs]\narrivals = { kind = "poisson", rate_per_h = 11.0 }\n'
    )

    counts = np.bincount(at_ms // HOUR, minlength=8760)

    assert dispersion_p(counts, 11.0) > ALPHA
    gaps = np.diff(at_ms) / HOUR
    assert stats.kstest(gaps, stats.expon(scale=1 / 11.0).cdf).pvalue > ALPHA


ANNUAL = """
    [seasons.fruit]
    month_factors = [1.5, 0.5, 1.0, 1.0, 2.0, 2.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.5]
    weekday_factors = [1.05, 1.05, 1.05, 1.05, 1.05, 0.95, 0.80]
    lunar.rush = { first_day = -10, last_day = -4, factor = 1.35 }
    lunar.feast = { first_day = -3, last_day = 5, factor = 0.0 }
    [commodities.goods]
    season = "fruit"
    [flows.jobs]
    arrivals = { kind = "annual", tonnes = 1_000_000.0 }
"""


def test_daily_counts_of_an_annual_flow_are_poisson_around_the_season():
    plan = plan_of("stations.desk.servers = 1\n" + ANNUAL)
    expected = plan.lots_per_day[0]

    counts = np.bincount(draw(plan, 1, 0).lots.arrival_ms // DAY, minlength=365)

    is_open = expected > 0
    assert is_open.sum() == 365 - 9
    assert counts[~is_open].sum() == 0
    assert dispersion_p(counts[is_open], expected[is_open]) > ALPHA


def test_arrivals_spread_evenly_over_the_hours_of_a_day():
    hour = arrivals(ANNUAL) % DAY // HOUR

    assert stats.chisquare(np.bincount(hour, minlength=24)).pvalue > ALPHA


def test_the_annual_total_is_poisson_with_the_right_mean():
    text = ANNUAL.replace("1_000_000.0", "2_000.0")

    totals = np.array([len(arrivals(text, replication=r)) for r in range(60)])

    # 2,000 t in lots of one TEU of 10 t.
    assert abs(totals.mean() - 200.0) < 4.0 * np.sqrt(200.0 / 60)
    assert dispersion_p(totals, 200.0) > ALPHA


def test_lots_of_renewal_flows_keep_their_gaps():
    gap = '{ dist = "erlang", shape = 3, mean_h = 0.5 }'
    at_ms = arrivals(f'[flows.jobs]\narrivals = {{ kind = "renewal", gap = {gap} }}\n')

    gaps = np.diff(at_ms) / HOUR

    assert stats.kstest(gaps, stats.gamma(3, scale=1 / 6).cdf).pvalue > ALPHA


def test_scheduled_lots_are_late_as_they_may_be():
    late = '{ dist = "triangular", low_h = -1.0, mode_h = 0.0, high_h = 6.0 }'
    text = f'arrivals = {{ kind = "scheduled", every_h = 24.0, lateness = {late} }}'

    at_h = arrivals(f"[flows.jobs]\n{text}\n") / HOUR

    lateness = at_h - 24.0 * np.round((at_h - 2.5) / 24.0)
    law = stats.triang(1 / 7, loc=-1.0, scale=7.0)
    assert stats.kstest(lateness[1:], law.cdf).pvalue > ALPHA


def test_listed_lots_come_when_they_are_listed():
    at_ms = arrivals(
        '[flows.jobs]\narrivals = { kind = "listed", at_h = [30.5, 1.25] }'
    )

    assert (at_ms / HOUR).tolist() == [1.25, 30.5]


def test_no_lot_comes_outside_warm_up_and_year():
    for kind in (
        'kind = "poisson", rate_per_h = 0.1',
        'kind = "annual", tonnes = 9000.0',
        'kind = "scheduled", every_h = 7.0',
        'kind = "renewal", gap = { dist = "exponential", mean_h = 9.0 }',
        'kind = "listed", at_h = [-100.0, -10.0, 5.0, 8750.0, 8770.0]',
    ):
        at_h = (
            arrivals(
                f"[run]\nwarmup_days = 2.5\ndrain_days = 9.0\n"
                f"[flows.jobs]\narrivals = {{ {kind} }}\n"
            )
            / HOUR
        )
        assert at_h.min() >= -60.0
        assert at_h.min() < 0.0
        assert at_h.max() < 8760.0


# -- lots -----------------------------------------------------------------------------


def test_sizes_of_lots_have_the_given_shares():
    text = """
        stations.desk.servers = 1
        [lot_sizes.one]
        teu = [1, 2, 4, 10, 25, 50]
        probability = [0.35, 0.30, 0.15, 0.12, 0.06, 0.02]
        [flows.jobs]
        arrivals = { kind = "poisson", rate_per_h = 11.4 }
    """

    teu = draw(plan_of(text), 1, 0).lots.teu

    sizes, counts = np.unique(teu, return_counts=True)
    shares = np.array([0.35, 0.30, 0.15, 0.12, 0.06, 0.02])
    assert sizes.tolist() == [1, 2, 4, 10, 25, 50]
    assert stats.chisquare(counts, shares * len(teu)).pvalue > ALPHA


def test_forty_foot_boxes_are_their_share_of_the_teu():
    text = """
        stations.desk.servers = 1
        [commodities.goods]
        forty_foot_share = 0.6
        [lot_sizes.one]
        teu = [10]
        probability = [1.0]
        [flows.jobs]
        arrivals = { kind = "poisson", rate_per_h = 5.0 }
    """

    lots = draw(plan_of(text), 1, 0).lots

    # Of 10 TEU, 6 are in three 40-ft boxes, 4 in as many 20-ft boxes.
    assert lots.boxes.mean() == pytest.approx(7.0, abs=0.02)


@pytest.mark.parametrize(
    ("tonnes", "trucks"), [(10.0, 5), (20.0, 10)], ids=["light", "heavy"]
)
def test_a_truck_takes_two_light_boxes_or_one_heavy(tonnes, trucks):
    text = f"""
        stations.desk.servers = 1
        [commodities.goods]
        tonnes_per_teu = {tonnes}
        [lot_sizes.one]
        teu = [10]
        probability = [1.0]
        [flows.jobs]
        arrivals = {{ kind = "listed", at_h = [1.0] }}
    """

    assert draw(plan_of(text), 1, 0).lots.trucks.tolist() == [trucks]


def test_visit_numbers_fall_into_their_bands_as_often_as_they_should():
    text = """
        stations = { red = {}, yellow = {} }
        [routes.only]
        steps = [
            { station = "red", draw = "lane", share = 0.1 },
            { station = "yellow", draw = "lane", share = 0.25 },
        ]
        [flows.jobs]
        arrivals = { kind = "poisson", rate_per_h = 11.4 }
    """
    plan = plan_of(text)

    u = draw(plan, 1, 0).lots.visits

    bands = list(zip(plan.steps.low, plan.steps.high, strict=True))
    counts = [((low <= u) & (u < high)).sum() for low, high in bands]
    assert bands == [(0.0, 0.1), (0.1, 0.35)]
    counts.append(len(u) - sum(counts))
    shares = np.array([0.1, 0.25, 0.65])
    assert stats.chisquare(counts, shares * len(u)).pvalue > ALPHA


# -- departures -----------------------------------------------------------------------


def test_dropped_departures_are_their_share():
    text = """
        [links.way]
        time = { dist = "exponential", mean_h = 1.0 }
        [services.train]
        cancelled_share = 0.07
        timetable.per_day = { "2000" = 30.0 }
        steps = [{ link = "way" }]
        [routes.only]
        steps = [{ service = "train" }]
    """

    dropped = draw(plan_of(text), 1, 0).vehicles.is_dropped

    assert stats.binomtest(int(dropped.sum()), len(dropped), 0.07).pvalue > ALPHA
