"""Mean number left behind by a scheduled service, in a form smooth in load and size.

Spitzer's sum (see `spitzer`) with Poisson arrivals is near that of a Gaussian walk:
the maximum M of a walk with steps N(-b, 1) has E[M] = sum over n of E(N(-nb, n))^+ / n.
With b = sqrt(-2 K (1 - rho + ln rho)) both sums fall at the same rate, and E[Q] is
about sqrt(a) E[M] (Janssen, van Leeuwaarden and Zwart 2008). The capacity K need not be
whole. Scalars only and no checks, so that an engine can compile what is here.
"""

import math

ROOT_TWO_PI = 2.5066282746310002
LARGEST_DRIFT_OF_SERIES = 1.5
"""The series converges below 2 sqrt(pi); from here on the sum needs few terms."""
ZETA_OF_HALF = -1.4603545088095868
# zeta(-1/2 - r) (-1/2)^r / (r! (2r + 1) (2r + 2) sqrt(2 pi)), r = 0, 1, ...
SERIES = (
    -0.04146730232825556,
    0.0004236301899342039,
    1.4157345786050828e-05,
    -6.59117257985408e-07,
    -3.5688587376483375e-08,
    2.102583559136862e-09,
    1.3066166169828665e-10,
    -8.423226827409736e-12,
    -5.577768023437416e-13,
    3.7701682172413073e-14,
    2.590173832374681e-15,
    -1.8032301512463538e-16,
    -1.2692815800267864e-17,
    9.018020977896798e-19,
)
LEAST_TERM = 1e-12


def mean_left_behind_smoothly(arrivals: float, capacity: float) -> float:
    """Give about E[Q] of Q' = max(Q + A - K, 0), A ~ Poisson(a), for real K above a.

    Of Spitzer's sum for whole K it differs by at most 5 % at loads from 0.7, by 11 %
    down to 0.3, where next to nothing is left behind. Formula: for b < 2 sqrt(pi), E[M]
    = 1/(2b) + zeta(1/2)/sqrt(2 pi) + b/4 + b^2/sqrt(2 pi) sum over r of zeta(-1/2 - r)
    (-b^2/2)^r / (r! (2r + 1)(2r + 2)) (Chang and Peres 1997); above, the sum itself.
    """
    if arrivals <= 0.0:
        return 0.0
    load = arrivals / capacity
    drift = math.sqrt(-2.0 * capacity * (1.0 - load + math.log(load)))
    square, total = drift * drift, 0.0
    if drift < LARGEST_DRIFT_OF_SERIES:
        power = square
        for coefficient in SERIES:
            total += coefficient * power
            power *= square
        total += 0.5 / drift + ZETA_OF_HALF / ROOT_TWO_PI + drift / 4.0
    else:
        count, term = 1, 1.0
        while term > LEAST_TERM:
            root = math.sqrt(count)
            above = 0.5 * math.erfc(drift * root / math.sqrt(2.0))
            density = math.exp(-0.5 * square * count) / ROOT_TWO_PI
            term = (density - drift * root * above) / root
            total += term
            count += 1
    return math.sqrt(arrivals) * total
