import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.formulas.queues import (
    allen_cunneen,
    bulk_scheduled,
    cobham_waits,
    machine_repair,
    mdc,
    mg1,
    mm1k,
    mmc,
)
from railsim.formulas.spitzer import mean_by_roots, mean_by_sum

LOADS = st.floats(0.01, 0.99)


@given(LOADS, st.floats(0.1, 10))
@settings(deadline=None)
def test_one_server_waits_as_mm1(rho, service_rate):
    found = mmc(arrival_rate=rho * service_rate, service_rate=service_rate, servers=1)

    assert found["p_wait"] == pytest.approx(rho)
    assert found["Wq"] == pytest.approx(rho / (service_rate * (1 - rho)), rel=1e-10)
    assert found["L"] == pytest.approx(rho / (1 - rho), rel=1e-10)


@given(LOADS, st.integers(1, 30))
@settings(deadline=None)
def test_erlang_c_is_the_sum_over_states(rho, servers):
    offered = rho * servers
    terms = [offered**n / math.factorial(n) for n in range(servers)]
    waiting = offered**servers / math.factorial(servers) / (1 - rho)

    found = mmc(arrival_rate=offered, service_rate=1, servers=servers)

    assert found["p_wait"] == pytest.approx(
        waiting / (math.fsum(terms) + waiting), rel=1e-10
    )


def test_an_empty_queue_keeps_nobody_waiting():
    found = mmc(arrival_rate=0, service_rate=4, servers=3)

    assert found == {"rho": 0, "p_wait": 0, "Wq": 0, "Lq": 0, "W": 0.25, "L": 0}


def test_a_hundred_thousand_servers_are_no_trouble():
    # Halfin and Whitt 1981: with c = a + b sqrt(a) the chance of waiting tends to
    # 1 / (1 + b Phi(b) / phi(b)), here b = 1; the error falls as 1 / sqrt(c).
    offered = 1e5
    servers = round(offered + math.sqrt(offered))
    density, share = math.exp(-0.5) / math.sqrt(2 * math.pi), 0.8413447460685429

    found = mmc(arrival_rate=offered, service_rate=1, servers=servers)

    assert found["p_wait"] == pytest.approx(1 / (1 + share / density), rel=0.01)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("arrival_rate", -1),
        ("arrival_rate", 2),
        ("arrival_rate", 3),
        ("arrival_rate", math.nan),
        ("service_rate", 0),
        ("servers", 0),
        ("servers", 1.5),
        ("servers", True),
    ],
)
def test_an_impossible_mmc_is_refused(name, value):
    with pytest.raises(ValueError, match=name):
        mmc(**{"arrival_rate": 1, "service_rate": 1, "servers": 2} | {name: value})


@given(LOADS, st.floats(0.1, 10))
@settings(deadline=None)
def test_exponential_service_waits_as_mm1(rho, mean_service):
    found = mg1(arrival_rate=rho / mean_service, mean_service=mean_service, cv=1)

    expected = mmc(
        arrival_rate=rho / mean_service, service_rate=1 / mean_service, servers=1
    )
    assert found["Wq"] == pytest.approx(expected["Wq"], rel=1e-9)
    assert found["W"] == pytest.approx(expected["W"], rel=1e-9)


@pytest.mark.parametrize(
    ("name", "value"),
    [("arrival_rate", -1), ("arrival_rate", 1), ("mean_service", 0), ("cv", -0.1)],
)
def test_an_impossible_mg1_is_refused(name, value):
    with pytest.raises(ValueError, match=name):
        mg1(**{"arrival_rate": 0.5, "mean_service": 1, "cv": 1} | {name: value})


@given(LOADS)
@settings(deadline=None)
def test_one_server_of_constant_time_waits_as_md1(rho):
    found = mdc(arrival_rate=rho / 2, service_time=2, servers=1)

    expected = mg1(arrival_rate=rho / 2, mean_service=2, cv=0)
    assert found["Wq"] == pytest.approx(expected["Wq"], rel=1e-11)


def mean_left_by_iteration(arrivals, capacity, size=400, rounds=4000):
    """Iterate the law of Q' = max(Q + Poisson(a) - K, 0) until it stands still."""
    chances = [math.exp(-arrivals)]
    for count in range(1, size):
        chances.append(chances[-1] * arrivals / count)
    left = np.zeros(size)
    left[0] = 1.0
    for _ in range(rounds):
        present = np.convolve(left, chances)[: size + capacity]
        new = present[capacity:].copy()
        new[0] += present[:capacity].sum()
        if np.abs(new - left).max() < 1e-16:
            break
        left = new
    return float(left @ np.arange(size))


