"""How shippers divide among routes: logit shares, their elasticities, calibration.

Utility V = asc - theta * gc; shares from log-sum-exp with the largest V taken out
first, so that costs of any size neither overflow nor vanish (Train 2009).
"""

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import TypedDict

from railsim.formulas.checks import (
    require_count,
    require_finite,
    require_mapping,
    require_nonnegative,
    require_positive,
    require_same_length,
    require_sequence,
    require_share,
)

Nests = Mapping[str, Sequence[int]]


class NestedShares(TypedDict):
    """Route shares and the top-level logsum in utils."""

    shares: list[float]
    logsum: float


def mnl_shares(
    *, gc: Sequence[float], asc: Sequence[float], theta: float
) -> list[float]:
    """Share demand among routes by the multinomial logit.

    ``gc`` and ``asc`` one per route, US$ and utils; ``theta`` utils per US$, 0 or
    more. P_r = exp(V_r) / sum exp(V), V = asc - theta * gc.
    Raises ValueError if there is no route, lengths differ or a number is not finite.
    Source: McFadden 1974; Train 2009, Discrete Choice Methods with Simulation.
    """
    return softmax(utilities(gc=gc, asc=asc, theta=theta))


def utilities(
    *, gc: Sequence[float], asc: Sequence[float], theta: float
) -> list[float]:
    """Check the arguments of a logit and return its utilities."""
    require_nonnegative("theta", theta)
    require_sequence("gc", gc)
    require_sequence("asc", asc)
    require_same_length(gc=gc, asc=asc)
    if len(gc) == 0:
        raise ValueError("gc must name at least one route, found none")
    for cost, constant in zip(gc, asc, strict=True):
        require_finite("gc", cost)
        require_finite("asc", constant)
    return [
        float(constant - theta * cost) for cost, constant in zip(gc, asc, strict=True)
    ]


def softmax(values: Sequence[float]) -> list[float]:
    """Return exp(v) / sum exp(v), shifted by the largest value."""
    high = max(values)
    weights = [math.exp(value - high) for value in values]
    total = math.fsum(weights)
    return [weight / total for weight in weights]


def logsumexp(values: Sequence[float]) -> float:
    """Return ln sum exp(v), shifted by the largest value."""
    high = max(values)
    return high + math.log(math.fsum(math.exp(value - high) for value in values))


def nested_logit_shares(
    *,
    gc: Sequence[float],
    asc: Sequence[float],
    theta: float,
    nests: Nests,
    scale: Mapping[str, float],
) -> NestedShares:
    """Share demand among routes by the two-level nested logit, normalised at the top.

    ``nests`` name -> route indices, each route in one nest; ``scale`` name ->
    lambda, above 0 and at most 1. P_r = exp(V_r / lambda) / exp(I_n) * exp(lambda_n
    I_n) / sum_m exp(lambda_m I_m), I_n = ln sum exp(V / lambda); ``logsum`` = ln
    sum_m exp(lambda_m I_m) in utils, not divided by theta.
    Raises ValueError as ``mnl_shares``, or if nests do not split the routes, or a
    scale is missing or out of range.
    Source: Ben-Akiva & Lerman 1985; Train 2009.
    """
    utility = utilities(gc=gc, asc=asc, theta=theta)
    check_nests(nests, scale, len(utility))
    shares = [0.0] * len(utility)
    inner = {
        name: [utility[route] / scale[name] for route in routes]
        for name, routes in nests.items()
    }
    tops = [scale[name] * logsumexp(values) for name, values in inner.items()]
    for name, nest_share in zip(nests, softmax(tops), strict=True):
        for route, within in zip(nests[name], softmax(inner[name]), strict=True):
            shares[route] = within * nest_share
    return {"shares": shares, "logsum": logsumexp(tops)}


def check_nests(nests: Nests, scale: Mapping[str, float], route_count: int) -> None:
    """Demand that nests split the routes and every nest has its scale."""
    require_mapping("nests", nests)
    require_mapping("scale", scale)
    for members in nests.values():
        require_sequence("nests", members)
    routes = [route for members in nests.values() for route in members]
    for route in routes:
        require_count("nests", route, 0)
    if sorted(routes) != list(range(route_count)):
        raise ValueError(
            f"nests must hold each route from 0 to {route_count - 1} once, "
            f"found {sorted(routes)}"
        )
    for name, members in nests.items():
        if len(members) == 0:
            raise ValueError(f"nests must not be empty, found no route in {name!r}")
        if name not in scale:
            raise ValueError(f"scale must have a value for nest {name!r}, found none")
        require_positive("scale", scale[name])
        require_share("scale", scale[name])


