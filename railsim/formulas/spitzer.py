"""Mean number left behind by a service which takes up to K Poisson arrivals at once.

With Q' = max(Q + A - K, 0) and A ~ Poisson(a), Spitzer (1956) gives
E[Q] = sum over n of E(S_n - nK)^+ / n, S_n ~ Poisson(na). The same law governs the
queue of M/D/c with K = c (Crommelin 1932). Where the sum converges slowly, the roots of
z^K = exp(a (z - 1)) inside the unit circle give E[Q] in closed form (Bailey 1954).
"""

import math

LEAST_DECAY = 0.5
"""Decay rate of the terms a batch below which the roots are used instead."""
LEAST_TERM_SHARE = 1e-17
"""Terms which decay faster than any power and fall below this share are left out."""


def mean_left_behind(arrivals: float, capacity: int) -> float:
    """Give E[Q] for a mean number of arrivals below the capacity of one service."""
    if arrivals == 0:
        return 0.0
    load = arrivals / capacity
    decay = capacity * (load - 1.0 - math.log(load))
    if decay > LEAST_DECAY and capacity > 1:
        return mean_by_sum(arrivals, capacity)
    return mean_by_roots(arrivals, capacity)


def mean_by_sum(arrivals: float, capacity: int) -> float:
    """Add Spitzer's terms until the rest, which decays as a power, is negligible."""
    terms: list[float] = []
    batch = 1
    while True:
        term = mean_excess(batch * arrivals, batch * capacity) / batch
        terms.append(term)
        if term <= LEAST_TERM_SHARE * terms[0]:
            return math.fsum(terms)
        batch += 1


def mean_excess(mean: float, limit: int) -> float:
    """Give E(S - limit)^+ for S ~ Poisson(mean), mean below the limit."""
    count = limit + 1
    weight, terms = 1.0, [1.0]
    while weight * (count - limit) > LEAST_TERM_SHARE:
        count += 1
        weight *= mean / count
        terms.append(weight * (count - limit))
    return poisson_chance(mean, limit + 1) * math.fsum(terms)


def poisson_chance(mean: float, count: int) -> float:
    """Give P(S = count) by its deviance, so that large counts keep their digits.

    Source: Loader (2000, Fast and accurate computation of binomial probabilities).
    """
    if count < 20:
        return mean**count * math.exp(-mean) / math.factorial(count)
    excess = (mean - count) / count
    log_ratio = math.log1p(excess) if excess > -0.5 else math.log(mean / count)
    deviance = count * (excess - log_ratio)
    inverse = 1.0 / count
    rest = inverse / 12 - inverse**3 / 360 + inverse**5 / 1260 - inverse**7 / 1680
    return math.exp(-deviance - rest) / math.sqrt(2 * math.pi * count)


def mean_by_roots(arrivals: float, capacity: int) -> float:
    """Give E[Q] = sum 1/(1 - z_k) + (a^2 - K(K - 1)) / (2 (K - a)), k = 1 ... K - 1."""
    drift = (arrivals**2 - capacity * (capacity - 1.0)) / (2 * (capacity - arrivals))
    if capacity == 1:
        return drift
    return drift + sum_over_roots(arrivals / capacity, capacity)


def sum_over_roots(load: float, capacity: int) -> float:
    """Add 1/(1 - z_k) over the roots z = -W(-load exp(-load) w) / load, w^K = 1."""
    import numpy as np
    from scipy.special import lambertw

    turns = np.exp(2j * np.pi * np.arange(1, capacity) / capacity)
    roots = -lambertw(-load * np.exp(-load) * turns) / load
    return math.fsum(np.real(1.0 / (1.0 - roots)))
