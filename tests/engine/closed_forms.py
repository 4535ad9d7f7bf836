"""Queues with a closed form: a world that is one, what to measure, what must come out.

A case makes a world whose lots come at `rate_per_h`; the measure gives observations in
order of time, whose mean is compared with the expected value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from railsim import formulas
from railsim.engine.log import Event
from tests.engine.networks import Run

Measure = Callable[[Run], np.ndarray]


@dataclass(frozen=True)
class Case:
    """A world at a rate of arrivals, a measure of its log and its expected mean."""

    world: Callable[[float], str]
    expected: Callable[[float], float]
    measure: Measure


def station(load: float, servers: int, time: str, more: str = "") -> Callable:
    """A world with one station; `{s}` in `time` is the mean service in hours."""

    def world(rate_per_h: float) -> str:
        filled = time.replace("{s}", repr(load * servers / rate_per_h))
        return f"""
            stations.desk = {{ servers = {servers}, time = {{ {filled} }} {more} }}
            flows.jobs.arrivals = {{ kind = "poisson", rate_per_h = {rate_per_h} }}
        """

    return world


def waits(run: Run) -> np.ndarray:
    """Waits at the desk."""
    return run.waits_h("stations.desk")


def mmc(load: float, servers: int) -> Case:
    """Poisson arrivals at exponential servers."""
    return Case(
        station(load, servers, 'dist = "exponential", mean_h = {s}'),
        lambda rate: formulas.mmc(
            arrival_rate=rate, service_rate=rate / (load * servers), servers=servers
        )["Wq"],
        waits,
    )


def mg1(load: float, cv: float, time: str) -> Case:
    """Poisson arrivals at one server of any service."""
    return Case(
        station(load, 1, time),
        lambda rate: formulas.mg1(arrival_rate=rate, mean_service=load / rate, cv=cv)[
            "Wq"
        ],
        waits,
    )


def mdc(load: float, servers: int) -> Case:
    """Poisson arrivals at servers of constant time."""
    return Case(
        station(load, servers, 'dist = "deterministic", value_h = {s}'),
        lambda rate: formulas.mdc(
            arrival_rate=rate, service_time=load * servers / rate, servers=servers
        )["Wq"],
        waits,
    )


def cobham(which: int) -> Case:
    """Two classes, the first urgent with short services, the second patient."""
    loads, cvs = (0.3, 0.4), (1.0, 0.5)

    def world(rate_per_h: float) -> str:
        half = rate_per_h / 2.0
        return f"""
            commodities.urgent.priority = -1
            commodities.patient.priority = 3
            stations.desk.time = {{ dist = "deterministic", value_h = 0.0 }}
            [[routes.a.steps]]
            station = "desk"
            time = {{ dist = "exponential", mean_h = {loads[0] / half} }}
            [[routes.b.steps]]
            station = "desk"
            time = {{ dist = "gamma", cv = 0.5, mean_h = {loads[1] / half} }}
            [flows.a]
            commodity = "urgent"
            base_share.a = 1.0
            arrivals = {{ kind = "poisson", rate_per_h = {half} }}
            [flows.b]
            commodity = "patient"
            base_share.b = 1.0
            arrivals = {{ kind = "poisson", rate_per_h = {half} }}
        """

    def measure(run: Run) -> np.ndarray:
        started = np.sort(run.log.unit[run.rows(Event.START, "stations.desk")])
        return waits(run)[run.draws.lots.flow[started] == which]

    def expected(rate: float) -> float:
        means = [load / (rate / 2.0) for load in loads]
        return formulas.cobham_waits(
            arrival_rates=[rate / 2.0] * 2, mean_services=means, cvs=cvs
        )[which]

    return Case(world, expected, measure)


def mm1k(places: int, measured: str) -> Case:
    """One exponential server with so many places in all; others are turned away."""
    load = 0.9

    def blocked(run: Run) -> np.ndarray:
        lost = np.zeros(run.log.lot_count)
        lost[run.log.unit[run.rows(Event.LOST)]] = 1.0
        return lost

    def inside(run: Run) -> np.ndarray:
        return run.waits_h("stations.desk", Event.END)

    return Case(
        station(
            load, 1, 'dist = "exponential", mean_h = {s}', f", room = {places - 1}"
        ),
        lambda rate: formulas.mm1k(
            arrival_rate=rate, service_rate=rate / load, capacity=places
        )[measured],
        blocked if measured == "p_block" else inside,
    )


def bulk(lots_a_train: int, load: float) -> Case:
    """Lots that wait for trains on a timetable."""

    def headway_h(rate_per_h: float) -> float:
        return round(24.0 * lots_a_train * load / rate_per_h / 24.0, 9)

    def world(rate_per_h: float) -> str:
        return f"""
            links.way.time = {{ dist = "deterministic", value_h = 1.0 }}
            [services.train]
            capacity_teu = {lots_a_train}
            steps = [{{ link = "way" }}]
            timetable.per_day = {{ "2000" = {24.0 / headway_h(rate_per_h)} }}
            [routes.only]
            steps = [{{ service = "train" }}]
            [flows.jobs]
            arrivals = {{ kind = "poisson", rate_per_h = {rate_per_h} }}
        """

    return Case(
        world,
        lambda rate: formulas.bulk_scheduled(
            arrival_rate=rate, headway=headway_h(rate), capacity=lots_a_train
        )["W"],
        lambda run: run.waits_h("services.train", Event.BOARD),
    )


def tandem() -> Case:
    """Two exponential stations in a row: the second sees Poisson arrivals too."""
    loads = (0.7, 0.6)

    def world(rate_per_h: float) -> str:
        first, second = (load / rate_per_h for load in loads)
        return f"""
            stations.first.time = {{ dist = "exponential", mean_h = {first} }}
            stations.desk.time = {{ dist = "exponential", mean_h = {second} }}
            flows.jobs.arrivals = {{ kind = "poisson", rate_per_h = {rate_per_h} }}
        """

    return Case(
        world,
        lambda rate: formulas.mmc(
            arrival_rate=rate, service_rate=rate / loads[1], servers=1
        )["Wq"],
        waits,
    )


def machine_repair() -> Case:
    """Six trucks that never lack a lot break down and queue for two crews.

    The observations are the trucks down at instants far apart.
    """
    units, crews = 6, 2

    def world(rate_per_h: float) -> str:
        use_h, repair_h = 4.0 * units / rate_per_h, 1.6 * units / rate_per_h
        return f"""
            fleets.truck = {{ per = "lot", tokens.here = {units} }}
            links.way.time = {{ dist = "exponential", mean_h = {use_h} }}
            [stations.desk]
            servers = {crews}
            time = {{ dist = "exponential", mean_h = {repair_h} }}
            [routes.only]
            steps = [{{ take = "truck", at = "here" }}, {{ link = "way" }},
                {{ station = "desk" }}, {{ give = "truck", at = "here" }}]
            [flows.jobs]
            arrivals = {{ kind = "scheduled", every_h = {2.0 / rate_per_h} }}
        """

    def measure(run: Run) -> np.ndarray:
        instants = np.arange(run.plan.span.begin_ms, run.plan.span.stop_ms, 97_654)
        down = np.zeros(len(instants))
        for event, change in ((Event.WAIT, 1.0), (Event.END, -1.0)):
            at_ms = run.log.at_ms[run.rows(event, "stations.desk")]
            down += change * np.searchsorted(at_ms, instants, side="right")
        return down

    return Case(
        world,
        lambda rate: formulas.machine_repair(
            units=units, mtbf=4.0 * units / rate, mttr=1.6 * units / rate, crews=crews
        )["mean_down"],
        measure,
    )


CASES = {
    "M/M/1": mmc(0.7, 1),
    "M/M/3": mmc(0.75, 3),
    "M/G/1 lognormal": mg1(0.7, 0.8, 'dist = "lognormal", mean_h = {s}, cv = 0.8'),
    "M/G/1 Erlang": mg1(0.7, 0.5, 'dist = "erlang", shape = 4, mean_h = {s}'),
    "M/D/1": mg1(0.7, 0.0, 'dist = "deterministic", value_h = {s}'),
    "M/D/3": mdc(0.8, 3),
    "Cobham, urgent": cobham(0),
    "Cobham, patient": cobham(1),
    "M/M/1/5, share blocked": mm1k(5, "p_block"),
    "M/M/1/5, time inside": mm1k(5, "W"),
    "trains of 8": bulk(8, 0.8),
    "M/M/1 in tandem": tandem(),
    "machine repair": machine_repair(),
}


def mean_and_error(observations: np.ndarray, batches: int) -> tuple[float, float]:
    """Mean after a tenth for warming up, and its standard error by batch means."""
    kept = observations[len(observations) // 10 :]
    kept = kept[: len(kept) // batches * batches]
    means = kept.reshape(batches, -1).mean(axis=1)
    return float(means.mean()), float(means.std(ddof=1) / np.sqrt(batches))
