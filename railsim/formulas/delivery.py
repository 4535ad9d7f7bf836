"""How projects turn out: overruns, delays and the calendar of spending.

Overruns are taken from the outside view: a distribution fitted to what past projects
of the same class came to (Flyvbjerg 2006).
"""

import math
from collections.abc import Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, expit, ndtr, ndtri

from railsim.formulas.checks import (
    require_finite,
    require_nonnegative,
    require_positive,
    require_sequence,
    require_share,
)
from railsim.formulas.statistics import map_chances, triangular_quantiles

Array = NDArray[np.float64]
ROUNDING = 1e-12


class Spliced(TypedDict):
    """Shape of the splice, and its quantile at u, or at each u."""

    pareto_alpha: float
    body_mean: float
    body_mode: float
    ppf: float | list[float]


def lognormal_from_mean_quantile(
    *, mean: float, q: float, p: float
) -> dict[str, float]:
    """Fit a lognormal to its mean and one quantile, with the smaller spread.

    ``q`` the value not exceeded with probability ``p``; mu and sigma of the log.
    sigma solves sigma^2 / 2 - z sigma + ln(q / mean) = 0, z = Phi^-1(p): the smaller
    root which is not negative; mu = ln(mean) - sigma^2 / 2.
    Raises ValueError if mean or q is not positive, p not inside 0 to 1, or no such
    sigma exists (ln(q / mean) > z^2 / 2, or q >= mean below the median).
    Source: own algebra; Flyvbjerg 2006 for the use.
    """
    require_positive("mean", mean)
    require_positive("q", q)
    z = normal_score("p", p)
    excess = math.log(q / mean)
    square = z * z - 2.0 * excess
    if square < 0 or (z <= 0 < excess):
        raise ValueError(f"q must suit a lognormal of mean {mean}, found {q} at p {p}")
    root = math.sqrt(square)
    if excess == 0:
        sigma = 0.0
    elif z > 0:
        sigma = 2.0 * excess / (z + root) if excess > 0 else z + root
    else:
        sigma = -2.0 * excess / (root - z)
    mu = math.log(mean) - sigma * sigma / 2.0
    return {
        "mu": mu,
        "sigma": sigma,
        "median": math.exp(mu),
        "p95": lognormal_quantile(mu, sigma, 0.95),
    }


def normal_score(name: str, probability: float) -> float:
    """Return Phi^-1 of a probability strictly between 0 and 1."""
    require_finite(name, probability)
    if not 0 < probability < 1:
        raise ValueError(f"{name} must be inside 0 to 1, found {probability}")
    return float(ndtri(probability))


def lognormal_quantile(mu: float, sigma: float, probability: float) -> float:
    """Return the quantile of a lognormal with these moments of the log."""
    return math.exp(mu + sigma * float(ndtri(probability)))


def lognormal_from_two_quantiles(
    *, q1: float, p1: float, q2: float, p2: float
) -> dict[str, float]:
    """Fit a lognormal through two quantiles.

    sigma = ln(q2 / q1) / (z2 - z1), mu = ln(q1) - z1 sigma, z = Phi^-1(p); mean =
    exp(mu + sigma^2 / 2). Equal quantiles give sigma 0, a certain value.
    Raises ValueError if a quantile is not positive, a probability not inside 0 to 1,
    p1 equals p2, or q2 lies on the wrong side of q1.
    Source: Vose 2008, Risk Analysis.
    """
    require_positive("q1", q1)
    require_positive("q2", q2)
    z1, z2 = normal_score("p1", p1), normal_score("p2", p2)
    if z1 == z2:
        raise ValueError(f"p2 must differ from p1, found {p2} twice")
    sigma = math.log(q2 / q1) / (z2 - z1)
    if sigma < 0:
        raise ValueError(f"q2 must rise with its probability, found {q1} and {q2}")
    mu = math.log(q1) - z1 * sigma
    return {
        "mu": mu,
        "sigma": sigma,
        "mean": math.exp(mu + sigma * sigma / 2.0),
        "p90": lognormal_quantile(mu, sigma, 0.9),
    }


