"""The analytic fidelity against the closed forms it stands on, and against events."""

import math

import numpy as np
import pytest

from railsim import formulas
from railsim.corridor.choosing.memory import Memory
from railsim.corridor.choosing.utility import generalised_cost, route_shares
from railsim.engine import analytic, compiled
from railsim.engine.draws import draw
from railsim.engine.measuring.meter import measure
from tests.engine.networks import plan_of

RATE = 6.0


def desk(time: str, servers: int = 1, more: str = "") -> str:
    return f"""
        stations.desk = {{ servers = {servers}, time = {{ {time} }} {more} }}
        flows.jobs.arrivals = {{ kind = "poisson", rate_per_h = {RATE} }}
    """


def served(text: str, memory: Memory | None = None):
    """Year and solution of a small world."""
    year = analytic.prepare_year(plan_of(text, memory=memory), {})
    return year, analytic.solve(year.model)


@pytest.mark.parametrize("load", [0.3, 0.7, 0.95])
def test_one_memoryless_server_waits_as_the_textbook_says(load):
    _, solution = served(desk(f'dist = "exponential", mean_h = {load / RATE}'))

    known = formulas.mmc(arrival_rate=RATE, service_rate=RATE / load, servers=1)
    assert solution.wait_h[0] == pytest.approx(known["Wq"], rel=1e-12)
    assert solution.load[0] == pytest.approx(load, rel=1e-12)


def test_one_server_of_any_service_waits_as_pollaczek_and_khinchine_say():
    _, solution = served(desk(f'dist = "lognormal", mean_h = {0.7 / RATE}, cv = 0.8'))

    known = formulas.mg1(arrival_rate=RATE, mean_service=0.7 / RATE, cv=0.8)
    assert solution.wait_h[0] == pytest.approx(known["Wq"], rel=1e-12)


@pytest.mark.parametrize("servers", [2, 5, 20])
def test_several_servers_wait_nearly_as_erlang_says(servers):
    mean = 0.85 * servers / RATE
    _, solution = served(desk(f'dist = "exponential", mean_h = {mean}', servers))

    known = formulas.mmc(arrival_rate=RATE, service_rate=1 / mean, servers=servers)
    assert solution.wait_h[0] == pytest.approx(known["Wq"], rel=0.07)  # Sakasegawa
    assert solution.wait_h2[0] == pytest.approx(wait_variance(known), rel=0.12)


def wait_variance(known: dict[str, float]) -> float:
    """C (2 - C) / (c mu - lambda)^2, as Wq = C / (c mu - lambda)."""
    spare = known["p_wait"] / known["Wq"]
    return known["p_wait"] * (2.0 - known["p_wait"]) / spare**2


def test_a_door_closed_twelve_hours_a_day_costs_three_hours():
    calendar = """
        calendars.day = { utc_offset_h = 7, windows_h = [[7, 19]] }
    """
    time = 'dist = "deterministic", value_h = 0.0'
    _, solution = served(calendar + desk(time, more=', calendar = "day"'))

    mean, variance = 12.0**2 / 48.0, 12.0**3 / 72.0 - (12.0**2 / 48.0) ** 2
    assert solution.wait_h[0] == pytest.approx(mean, rel=2e-3)  # 365 days have 366 ends
    assert solution.wait_h2[0] == pytest.approx(variance, rel=5e-3)


def test_trains_leave_behind_what_spitzer_says():
    rate, headway = 0.8 * 8 / 6.0, 6.0
    text = f"""
        [services.train]
        capacity_teu = 8
        steps = [{{ link = "way" }}]
        timetable = {{ per_day = {{ 2020 = 4 }} }}
        [links.way]
        time = {{ dist = "deterministic", value_h = 5.0 }}
        [routes.only]
        steps = [{{ service = "train" }}]
        [flows.jobs.arrivals]
        kind = "poisson"
        rate_per_h = {rate}
    """
    _, solution = served(text)

    known = formulas.bulk_scheduled(arrival_rate=rate, headway=headway, capacity=8)
    left_h = known["W"] - headway / 2.0
    assert solution.wait_h[0] - 3.0 == pytest.approx(left_h, rel=0.03)
    assert solution.mean_h[0] == pytest.approx(5.0 + solution.wait_h[0])


RIVALS = """
    [commodities.goods]
    value_usd_per_t = 350400.0
    inventory_rate = 1.0
    theta_per_usd = 0.01
    [stations.terminal]
    time = { dist = "exponential", mean_h = 0.01818181818181818 }
    [links.road]
    time = { dist = "deterministic", value_h = 0.0 }
    [tariffs.rail]
    payee = "railway"
    cause = "line_haul"
    currency = "USD"
    per_teu = 700.0
    [tariffs.road]
    payee = "haulier"
    cause = "line_haul"
    currency = "USD"
    per_teu = 900.0
    [routes.rail]
    steps = [{ station = "terminal", tariffs = ["rail"] }]
    [routes.road]
    steps = [{ link = "road", tariffs = ["road"] }]
    [flows.jobs.arrivals]
    kind = "poisson"
    rate_per_h = 60.0
"""
TASTE = Memory(asc={("jobs", "rail"): 0.0, ("jobs", "road"): 0.0})