def path_size_factors(
    *,
    routes: Sequence[Sequence[Hashable]],
    length: Mapping[Hashable, float] | Sequence[float],
) -> list[float]:
    """Discount routes for the length they share with others, from above 0 to 1.

    ``routes`` lists of links; ``length`` link -> km, or km by link number. PS_r =
    sum over links a of (L_a / L_r) / N_a, with N_a the routes that use link a.
    No routes give an empty list. Raises ValueError if a route has no links or no
    length, or a link is unknown.
    Source: Ben-Akiva & Bierlaire 1999.
    """
    require_sequence("routes", routes)
    for route in routes:
        require_sequence("routes", route)
    if not isinstance(length, Mapping):
        require_sequence("length", length)
    lengths: dict[Hashable, float] = dict(
        length.items() if isinstance(length, Mapping) else enumerate(length)
    )
    users = Counter(link for route in routes for link in set(route))
    for link in users:
        if link not in lengths:
            raise ValueError(f"length must have link {link!r}, found none")
        require_nonnegative("length", lengths[link])
    factors = []
    for route in routes:
        if len(route) == 0:
            raise ValueError("routes must have at least one link each, found none")
        total = math.fsum(lengths[link] for link in route)
        if total <= 0:
            raise ValueError(f"length must be positive along {route!r}, found {total}")
        shared = math.fsum(lengths[link] / users[link] for link in route)
        factors.append(shared / total)
    return factors


def calibrate_asc(
    *, observed: Sequence[float], gc: Sequence[float], theta: float, ref: int
) -> list[float]:
    """Find the constants with which the logit returns the observed shares.

    asc_r = ln(S_r / S_ref) + theta * (gc_r - gc_ref) in utils, so asc_ref = 0;
    ``observed`` shares, all positive, summing to 1.
    Raises ValueError if a share is 0 (no constant can explain it), shares do not
    sum to 1, lengths differ or ref is not a route.
    Source: Berry 1994, closed form for the multinomial logit.
    """
    check_observed(observed, gc, ref)
    utility = utilities(gc=gc, asc=[0.0] * len(gc), theta=theta)
    return [
        math.log(share / observed[ref]) + utility[ref] - value
        for share, value in zip(observed, utility, strict=True)
    ]


def check_observed(observed: Sequence[float], gc: Sequence[float], ref: int) -> None:
    """Demand positive shares which sum to 1, one per route, and a route as ref."""
    require_sequence("observed", observed)
    require_sequence("gc", gc)
    require_same_length(observed=observed, gc=gc)
    for share in observed:
        require_positive("observed", share)
    total = math.fsum(observed)
    if not math.isclose(total, 1.0, abs_tol=1e-6):
        raise ValueError(f"observed must sum to 1, found {total}")
    check_route("ref", ref, len(gc))


def check_route(name: str, route: int, route_count: int) -> None:
    """Accept the index of one of the routes."""
    require_count(name, route, 0)
    if route >= route_count:
        raise ValueError(f"{name} must be below {route_count}, found {route}")


def calibrate_nested_asc(
    *,
    observed: Sequence[float],
    gc: Sequence[float],
    theta: float,
    nests: Nests,
    scale: Mapping[str, float],
    ref: int,
) -> list[float]:
    """Find the constants with which the nested logit returns the observed shares.

    The contraction asc <- asc + lambda_n ln(S / P) has its fixed point in closed
    form: V_r = lambda_n ln(S_r / S_n) + ln S_n up to a constant, S_n the share of
    the nest; asc_r = V_r + theta * gc_r, shifted to asc_ref = 0.
    Raises ValueError as ``calibrate_asc`` and ``nested_logit_shares``.
    Source: Berry 1994, Estimating Discrete-Choice Models of Product Differentiation.
    """
    check_observed(observed, gc, ref)
    check_nests(nests, scale, len(gc))
    cost = utilities(gc=gc, asc=[0.0] * len(gc), theta=theta)
    constants = [0.0] * len(gc)
    for name, routes in nests.items():
        nest_share = math.fsum(observed[route] for route in routes)
        for route in routes:
            within = scale[name] * math.log(observed[route] / nest_share)
            constants[route] = within + math.log(nest_share) - cost[route]
    return [constant - constants[ref] for constant in constants]


def mnl_elasticities(
    *, gc: Sequence[float], asc: Sequence[float], theta: float, wrt: int
) -> list[float]:
    """Give d ln P_i / d ln gc_wrt of every route i in the multinomial logit.

    Own: -theta * gc * (1 - P); cross: theta * gc_wrt * P_wrt; dimensionless.
    Raises ValueError as ``mnl_shares``, or if wrt is not a route.
    Source: Ben-Akiva & Lerman 1985.
    """
    shares = mnl_shares(gc=gc, asc=asc, theta=theta)
    check_route("wrt", wrt, len(gc))
    others = math.fsum(share for i, share in enumerate(shares) if i != wrt)
    pull = theta * gc[wrt]
    return [-pull * others if i == wrt else pull * shares[wrt] for i in range(len(gc))]
