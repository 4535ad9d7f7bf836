"""Overruns and spending, against scipy's distributions and conservation of money."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from railsim.formulas.delivery import (
    copula_pair,
    disbursement_calendar,
    lognormal_from_mean_quantile,
    lognormal_from_mean_sd,
    lognormal_from_two_quantiles,
    spliced_overrun,
)

SPLICE = {"mean": 1.39, "threshold": 1.5, "p_tail": 0.28, "tail_mean": 2.16, "low": 0.8}
SPENDING = {"profile": "beta", "params": [2.2, 2.6], "total": 8369.0}
SPENDING |= {"start_year": 2026.75, "duration_years": 5.5, "years": range(2026, 2033)}
PROFILES = [
    ("beta", [2.2, 2.6]),
    ("beta", [0.5, 1]),
    ("rayleigh", [3.5]),
    ("rayleigh", [1e-9]),
    ("logistic", [10, 0.5]),
    ("logistic", [2000, 0.4]),
    ("logistic", [1e-6, -3]),
]


@pytest.mark.parametrize(
    ("mean", "q", "p"), [(1.39, 1.57, 0.8), (1, 0.8, 0.5), (2, 1, 0.1), (1, 0.9, 0.7)]
)
def test_a_fit_by_mean_and_quantile_has_both(mean, q, p):
    fit = lognormal_from_mean_quantile(mean=mean, q=q, p=p)

    law = stats.lognorm(fit["sigma"], scale=fit["median"])
    assert law.mean() == pytest.approx(mean)
    assert law.ppf(p) == pytest.approx(q)
    assert law.ppf(0.95) == pytest.approx(fit["p95"])


def test_of_two_fits_the_narrower_is_taken():
    sigmas = (0.1, 2 * 0.8416212335729143 - 0.1)  # both roots for this p80
    q = math.exp(0.8416212335729143 * 0.1 - 0.005)

    fit = lognormal_from_mean_quantile(mean=1, q=q, p=0.8)

    assert fit["sigma"] == pytest.approx(min(sigmas))


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99), st.floats(0.01, 2))
@settings(max_examples=40)
def test_a_fit_by_two_quantiles_has_both(p1, p2, sigma):
    if abs(p1 - p2) < 1e-3:
        return
    law = stats.lognorm(sigma, scale=1.4)

    fit = lognormal_from_two_quantiles(q1=law.ppf(p1), p1=p1, q2=law.ppf(p2), p2=p2)

    assert fit["sigma"] == pytest.approx(sigma, rel=1e-9)
    assert fit["mean"] == pytest.approx(law.mean())
    assert fit["p90"] == pytest.approx(law.ppf(0.9))


@pytest.mark.parametrize("sd", [1e-3, 0.384, 10])
def test_a_fit_by_mean_and_spread_has_both(sd):
    fit = lognormal_from_mean_sd(mean=1.447, sd=sd)

    law = stats.lognorm(fit["sigma"], scale=fit["median"])
    assert (law.mean(), law.std()) == pytest.approx((1.447, sd), rel=1e-7)
    assert law.ppf(0.8) == pytest.approx(fit["p80"])


def test_no_spread_is_a_certain_value():
    fit = lognormal_from_mean_sd(mean=2, sd=0)

    assert fit["sigma"] == 0
    assert (fit["median"], fit["p80"]) == pytest.approx((2, 2), rel=1e-15)


def test_the_splice_has_the_mean_it_was_given():
    def quantile(u):
        return spliced_overrun(u=u, **SPLICE)["ppf"]

    body = integrate.quad(quantile, 0, 0.72)
    tail = integrate.quad(lambda v: 2 * v * quantile(1 - v * v), 1e-6, 0.28**0.5)

    assert body[0] + tail[0] == pytest.approx(1.39, rel=1e-6)


def test_the_splice_rises_from_its_low_end_without_bound():
    u = [i / 100 for i in range(101)]

    ppf = spliced_overrun(u=u, **SPLICE)["ppf"]

    assert ppf == sorted(ppf)
    assert (ppf[0], ppf[72], ppf[-1]) == (0.8, pytest.approx(1.5), math.inf)


@pytest.mark.parametrize(("profile", "params"), PROFILES)
def test_spending_over_all_years_is_the_total(profile, params):
    spent = disbursement_calendar(**(SPENDING | {"profile": profile, "params": params}))

    assert math.fsum(spent) == pytest.approx(8369, rel=1e-12)
    assert min(spent) >= 0


def test_spending_follows_the_beta_law():
    spent = disbursement_calendar(**SPENDING)

    law = stats.beta(2.2, 2.6, loc=2026.75, scale=5.5)
    years = range(2026, 2033)
    assert spent == pytest.approx([8369 * (law.cdf(y + 1) - law.cdf(y)) for y in years])


def test_the_logistic_profile_is_the_logistic_law_between_its_ends():
    spent = disbursement_calendar(
        profile="logistic",
        params=[8, 0.6],
        total=1,
        start_year=2026,
        duration_years=4,
        years=[2026, 2027],
    )

    def law(t):
        return 1 / (1 + math.exp(-8 * (t - 0.6)))

    half = (law(0.5) - law(0)) / (law(1) - law(0))
    assert math.fsum(spent) == pytest.approx(half)


def test_years_outside_the_works_see_no_money():
    assert disbursement_calendar(**(SPENDING | {"years": [2020, 2040]})) == [0, 0]
    assert disbursement_calendar(**(SPENDING | {"years": []})) == []


@pytest.mark.parametrize(
    ("rho", "v2", "spearman"), [(0, 0.4, 0), (1, 0.9, 1), (-1, 0.1, -1)]
)
def test_the_copula_runs_from_opposition_to_union(rho, v2, spearman):
    pair = copula_pair(u1=0.9, u2=0.4, rho=rho)

    assert pair == pytest.approx({"v1": 0.9, "v2": v2, "spearman": spearman})


@pytest.mark.parametrize(
    ("function", "arguments", "name"),
    [
        (lognormal_from_mean_quantile, {"mean": 1, "q": 3, "p": 0.8}, "q"),
        (lognormal_from_mean_quantile, {"mean": 1, "q": 1.1, "p": 0.4}, "q"),
        (lognormal_from_mean_quantile, {"mean": 1, "q": 1.1, "p": 1}, "p"),
        (lognormal_from_two_quantiles, {"q1": 1, "p1": 0.5, "q2": 2, "p2": 0.5}, "p2"),
        (lognormal_from_two_quantiles, {"q1": 1, "p1": 0.8, "q2": 2, "p2": 0.5}, "q2"),
        (lognormal_from_mean_sd, {"mean": 1, "sd": -1}, "sd"),
        (spliced_overrun, SPLICE | {"u": [1.1]}, "u"),
        (spliced_overrun, SPLICE | {"u": [], "tail_mean": 1.5}, "tail_mean"),
        (spliced_overrun, SPLICE | {"u": [], "mean": 3}, "mean"),
        (disbursement_calendar, SPENDING | {"profile": "gauss"}, "profile"),
        (disbursement_calendar, SPENDING | {"params": [1]}, "params"),
        (disbursement_calendar, SPENDING | {"duration_years": 0}, "duration_years"),
        (copula_pair, {"u1": 0, "u2": 0.5, "rho": 0}, "u1"),
        (copula_pair, {"u1": 0.5, "u2": 0.5, "rho": 1.1}, "rho"),
    ],
)
def test_a_wrong_argument_is_named(function, arguments, name):
    with pytest.raises(ValueError, match=rf"^{name} must"):
        function(**arguments)