def lognormal_from_mean_sd(*, mean: float, sd: float) -> dict[str, float]:
    """Fit a lognormal to its mean and standard deviation.

    sigma^2 = ln(1 + (sd / mean)^2), mu = ln(mean) - sigma^2 / 2; sd 0 is a certain
    value. Raises ValueError if mean is not positive or sd negative.
    Source: Vose 2008, Risk Analysis.
    """
    require_positive("mean", mean)
    require_nonnegative("sd", sd)
    variance = math.log1p((sd / mean) ** 2)
    sigma = math.sqrt(variance)
    mu = math.log(mean) - variance / 2.0
    return {
        "mu": mu,
        "sigma": sigma,
        "median": math.exp(mu),
        "p80": lognormal_quantile(mu, sigma, 0.8),
    }


def spliced_overrun(
    *,
    mean: float,
    threshold: float,
    p_tail: float,
    tail_mean: float,
    low: float,
    u: float | Sequence[float],
) -> Spliced:
    """Draw outturn over budget from a triangular body with a Pareto tail.

    Below ``threshold`` T a triangle from ``low`` with mode m, above it, with chance
    ``p_tail``, a Pareto: alpha = M / (M - T) for the tail mean M, body mean b =
    (mean - p M) / (1 - p), m = 3 b - low - T. ``ppf`` at each u: the triangle at
    u / (1 - p) up to 1 - p, then T ((1 - u) / p)^(-1 / alpha), infinite at u = 1.
    Raises ValueError if u leaves 0 to 1, the numbers are not in order low <
    threshold < tail_mean, p_tail is 1, or the mean puts m outside low to T.
    Source: Flyvbjerg & Gardner 2023, How Big Things Get Done, for the rail class.
    """
    mode, alpha = spliced_shape(mean, threshold, p_tail, tail_mean, low)
    return {
        "pareto_alpha": alpha,
        "body_mean": (low + mode + threshold) / 3.0,
        "body_mode": mode,
        "ppf": map_chances(
            u, lambda x: spliced_quantiles(x, low, mode, threshold, p_tail, alpha)
        ),
    }


def spliced_shape(
    mean: float, threshold: float, p_tail: float, tail_mean: float, low: float
) -> tuple[float, float]:
    """Return the mode of the body and the exponent of the tail of a splice."""
    require_positive("mean", mean)
    check_splice(low, threshold, p_tail, tail_mean)
    body_mean = (mean - p_tail * tail_mean) / (1.0 - p_tail)
    body_mode = 3.0 * body_mean - low - threshold
    slack = ROUNDING * threshold
    if not low - slack <= body_mode <= threshold + slack:
        raise ValueError(f"mean must let the body peak inside it, found {mean}")
    mode = min(max(body_mode, low), threshold)
    return mode, tail_mean / (tail_mean - threshold)


def spliced_quantiles(
    u: Array, low: float, mode: float, threshold: float, p_tail: float, alpha: float
) -> Array:
    """Return the quantiles of a splice at each u; see ``spliced_overrun``."""
    inside = np.minimum(u / (1.0 - p_tail), 1.0)
    values = triangular_quantiles(inside, low, mode, threshold)
    for i in np.flatnonzero(u > 1.0 - p_tail):  # the same power on every processor
        tail = float(1.0 - u[i]) / p_tail
        values[i] = math.inf if tail == 0 else threshold * tail ** (-1.0 / alpha)
    return values


def check_splice(low: float, threshold: float, p_tail: float, tail_mean: float) -> None:
    """Demand low < threshold < tail_mean and a body with some probability."""
    require_nonnegative("low", low)
    require_finite("threshold", threshold)
    require_finite("tail_mean", tail_mean)
    require_share("p_tail", p_tail)
    if threshold <= low:
        raise ValueError(f"threshold must be above low {low}, found {threshold}")
    if tail_mean <= threshold:
        raise ValueError(f"tail_mean must exceed {threshold}, found {tail_mean}")
    if p_tail == 1:
        raise ValueError("p_tail must be below 1, found 1")


