"""Worlds of the base scenario with traffic made by hand, their works and accounts."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from railsim.judging.worlds import Case, accounts_of
from railsim.project import ProjectLuck, Works, build, deliver, open_sections
from railsim.project.works import Delivery
from railsim.scenario import Scenario, load_scenario, overlay
from railsim.traffic import FlowTraffic, Payment, ServiceTraffic, Traffic
from tests.sources import ROOT

MEDIAN = ProjectLuck(start=0.5, slippage=0.5, cost=0.5, duration=0.5)
PACKAGES = ("f1", "f2", "f3", "f4", "f5", "f6")


@functools.cache
def base(alternative: str = "start_2027") -> Scenario:
    """A world of the base scenario."""
    scenario = load_scenario(ROOT / "scenarios" / "base.toml")
    return overlay(scenario, scenario.alternatives[alternative].overlay)


def paid_by(
    package: str, world: Scenario | None = None, **inflation: float
) -> Scenario:
    """The world with another package; `inflation` by currency."""
    world = base() if world is None else world
    assert world.finance is not None
    money: dict[str, Any] = {"package": package}
    if inflation:
        money["inflation"] = world.finance.inflation.model_copy(update=inflation)
    return world.model_copy(update={"finance": world.finance.model_copy(update=money)})


def deliveries(world: Scenario) -> dict[str, Delivery]:
    """How its projects go by median luck."""
    return deliver(world, dict.fromkeys(world.projects, MEDIAN))


def traffic(*, usd_per_teu: float = 1000.0, rail_share: float = 0.0) -> Traffic:
    """A flow that costs so much and pays hauliers, or the new line from 2034 on."""
    years = np.arange(2026, 2066)
    flat, teu = np.ones(len(years)), 200_000.0 * np.ones(len(years))
    rail = np.where(years >= 2034, rail_share, 0.0)
    trains = rail * teu / 80.0
    service = ServiceTraffic(
        *(trains, 390.0 * trains, 10.0 * trains, rail * teu, 15.0 * rail * teu),
        *(390.0 * rail * teu, 15.0 * 390.0 * rail * teu),
        *(0.6 * rail * teu, 9.0 * rail * teu),
    )
    flow = FlowTraffic(
        *("bilateral", "fruit", "south", "CN", "VN", teu, 15.0 * teu),
        usd_per_teu * flat,
    )
    return Traffic(
        years=years,
        paid_usd={
            Payment("rail", "sgr_operator", "line_haul"): 400.0 * rail * teu,
            Payment("road", "trucker_vn", "line_haul"): 900.0 * (1.0 - rail) * teu,
        },
        services={"sgr_container": service},
        flows={"fruit": flow},
        t_km={},
        truck_km={"VN": 400.0 * (1.0 - rail) * teu},
        lifted_t={},
        t_co2e={"VN": 0.4 * (1.0 - rail) * teu},
    )


def case(name: str, world: Scenario, carried: Traffic) -> Case:
    """What `case_of` makes of a world, its traffic being known."""
    works = works_of(world, carried)
    accounts = accounts_of(world, works, carried)
    return Case(name, world, carried, {}, works, accounts)


def works_of(world: Scenario, carried: Traffic) -> Works:
    """What is built by median luck."""
    found = deliveries(world)
    return build(open_sections(world, found), found, carried)


@functools.cache
def with_line(package: str = "f2") -> Case:
    """The line is built and carries half of the flow, each TEU 200 US$ cheaper."""
    return case("with", paid_by(package), traffic(usd_per_teu=800.0, rail_share=0.5))


@functools.cache
def without_line() -> Case:
    """Nothing is built."""
    return case("without", base("without"), traffic())
