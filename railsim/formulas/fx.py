"""Where an exchange rate may stand after some years, under two usual models."""

import math
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from railsim.formulas.checks import (
    require_finite,
    require_nonnegative,
    require_positive,
    require_share,
)

Years = TypeVar("Years", float, NDArray[np.float64])


def gbm_moments(
    *, s0: float, mu: float, sigma: float, t: float, p: float
) -> dict[str, float]:
    """Give mean, median and a quantile of a geometric Brownian motion after t years.

    mean = s0 exp(mu t), median = s0 exp((mu - sigma^2 / 2) t), quantile = median
    exp(sigma sqrt(t) Phi^-1(p)); ``mu`` per year, ``sigma`` per square root of a
    year. p 0 and 1 give the ends of the support, 0 and infinity.
    Raises ValueError if s0 is not positive, sigma or t negative or p outside 0 to 1.
    Source: Hull 2018, Options, Futures, and Other Derivatives.
    """
    require_positive("s0", s0)
    require_finite("mu", mu)
    require_nonnegative("sigma", sigma)
    require_nonnegative("t", t)
    require_share("p", p)
    median = s0 * math.exp(gbm_log_median(mu, sigma, t))
    spread = sigma * math.sqrt(t)
    quantile = median * math.exp(spread * float(ndtri(p))) if spread > 0 else median
    return {"mean": s0 * math.exp(mu * t), "median": median, "quantile": quantile}


def ou_log_moments(
    *, x0: float, theta: float, kappa: float, sigma: float, t: float
) -> dict[str, float]:
    """Give the moments of a rate whose log returns to a level, after t years.

    x = ln S: mean_log = theta + (x0 - theta) exp(-kappa t), var_log = sigma^2 (1 -
    exp(-2 kappa t)) / (2 kappa), sigma^2 t without return; mean = E S =
    exp(mean_log + var_log / 2). ``x0``, ``theta`` logs; ``kappa`` per year.
    Raises ValueError if kappa, sigma or t is negative.
    Source: Uhlenbeck & Ornstein 1930; Schwartz 1997.
    """
    require_finite("x0", x0)
    require_finite("theta", theta)
    for name, value in (("kappa", kappa), ("sigma", sigma), ("t", t)):
        require_nonnegative(name, value)
    mean_log = float(ou_log_mean(x0, theta, kappa, t))
    var_log = sigma * sigma * float(ou_log_clock(kappa, t))
    mean = math.exp(mean_log + var_log / 2.0)
    return {"mean_log": mean_log, "var_log": var_log, "mean": mean}


def gbm_log_median(mu: float, sigma: float, t: Years) -> Years:
    """ln(median / s0) of a geometric Brownian motion after t years."""
    return (mu - sigma * sigma / 2.0) * t


def ou_log_mean(
    x0: float, theta: float, kappa: float, t: float | NDArray[np.float64]
) -> NDArray[np.float64]:
    """Mean logarithm after t years of a rate that returns to a level."""
    return np.asarray(theta + (x0 - theta) * np.exp(-kappa * np.asarray(t)))


def ou_log_clock(kappa: float, t: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """Variance over sigma^2 after t years: t, slowed by the return to the level."""
    if kappa == 0.0:
        return np.asarray(t, dtype=np.float64)
    return np.asarray(-np.expm1(-2.0 * kappa * np.asarray(t)) / (2.0 * kappa))