def disbursement_calendar(
    *,
    profile: str,
    params: Sequence[float],
    total: float,
    start_year: float,
    duration_years: float,
    years: Sequence[int],
) -> list[float]:
    """Spread a total over calendar years along an S-curve of spending.

    amount of year y = total * (F((y + 1 - start) / D) - F((y - start) / D)), F 0
    before and 1 after the works, so years that miss part of them miss its money.
    ``profile`` with ``params``: "beta" [a, b], F the regularised incomplete beta;
    "rayleigh" [k], F = (1 - exp(-k t^2)) / (1 - exp(-k)); "logistic" [steepness k,
    midpoint m as a share of D], F = (L(t) - L(0)) / (L(1) - L(0)), L = 1 / (1 +
    exp(-k (t - m))). ``start_year`` a decimal year; money as ``total``.
    Raises ValueError if the profile is unknown, params are too few, too many or not
    positive (midpoint: any), total is negative or the duration not positive.
    Source: Putnam 1978 (Norden-Rayleigh); railsim model specification 2026, 6.5.
    """
    require_nonnegative("total", total)
    require_finite("start_year", start_year)
    require_positive("duration_years", duration_years)
    require_sequence("params", params)
    require_sequence("years", years)
    check_profile(profile, params)
    amounts = []
    for year in years:
        require_finite("years", year)
        begin, end = (
            spent_share(profile, params, (edge - start_year) / duration_years)
            for edge in (year, year + 1)
        )
        amounts.append(total * (end - begin))
    return amounts


def check_profile(profile: str, params: Sequence[float]) -> None:
    """Demand a known profile with as many positive parameters as it needs."""
    needs = {"beta": 2, "rayleigh": 1, "logistic": 2}
    if profile not in list(needs):
        raise ValueError(f"profile must be one of {sorted(needs)}, found {profile!r}")
    if len(params) != needs[profile]:
        raise ValueError(
            f"params must have {needs[profile]} for {profile}, found {len(params)}"
        )
    require_positive("params", params[0])
    if profile == "beta":
        require_positive("params", params[1])
    if profile == "logistic":
        require_finite("params", params[1])
        if logistic_rise(params[0], params[1], 1.0) == 0:
            raise ValueError(f"params must let the curve rise, found {list(params)}")


def spent_share(profile: str, params: Sequence[float], time_share: float) -> float:
    """Return the share spent after a share of the duration."""
    t = min(max(time_share, 0.0), 1.0)
    if profile == "beta":
        return float(betainc(params[0], params[1], t))
    if profile == "rayleigh":
        return math.expm1(-params[0] * t * t) / math.expm1(-params[0])
    k, midpoint = params
    return logistic_rise(k, midpoint, t) / logistic_rise(k, midpoint, 1.0)


def logistic_rise(k: float, midpoint: float, t: float) -> float:
    """Return L(t) - L(0) up to a factor, without subtracting close numbers."""
    return -math.expm1(-k * t) * float(expit(k * (t - midpoint)))


def copula_pair(*, u1: float, u2: float, rho: float) -> dict[str, float]:
    """Tie two uniforms together by a Gaussian copula.

    v1 = u1; v2 = Phi(rho z1 + sqrt(1 - rho^2) z2), z = Phi^-1(u); ``spearman`` the
    rank correlation that results, (6 / pi) asin(rho / 2).
    Raises ValueError if u1 or u2 is not inside 0 to 1 or rho outside -1 to 1.
    Source: Nelsen 2006, An Introduction to Copulas; Kruskal 1958 for spearman.
    """
    z1, z2 = normal_score("u1", u1), normal_score("u2", u2)
    require_finite("rho", rho)
    if not -1 <= rho <= 1:
        raise ValueError(f"rho must be from -1 to 1, found {rho}")
    score = rho * z1 + math.sqrt((1.0 - rho) * (1.0 + rho)) * z2
    spearman = 6.0 / math.pi * math.asin(rho / 2.0)
    return {"v1": float(u1), "v2": float(ndtr(score)), "spearman": spearman}
