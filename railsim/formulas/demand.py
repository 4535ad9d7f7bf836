"""Freight demand: growth, response to cost, boxes, arrivals, empties, ramp-up."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

from railsim.formulas.checks import (
    require_count,
    require_finite,
    require_nonnegative,
    require_positive,
    require_sequence,
    require_share,
)

ROUNDING_SHARE = 1e-12
"""Share by which a float may exceed a whole number and still be taken for it."""


def gdp_forecast(
    *, base: float, growth: Sequence[float], elasticity: float
) -> list[float]:
    """Carry a base volume forward with the growth of income, year by year.

    Units: ``base`` and the result any volume; ``growth`` shares a year.
    Formula: base * prod(1 + g)^elasticity; no growth rates give an empty list.
    Errors: ValueError when ``base`` is negative or a ``growth`` is not above -1.
    Source: Ortuzar & Willumsen (2011, Modelling Transport), constant elasticity.
    """
    require_nonnegative("base", base)
    require_sequence("growth", growth)
    require_finite("elasticity", elasticity)
    income = 1.0
    volumes = []
    for index, rate in enumerate(growth):
        require_finite(f"growth[{index}]", rate)
        if rate <= -1:
            raise ValueError(f"growth[{index}] must be above -1, found {rate}")
        income *= 1.0 + rate
        volumes.append(float(base * income**elasticity))
    return volumes


def cost_elastic_demand(
    *, q0: float, gc0: float, gc1: float, elasticity: float
) -> float:
    """Give the demand after a change of generalised cost.

    Units: ``q0`` and the result any volume; ``gc0`` and ``gc1`` one money unit.
    Formula: q0 * (gc1 / gc0)^elasticity.
    Errors: ValueError when ``q0`` is negative or a cost is not positive.
    Source: Oum, Waters & Yong (1992), iso-elastic demand.
    """
    require_nonnegative("q0", q0)
    require_positive("gc0", gc0)
    require_positive("gc1", gc1)
    require_finite("elasticity", elasticity)
    return float(q0 * (gc1 / gc0) ** elasticity)


def logistic_from_two_points(
    *, t1: float, p1: float, t2: float, p2: float, eval_at: Sequence[float]
) -> dict[str, float | list[float]]:
    """Draw the logistic curve through two points and read it at other times.

    Units: times in one unit, usually years; ``k`` per that unit; shares from 0 to 1.
    Formula: p(t) = 1 / (1 + exp(-k (t - t50))), k = (logit p2 - logit p1) / (t2 - t1).
    Errors: ValueError when ``p1`` or ``p2`` is not strictly between 0 and 1, or the
    points share a time or a height, so that no curve or no midpoint exists.
    Source: Verhulst (1838), the logistic law.
    """
    for name, value in (("t1", t1), ("t2", t2)):
        require_finite(name, value)
    for name, value in (("p1", p1), ("p2", p2)):
        require_share(name, value)
        if value in (0, 1):
            raise ValueError(f"{name} must be between 0 and 1, found {value}")
    if t1 == t2:
        raise ValueError(f"t2 must differ from t1, found {t2}")
    if p1 == p2:
        raise ValueError(f"p2 must differ from p1, found {p2}")
    require_sequence("eval_at", eval_at)
    k = (logit(p2) - logit(p1)) / (t2 - t1)
    t50 = t1 - logit(p1) / k
    for index, moment in enumerate(eval_at):
        require_finite(f"eval_at[{index}]", moment)
    values = [logistic(k * (moment - t50)) for moment in eval_at]
    return {"k": float(k), "t50": float(t50), "values": values}


def logit(share: float) -> float:
    """Give the log odds of a share."""
    return math.log(share) - math.log1p(-share)


def logistic(odds: float) -> float:
    """Give the share of given log odds, without overflow at either end."""
    if odds >= 0:
        return 1.0 / (1.0 + math.exp(-odds))
    return math.exp(odds) / (1.0 + math.exp(odds))


def stowage(
    *,
    tonnes: float,
    density_t_m3: float,
    payload_t: float,
    volume_m3: float,
    fill: float,
) -> dict[str, float | int]:
    """Pack tonnes into containers, limited by weight or by volume.

    Units: ``density_t_m3`` tonnes a cubic metre; ``payload_t`` and ``volume_m3`` of
    one TEU; ``fill`` the share of the volume which can be used; boxes are whole.
    Formula: t_per_teu = min(payload, density * volume * fill), teu = tonnes/t_per_teu.
    Errors: ValueError when ``tonnes`` is negative, ``fill`` above 1, or another
    argument not positive.
    Source: railsim model specification, section 2.3.
    """
    require_nonnegative("tonnes", tonnes)
    require_positive("density_t_m3", density_t_m3)
    require_positive("payload_t", payload_t)
    require_positive("volume_m3", volume_m3)
    require_positive("fill", fill)
    require_share("fill", fill)
    t_per_teu = min(payload_t, density_t_m3 * volume_m3 * fill)
    teu = tonnes / t_per_teu
    return {"t_per_teu": float(t_per_teu), "teu": float(teu), "boxes": round_up(teu)}


def round_up(quantity: float) -> int:
    """Give the least whole number not below a quantity, rounding errors forgiven."""
    return math.ceil(quantity * (1.0 - ROUNDING_SHARE))


def nhpp_arrivals(
    *, breaks: Sequence[float], rates: Sequence[float], uniforms: Sequence[float]
) -> list[float]:
    """Place arrivals of a Poisson process whose rate changes at given times.

    Units: ``breaks`` times, one more than ``rates``, which are arrivals a unit of
    time; ``uniforms`` from 0 to 1, one for each arrival.
    Formula: t_n = inverse of L at S_n, with L the cumulated rate and S_n the sum of
    -ln(1 - u); intervals of rate zero are stepped over; it stops when S_n exceeds L.
    Errors: ValueError when ``breaks`` do not increase or do not enclose the ``rates``,
    a rate is negative, or a uniform is not from 0 to 1.
    Source: Cinlar (1975, Introduction to Stochastic Processes), inversion.
    """
    check_rates(breaks, rates)
    require_sequence("uniforms", uniforms)
    for index, uniform in enumerate(uniforms):
        require_share(f"uniforms[{index}]", uniform)
    busy = [interval for interval, rate in enumerate(rates) if rate > 0]
    spans = [rates[i] * (breaks[i + 1] - breaks[i]) for i in busy]
    ends = list(accumulate(spans))
    times: list[float] = []
    expected = 0.0
    for uniform in uniforms:
        expected += -math.log1p(-uniform) if uniform < 1 else math.inf
        place = bisect_left(ends, expected)
        if place == len(ends):
            break
        expected_before = ends[place - 1] if place > 0 else 0.0
        delay = (expected - expected_before) / rates[busy[place]]
        times.append(float(breaks[busy[place]] + delay))
    return times


def check_rates(breaks: Sequence[float], rates: Sequence[float]) -> None:
    """Refuse rates which are negative or lie in no interval."""
    require_sequence("breaks", breaks)
    require_sequence("rates", rates)
    if len(breaks) != len(rates) + 1:
        raise ValueError(
            f"breaks must be one more than rates, found {len(breaks)} and {len(rates)}"
        )
    for index, rate in enumerate(rates):
        require_nonnegative(f"rates[{index}]", rate)
    for index, moment in enumerate(breaks):
        require_finite(f"breaks[{index}]", moment)
        if index > 0 and moment <= breaks[index - 1]:
            raise ValueError(f"breaks must increase, found {moment} at {index}")


def empty_moves(*, loaded_out: float, loaded_in: float) -> dict[str, float]:
    """Count the empty boxes which must run so that as many return as leave.

    Units: boxes or TEU of one period; ``empty_share`` of all moves, 0 if none.
    Formula: empty_out = max(0, loaded_in - loaded_out), and the same the other way.
    Errors: ValueError when a number of loaded boxes is negative.
    Source: railsim model specification, section 2.6.
    """
    require_nonnegative("loaded_out", loaded_out)
    require_nonnegative("loaded_in", loaded_in)
    empty_out = max(0.0, float(loaded_in - loaded_out))
    empty_in = max(0.0, float(loaded_out - loaded_in))
    moves = loaded_out + loaded_in + empty_out + empty_in
    share = (empty_out + empty_in) / moves if moves > 0 else 0.0
    return {"empty_out": empty_out, "empty_in": empty_in, "empty_share": float(share)}


def annual_inclusion(*, year: int, opening: float, tau_r: float) -> dict[str, float]:
    """Give the share of a year's shippers who have a new route in mind.

    Units: ``opening`` a decimal year; ``tau_r`` years; ``tau_mid`` years from the
    opening to the middle of the open part of the year; the rest shares.
    Formula: ramp = 1 - exp(-tau_mid / tau_r), weight = open_fraction * ramp; all are 0
    before the opening; tau_r = 0 means that everyone knows at once.
    Errors: ValueError when ``year`` is not whole or ``tau_r`` is negative.
    Source: railsim model specification, section 6.6, after Bass (1969).
    """
    require_count("year", year, 0)
    require_finite("opening", opening)
    require_nonnegative("tau_r", tau_r)
    open_fraction = min(1.0, max(0.0, float(year + 1 - opening)))
    if open_fraction == 0:
        return dict.fromkeys(("open_fraction", "tau_mid", "ramp", "weight"), 0.0)
    tau_mid = float(year + 1 - open_fraction / 2 - opening)
    ramp = -math.expm1(-tau_mid / tau_r) if tau_r > 0 else 1.0
    return {
        "open_fraction": open_fraction,
        "tau_mid": tau_mid,
        "ramp": ramp,
        "weight": open_fraction * ramp,
    }
