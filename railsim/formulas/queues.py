"""Closed forms of queues: lanes, teams, trains which leave with what fits, repairs.

Rates are per one unit of time, usually an hour, and waits come out in that unit.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

from railsim.formulas.checks import (
    require_count,
    require_nonnegative,
    require_positive,
    require_same_length,
    require_sequence,
)
from railsim.formulas.spitzer import mean_left_behind


def mmc(*, arrival_rate: float, service_rate: float, servers: int) -> dict[str, float]:
    """Give the steady state of Poisson arrivals at exponential servers, M/M/c.

    Units: rates per unit of time, ``service_rate`` of one server; ``Wq`` and ``W`` in
    that unit; ``Lq`` and ``L`` customers; ``p_wait`` and ``rho`` shares.
    Formula: Erlang B by B_n = a B_(n-1) / (n + a B_(n-1)), p_wait = B / (1 - rho (1 -
    B)), Wq = p_wait / (c mu - lambda).
    Errors: ValueError when ``arrival_rate`` is negative or not below the capacity,
    ``service_rate`` is not positive or ``servers`` is not whole from 1.
    Source: Erlang (1917).
    """
    require_nonnegative("arrival_rate", arrival_rate)
    require_positive("service_rate", service_rate)
    require_count("servers", servers, 1)
    rho = arrival_rate / (servers * service_rate)
    require_stable("arrival_rate", rho)
    p_wait = erlang_c(arrival_rate / service_rate, int(servers))
    wait = p_wait / (servers * service_rate - arrival_rate)
    return {
        "rho": float(rho),
        "p_wait": float(p_wait),
        "Wq": float(wait),
        "Lq": float(arrival_rate * wait),
        "W": float(wait + 1.0 / service_rate),
        "L": float(arrival_rate * (wait + 1.0 / service_rate)),
    }


def require_stable(name: str, load: float) -> None:
    """Refuse arrivals which a queue can never work off."""
    if load >= 1:
        raise ValueError(f"{name} must load the servers below 1, found {load}")


def erlang_c(offered: float, servers: int) -> float:
    """Give the share of customers who wait, ``offered`` in mean servers needed."""
    blocked = 1.0
    for count in range(1, servers + 1):
        blocked = offered * blocked / (count + offered * blocked)
    return blocked / (1.0 - offered / servers * (1.0 - blocked))


def mg1(*, arrival_rate: float, mean_service: float, cv: float) -> dict[str, float]:
    """Give the steady state of Poisson arrivals at one server of any service, M/G/1.

    Units: ``mean_service``, ``Wq`` and ``W`` in one unit of time, ``arrival_rate`` per
    that unit; ``cv`` the standard deviation of a service over its mean.
    Formula: Wq = lambda s^2 (1 + cv^2) / (2 (1 - rho)).
    Errors: ValueError when ``arrival_rate`` is negative or not below the capacity,
    ``mean_service`` is not positive or ``cv`` is negative.
    Source: Pollaczek (1930), Khinchine (1932).
    """
    require_nonnegative("arrival_rate", arrival_rate)
    require_positive("mean_service", mean_service)
    require_nonnegative("cv", cv)
    rho = arrival_rate * mean_service
    require_stable("arrival_rate", rho)
    wait = rho * mean_service * (1.0 + cv**2) / (2.0 * (1.0 - rho))
    return {
        "rho": float(rho),
        "Wq": float(wait),
        "Lq": float(arrival_rate * wait),
        "W": float(wait + mean_service),
    }


def mdc(*, arrival_rate: float, service_time: float, servers: int) -> dict[str, float]:
    """Give the steady state of Poisson arrivals at servers of constant time, M/D/c.

    Units: ``service_time`` and ``Wq`` in one unit of time; ``Lq`` customers.
    Formula: the number waiting obeys Q' = max(Q + Poisson(lambda D) - c, 0), whose mean
    is Lq; Wq = Lq / lambda.
    Errors: ValueError when ``arrival_rate`` is negative or not below the capacity,
    ``service_time`` is not positive or ``servers`` is not whole from 1.
    Source: Crommelin (1932).
    """
    require_nonnegative("arrival_rate", arrival_rate)
    require_positive("service_time", service_time)
    require_count("servers", servers, 1)
    offered = float(arrival_rate * service_time)
    require_stable("arrival_rate", offered / servers)
    waiting = mean_left_behind(offered, int(servers))
    wait = waiting / arrival_rate if arrival_rate > 0 else 0.0
    return {"rho": offered / servers, "Lq": waiting, "Wq": float(wait)}


def allen_cunneen(
    *,
    arrival_rate: float,
    service_rate: float,
    servers: int,
    ca2: float,
    cs2: float,
) -> float:
    """Approximate the mean wait of any arrivals at servers of any service, G/G/c.

    Units: rates per unit of time, the wait in that unit; ``ca2`` and ``cs2`` squared
    coefficients of variation of the times between arrivals and of service.
    Formula: Wq of M/M/c times (ca2 + cs2) / 2.
    Errors: ValueError as ``mmc``, and when ``ca2`` or ``cs2`` is negative.
    Source: Allen (1990), after Cunneen.
    """
    require_nonnegative("ca2", ca2)
    require_nonnegative("cs2", cs2)
    markovian = mmc(
        arrival_rate=arrival_rate, service_rate=service_rate, servers=servers
    )
    return markovian["Wq"] * float(ca2 + cs2) / 2.0


def bulk_scheduled(
    *, arrival_rate: float, headway: float, capacity: int
) -> dict[str, float]:
    """Give the steady state of lots which wait for trains or vessels on a timetable.

    Units: ``headway`` and ``W`` in one unit of time, ``arrival_rate`` lots per that
    unit, ``capacity`` lots; ``EQ`` mean lots left behind; ``load`` a share.
    Formula: Q' = max(Q + Poisson(lambda H) - K, 0), W = H / 2 + E[Q] / lambda.
    Errors: ValueError when ``arrival_rate`` is negative or not below the capacity,
    ``headway`` is not positive or ``capacity`` is not whole from 1.
    Source: Spitzer (1956); Bailey (1954).
    """
    require_nonnegative("arrival_rate", arrival_rate)
    require_positive("headway", headway)
    require_count("capacity", capacity, 1)
    arrivals = float(arrival_rate * headway)
    require_stable("arrival_rate", arrivals / capacity)
    left = mean_left_behind(arrivals, int(capacity))
    delay = left / arrival_rate if arrival_rate > 0 else 0.0
    return {"EQ": left, "W": float(headway / 2.0 + delay), "load": arrivals / capacity}


def mm1k(
    *, arrival_rate: float, service_rate: float, capacity: int
) -> dict[str, float]:
    """Give the steady state of one exponential server with room for so many, M/M/1/K.

    Units: rates and ``throughput`` per unit of time; ``W`` in that unit, of those let
    in; ``capacity`` counts the one in service; ``p_block`` the share turned away.
    Formula: p_n proportional to (lambda / mu)^n up to K; W = L / throughput.
    Errors: ValueError when ``arrival_rate`` is negative, ``service_rate`` not positive
    or ``capacity`` not whole from 1. Any load is stable.
    Source: Kleinrock (1975, Queueing Systems, volume 1).
    """
    require_nonnegative("arrival_rate", arrival_rate)
    require_positive("service_rate", service_rate)
    require_count("capacity", capacity, 1)
    chances = birth_death([arrival_rate / service_rate] * int(capacity))
    inside = math.fsum(count * chance for count, chance in enumerate(chances))
    throughput = arrival_rate * math.fsum(chances[:-1])
    return {
        "p_block": chances[-1],
        "L": inside,
        "W": inside / throughput if throughput > 0 else 1.0 / service_rate,
        "throughput": float(throughput),
    }


def machine_repair(
    *, units: int, mtbf: float, mttr: float, crews: int
) -> dict[str, float]:
    """Give how many of a fleet are down when crews repair them one by one.

    Units: ``mtbf`` time of use between failures and ``mttr`` time of repair by one
    crew, both exponential, in one unit; ``mean_down`` machines; ``p0`` the chance
    that none is down.
    Formula: p_n / p_(n-1) = (N - n + 1) mttr / (mtbf min(n, R)).
    Errors: ValueError when ``units`` is not whole from 0, ``crews`` not whole from 1,
    ``mtbf`` not positive or ``mttr`` negative.
    Source: Palm (1947), machine interference.
    """
    require_count("units", units, 0)
    require_positive("mtbf", mtbf)
    require_nonnegative("mttr", mttr)
    require_count("crews", crews, 1)
    ratios = [
        (units - down + 1) * mttr / (mtbf * min(down, crews))
        for down in range(1, int(units) + 1)
    ]
    chances = birth_death(ratios)
    mean_down = math.fsum(count * chance for count, chance in enumerate(chances))
    return {"mean_down": mean_down, "p0": chances[0]}


def birth_death(ratios: Sequence[float]) -> list[float]:
    """Give the chances of states 0, 1, ... from falling ratios of each to the last.

    The weights are built outwards from the most likely state, so none overflows.
    """
    peak = sum(ratio >= 1 for ratio in ratios)
    below, above = [1.0], [1.0]
    for ratio in reversed(ratios[:peak]):
        below.append(below[-1] / ratio)
    for ratio in ratios[peak:]:
        above.append(above[-1] * ratio)
    weights = [*reversed(below), *above[1:]]
    total = math.fsum(weights)
    return [float(weight / total) for weight in weights]


def cobham_waits(
    *,
    arrival_rates: Sequence[float],
    mean_services: Sequence[float],
    cvs: Sequence[float],
) -> list[float]:
    """Give the mean wait of each priority class at one server, highest class first.

    Units: ``mean_services`` and waits in one unit of time, ``arrival_rates`` per that
    unit, ``cvs`` standard deviations over means. No classes, no waits.
    Formula: W_k = W_0 / ((1 - s_(k-1)) (1 - s_k)), W_0 = sum(lambda E[S^2]) / 2, with
    s_k the load of classes up to k; a service once begun is finished.
    Errors: ValueError when the lists differ in length, a number is negative, a mean
    service is 0, or ``arrival_rates`` reach the capacity.
    Source: Cobham (1954).
    """
    for name, values in (
        ("arrival_rates", arrival_rates),
        ("mean_services", mean_services),
        ("cvs", cvs),
    ):
        require_sequence(name, values)
        for index, value in enumerate(values):
            require_nonnegative(f"{name}[{index}]", value)
    require_same_length(
        arrival_rates=arrival_rates, mean_services=mean_services, cvs=cvs
    )
    loads = [
        rate * mean for rate, mean in zip(arrival_rates, mean_services, strict=True)
    ]
    require_stable("arrival_rates", math.fsum(loads))
    residual = math.fsum(
        load * mean * (1.0 + cv**2) / 2.0
        for load, mean, cv in zip(loads, mean_services, cvs, strict=True)
    )
    spare = [1.0 - math.fsum(loads[:count]) for count in range(len(loads) + 1)]
    return [residual / (before * after) for before, after in pairwise(spare)]