def test_the_fixed_point_of_congestion_is_that_of_the_worked_example():
    known = formulas.congestion_fixed_point(
        demand=60,
        theta=0.01,
        gc_rail_free=700,
        gc_road=900,
        delay_usd_per_h=400,
        mu=55,
        msa_iters=0,
    )

    year, solution = served(RIVALS, TASTE)

    assert solution.is_converged
    assert solution.gap <= 1e-8
    assert solution.lots[0] / year.model.hours == pytest.approx(known["x"], rel=1e-7)
    assert solution.cost_usd[0] == pytest.approx(known["gc_rail"], rel=1e-7)


def test_all_or_nothing_on_a_queue_does_not_converge_and_says_so():
    # rail is cheaper when empty and dearer when full: all lots turn for ever
    _, solution = served(RIVALS + '[choice]\nmodel = "aon"', TASTE)

    assert not solution.is_converged
    assert solution.gap > 1e-8
    assert solution.rounds == 200


@pytest.mark.parametrize("model", ["mnl", "nested"])
def test_costs_and_shares_are_those_of_the_choice_model(model):
    tastes = """[commodities.goods]
        holding_rate = 0.2
        service_factor = 1.6
        consignee_sd_teu_per_day = 0.5
        schedule_usd_per_teu_day = 9.0
        decay_per_day = { road = 0.03 }
    """
    nests = """
        [choice.nests]
        only = { scale = 0.6, insurance_factor = 1.0 }
        other = { scale = 0.9, insurance_factor = 1.0 }
        [routes.third]
        nest = "other"
        steps = [{ link = "slow" }]
        [links.slow]
        time = { dist = "uniform", low_h = 10.0, high_h = 30.0 }
    """
    text = RIVALS.replace("[commodities.goods]", tastes)
    memory = Memory(asc={("jobs", r): 0.1 * len(r) for r in ("rail", "road", "third")})
    year, solution = served(f'{text}{nests}[choice]\nmodel = "{model}"', memory)
    choices = year.plan.choices

    costs = [
        generalised_cost(
            choices, 0, c, float(solution.mean_h[c]), float(solution.sd_h[c])
        )
        for c in range(3)
    ]
    shares = route_shares(choices, 0, [0, 1, 2], costs).shares

    assert solution.cost_usd == pytest.approx(costs, rel=1e-12)
    assert solution.lots / solution.lots.sum() == pytest.approx(shares, abs=1e-7)


def test_an_overloaded_station_waits_half_a_year_of_its_excess():
    _, solution = served(desk(f'dist = "exponential", mean_h = {1.1 / RATE}'))
    _, full = served(desk(f'dist = "exponential", mean_h = {0.98 / RATE}'))

    backlog = (1.1 - 0.98) * 8760.0 / 2.0
    assert solution.load[0] == pytest.approx(1.1)
    assert solution.wait_h[0] == pytest.approx(backlog + full.wait_h[0], rel=0.02)


def test_a_doubled_kappa_doubles_the_wait():
    plan = plan_of(desk(f'dist = "exponential", mean_h = {0.7 / RATE}'))
    plain = analytic.solve(analytic.prepare_year(plan, {}).model)
    kappas = {"stations.desk": analytic.Kappa(queue=2.0)}

    found = analytic.solve(analytic.prepare_year(plan, kappas).model)

    assert found.wait_h[0] == pytest.approx(2.0 * plain.wait_h[0])


WALK = """
    [calendars.day]
    utc_offset_h = 7
    windows_h = [[6, 18]]
    [stations.gate]
    servers = 3
    calendar = "day"
    time = { dist = "lognormal", mean_h = 0.2, cv = 0.5 }
    [stations.lab]
    servers = 50
    time = { dist = "triangular", low_h = 4.0, mode_h = 6.0, high_h = 20.0 }
    [services.train]
    capacity_teu = 60
    steps = [{ link = "way" }]
    timetable = { per_day = { 2020 = 3 } }
    cutoff_h = 1.0
    [links.way]
    time = { dist = "uniform", low_h = 9.0, high_h = 12.0 }
    [routes.only]
    steps = [
        { station = "gate" },
        { station = "lab", share = 0.3 },
        { service = "train" },
    ]
    [flows.jobs.arrivals]
    kind = "poisson"
    rate_per_h = 3.0
"""