@pytest.mark.parametrize(
    ("arrivals", "capacity"), [(0.3, 2), (1.6, 2), (2.7, 3), (4.0, 8), (9.2, 10)]
)
def test_those_left_behind_are_those_of_the_iterated_law(arrivals, capacity):
    expected = mean_left_by_iteration(arrivals, capacity)

    queue = mdc(arrival_rate=arrivals, service_time=1, servers=capacity)
    trains = bulk_scheduled(arrival_rate=arrivals, headway=1, capacity=capacity)

    assert queue["Lq"] == pytest.approx(expected, rel=1e-9)
    assert trains["EQ"] == pytest.approx(expected, rel=1e-9)


@given(st.integers(2, 60), st.floats(0.4, 0.75))
@settings(max_examples=30, deadline=None)
def test_spitzers_sum_equals_the_sum_over_roots(capacity, load):
    arrivals = load * capacity

    by_sum = mean_by_sum(arrivals, capacity)

    assert mean_by_roots(arrivals, capacity) == pytest.approx(
        by_sum, rel=1e-10, abs=1e-12
    )


@pytest.mark.parametrize(
    ("arrivals", "capacity", "expected"),
    [  # by roots in 40 digits with mpmath
        (1.999998, 2, 499998.782174746078),
        (4.9995, 5, 4998.32546091776263),
        (499.95, 500, 4986.64844950236881),
        (5.0, 10, 0.023708982767651738),
        (3.0, 30, 4.54927569938859802e-21),
    ],
)
def test_those_left_behind_keep_their_digits_at_any_load(arrivals, capacity, expected):
    found = mdc(arrival_rate=arrivals, service_time=1, servers=capacity)

    assert found["Lq"] == pytest.approx(expected, rel=1e-11, abs=0)


def test_a_nearly_full_queue_of_constant_time_waits_half_as_long_as_mmc():
    constant = mdc(arrival_rate=3.9999, service_time=1, servers=4)

    exponential = mmc(arrival_rate=3.9999, service_rate=1, servers=4)
    assert constant["Wq"] / exponential["Wq"] == pytest.approx(0.5, abs=1e-4)


def test_no_arrivals_wait_for_nothing_but_the_timetable():
    assert mdc(arrival_rate=0, service_time=2, servers=3) == {
        "rho": 0,
        "Lq": 0,
        "Wq": 0,
    }
    assert bulk_scheduled(arrival_rate=0, headway=6, capacity=3) == {
        "EQ": 0,
        "W": 3,
        "load": 0,
    }


@pytest.mark.parametrize("rate", [1e-300, 1e-9, 1e-3])
def test_rare_lots_wait_half_a_headway(rate):
    found = bulk_scheduled(arrival_rate=rate, headway=6, capacity=40)

    assert found["W"] == pytest.approx(3)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("arrival_rate", -1),
        ("arrival_rate", 2),
        ("arrival_rate", 5),
        ("service_time", 0),
        ("servers", 2.5),
    ],
)
def test_an_impossible_mdc_is_refused(name, value):
    with pytest.raises(ValueError, match=name):
        mdc(**{"arrival_rate": 1, "service_time": 1, "servers": 2} | {name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("arrival_rate", -1),
        ("arrival_rate", 2),
        ("headway", 0),
        ("capacity", 0),
        ("capacity", 2.5),
    ],
)
def test_an_impossible_timetable_is_refused(name, value):
    good = {"arrival_rate": 1, "headway": 1, "capacity": 2}

    with pytest.raises(ValueError, match=name):
        bulk_scheduled(**good | {name: value})


@given(LOADS, st.floats(0, 2))
@settings(deadline=None)
def test_one_server_of_any_service_waits_as_mg1(rho, cv):
    found = allen_cunneen(arrival_rate=rho, service_rate=1, servers=1, ca2=1, cs2=cv**2)

    expected = mg1(arrival_rate=rho, mean_service=1, cv=cv)["Wq"]
    assert found == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("name", "value"), [("ca2", -1), ("cs2", -1), ("arrival_rate", 2)]
)
def test_an_impossible_approximation_is_refused(name, value):
    good = {"arrival_rate": 1, "service_rate": 1, "servers": 2, "ca2": 1, "cs2": 1}

    with pytest.raises(ValueError, match=name):
        allen_cunneen(**good | {name: value})


@given(st.floats(0.05, 20), st.integers(1, 40))
@settings(deadline=None)
def test_room_for_so_many_blocks_by_the_geometric_law(rho, capacity):
    weights = [rho**count for count in range(capacity + 1)]

    found = mm1k(arrival_rate=rho, service_rate=1, capacity=capacity)

    assert found["p_block"] == pytest.approx(weights[-1] / math.fsum(weights))
    assert found["throughput"] == pytest.approx(1 - 1 / math.fsum(weights))
    assert found["L"] == pytest.approx(found["throughput"] * found["W"])


def test_at_full_load_all_states_are_equally_likely():
    found = mm1k(arrival_rate=2, service_rate=2, capacity=9)

    assert found == pytest.approx(
        {"p_block": 0.1, "L": 4.5, "W": 2.5, "throughput": 1.8}
    )


def test_a_great_overload_neither_overflows_nor_starves():
    found = mm1k(arrival_rate=1e6, service_rate=1, capacity=500)

    assert found["throughput"] == pytest.approx(1)
    assert found["L"] == pytest.approx(500 - 1e-6, rel=1e-12)


def test_room_for_many_is_as_good_as_no_limit():
    found = mm1k(arrival_rate=0.6, service_rate=1, capacity=2000)

    assert found["L"] == pytest.approx(1.5)


def test_nobody_comes_and_nobody_is_turned_away():
    found = mm1k(arrival_rate=0, service_rate=4, capacity=3)

    assert found == {"p_block": 0, "L": 0, "W": 0.25, "throughput": 0}


@pytest.mark.parametrize(
    ("name", "value"), [("arrival_rate", -1), ("service_rate", 0), ("capacity", 0)]
)
def test_an_impossible_room_is_refused(name, value):
    good = {"arrival_rate": 1, "service_rate": 1, "capacity": 2}

    with pytest.raises(ValueError, match=name):
        mm1k(**good | {name: value})


@given(st.integers(1, 40), st.floats(0.01, 100), st.integers(0, 5))
@settings(deadline=None)
def test_with_a_crew_for_each_machine_failures_are_independent(units, mttr, more):
    found = machine_repair(units=units, mtbf=10, mttr=mttr, crews=units + more)

    down = mttr / (10 + mttr)
    assert found["mean_down"] == pytest.approx(units * down)
    assert found["p0"] == pytest.approx((1 - down) ** units)


@given(st.integers(1, 60), st.floats(0.01, 100))
@settings(deadline=None)
def test_one_crew_is_the_lost_call_system_in_a_mirror(units, mtbf):
    found = machine_repair(units=units, mtbf=mtbf, mttr=1, crews=1)

    blocked = 1.0  # running machines are busy lines: P(none down) is Erlang B
    for line in range(1, units + 1):
        blocked = mtbf * blocked / (line + mtbf * blocked)
    assert found["p0"] == pytest.approx(blocked, rel=1e-9)


def test_a_large_hopeless_fleet_does_not_overflow():
    found = machine_repair(units=2000, mtbf=1, mttr=50, crews=1)

    assert found["mean_down"] == pytest.approx(2000 - 1 / 50)


@pytest.mark.parametrize(("units", "mttr"), [(0, 5), (10, 0)])
def test_nothing_fails_or_is_mended_at_once(units, mttr):
    found = machine_repair(units=units, mtbf=100, mttr=mttr, crews=2)

    assert found == {"mean_down": 0, "p0": 1}


@pytest.mark.parametrize(
    ("name", "value"),
    [("units", -1), ("units", 2.5), ("mtbf", 0), ("mttr", -1), ("crews", 0)],
)
def test_an_impossible_workshop_is_refused(name, value):
    good = {"units": 4, "mtbf": 100, "mttr": 5, "crews": 1}

    with pytest.raises(ValueError, match=name):
        machine_repair(**good | {name: value})


def test_one_class_waits_as_mg1():
    found = cobham_waits(arrival_rates=[0.35], mean_services=[2], cvs=[0.8])

    expected = mg1(arrival_rate=0.35, mean_service=2, cv=0.8)["Wq"]
    assert found == pytest.approx([expected])


@given(st.lists(st.tuples(st.floats(0.01, 1), st.floats(0.01, 0.2)), max_size=4))
@settings(deadline=None)
def test_priorities_move_waits_about_but_conserve_work(classes):
    rates = [rate for rate, _ in classes]
    means = [mean for _, mean in classes]

    waits = cobham_waits(arrival_rates=rates, mean_services=means, cvs=[1] * len(rates))

    loads = [rate * mean for rate, mean in classes]
    residual = math.fsum(rate * mean**2 for rate, mean in classes)
    work = math.fsum(load * wait for load, wait in zip(loads, waits, strict=True))
    total = math.fsum(loads)
    assert work == pytest.approx(total * residual / (1 - total))  # Kleinrock 1965
    assert waits == sorted(waits)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("arrival_rates", [0.5, 0.5]),
        ("arrival_rates", [0.5, -0.5]),
        ("arrival_rates", [0.5]),
        ("mean_services", [1, -1]),
        ("cvs", [1, -1]),
    ],
)
def test_impossible_priorities_are_refused(name, value):
    good = {"arrival_rates": [0.2, 0.3], "mean_services": [1, 1], "cvs": [1, 1]}

    with pytest.raises(ValueError, match=name):
        cobham_waits(**good | {name: value})