def test_a_chain_takes_as_long_as_events_say():
    plan = plan_of(WALK)
    draws = draw(plan, 1, 0)
    met = measure(plan, draws, compiled.simulate(plan, draws))

    year = analytic.prepare_year(plan, {})
    offered = analytic.serve(year, analytic.solve(year.model))

    assert offered.routes.lot_mean_h[0] == pytest.approx(
        met.routes.lot_mean_h[0], rel=0.05
    )
    assert offered.routes.lot_sd_h[0] == pytest.approx(met.routes.lot_sd_h[0], rel=0.15)
    assert offered.routes.lots[0] == pytest.approx(met.routes.lots[0], rel=0.02)
    assert offered.departures.run.tolist() == met.departures.run.tolist()
    assert offered.resources.utilisation[1] == pytest.approx(
        met.resources.utilisation[1], rel=0.03
    )


def test_hours_of_the_steps_add_up_to_the_mean_time():
    year, solution = served(WALK)
    service = analytic.serve(year, solution)

    total = math.fsum(service.steps.time_h) / float(service.routes.teu[0])

    assert total == pytest.approx(float(service.routes.mean_h[0]), rel=1e-12)


def test_waits_by_days_keep_all_teu():
    year, solution = served(WALK)
    service = analytic.serve(year, solution)

    by_step = service.steps.waited_days.sum(axis=1)

    assert by_step[2] == pytest.approx(float(service.routes.teu[0]))
    assert np.count_nonzero(by_step) == 1


BURST = """
    [services.train]
    capacity_teu = 100
    steps = [{ link = "way" }]
    timetable = { per_day = { 2020 = 1 } }
    [links.way]
    time = { dist = "deterministic", value_h = 5.0 }
    [stations.crane]
    servers = 1
    time = { dist = "deterministic", value_h = 0.2 }
    [routes.only]
    steps = [{ service = "train" }, { station = "crane" }]
    [flows.jobs.arrivals]
    kind = "poisson"
    rate_per_h = 1.0
"""


@pytest.mark.parametrize(
    ("world", "memory", "code", "named"),
    [
        (BURST, None, "W031", "[kappa]"),
        (
            desk(f'dist = "exponential", mean_h = {1.1 / RATE}'),
            None,
            "W032",
            "stations.desk",
        ),
        (BURST, None, "W033", "stations.crane"),
        (RIVALS + '[choice]\nmodel = "aon"', TASTE, "W034", "base 2026"),
    ],
)
def test_a_warning_names_where_closed_forms_are_poor(world, memory, code, named):
    years = analytic.AnalyticYears(None)

    years.service("base", plan_of(world, memory=memory))

    assert [named in text for text in years.warnings() if text.startswith(code)] == [
        True
    ]


def test_nothing_is_said_of_a_world_without_queues():
    years = analytic.AnalyticYears(None)

    years.service(
        "base",
        plan_of("""
        [links.way]
        time = { dist = "deterministic", value_h = 5.0 }
        [routes.only]
        steps = [{ link = "way" }]
        [flows.jobs.arrivals]
        kind = "poisson"
        rate_per_h = 1.0
    """),
    )

    assert list(years.warnings()) == []


CLASSES = """
    [commodities.fast]
    priority = -1
    [commodities.usual]
    priority = 0
    [commodities.slow]
    priority = 1
"""


def flows(rates: dict[str, float]) -> str:
    """A flow for each commodity."""
    return CLASSES + "".join(
        f"""
    [flows.{name}]
    commodity = "{name}"
    arrivals = {{ kind = "poisson", rate_per_h = {rate} }}
    """
        for name, rate in rates.items()
    )


def waits_by_flow(text: str) -> list[float]:
    """Mean times of the flows' only chains without what is fixed."""
    year, solution = served(text)
    fixed = np.bincount(year.steps["chain"], year.steps["fixed_h"])
    return list(solution.mean_h - fixed)


def test_priorities_at_one_server_wait_as_cobham_says():
    rates = {"fast": 1.0, "usual": 2.0, "slow": 1.5}
    time = 'dist = "lognormal", mean_h = 0.2, cv = 0.5'
    desk = f"stations.desk = {{ time = {{ {time} }} }}"

    found = waits_by_flow(desk + flows(rates))

    known = formulas.cobham_waits(
        arrival_rates=list(rates.values()), mean_services=[0.2] * 3, cvs=[0.5] * 3
    )
    assert found == pytest.approx(known, rel=1e-9)


def test_who_goes_first_is_left_behind_as_if_nobody_followed():
    rates = {"fast": 0.4, "slow": 0.7}
    train = """
        [services.train]
        capacity_teu = 8
        steps = [{ link = "way" }]
        timetable = { per_day = { 2020 = 4 } }
        [links.way]
        time = { dist = "deterministic", value_h = 5.0 }
        [routes.only]
        steps = [{ service = "train" }]
    """

    fast, slow = waits_by_flow(train + flows(rates))

    def left(rate: float) -> float:
        known = formulas.bulk_scheduled(arrival_rate=rate, headway=6.0, capacity=8)
        return known["EQ"]

    assert fast - 3.0 == pytest.approx(left(0.4) / 0.4, rel=0.12)
    both = 0.4 * (fast - 3.0) + 0.7 * (slow - 3.0)
    assert both == pytest.approx(left(1.1), rel=0.03)
