"""Worlds made by hand: traffic, works and a frame whose numbers are easy to follow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from railsim.appraisal.ledger import Asset, Riders, Side
from railsim.project.halves import Halves
from railsim.project.works import Delivery, Item, PassengerTraffic, Works
from railsim.scenario import Scenario, load_scenario, overlay
from railsim.traffic import Floats, FlowTraffic, Leg, Payment, ServiceTraffic, Traffic
from tests.runs import SMALL

FIRST, COUNT = 2026, 10
TRADED = Asset(float("inf"), {"traded": 1.0})

FRAME: dict[str, Any] = {
    "discount_rate": 0.09,
    "sensitivity_rates": [0.06, 0.12],
    "timing": "start",
    "operating_years": 30,
    "home_country": "VN",
    "builder": "treasury",
    "fleet_owner": "railway",
    "maintenance_usd_per_km": 0.0,
    "shadow": {
        "standard_conversion_factor": 1.0,
        "unskilled_wage_factor": 1.0,
        "skilled_wage_factor": 1.0,
        "land_factor": 1.0,
        "maintenance_factor": 1.0,
    },
    "carbon": {
        "path": "only",
        "paths": {"only": {"usd_per_t": {"2030": 100.0}, "growth_per_year": 0.0}},
        "price_level": 1.0,
        "home_share": 0.1,
        "construction_t_per_km": 0.0,
    },
    "life": {
        "rule": "multiple",
        "multiple": 70.0,
        "gdp_per_head_usd": {"VN": 5000.0, "CN": 13000.0},
    },
    "road": {
        "empty_km_per_laden_km": 0.0,
        "fatalities_per_truck_km": 0.0,
        "air_pollution_usd_per_t_km": 0.0,
        "wear_usd_per_t_km": 0.0,
    },
    "market_shares": {
        "bilateral": {"VN": 0.5, "CN": 0.5},
        "transit": {"CN": 1.0},
    },
}


def payee(kind: str = "competitive", **fields: Any) -> dict[str, Any]:
    """One entry of the payees."""
    return {
        "kind": kind,
        "party": "hauliers",
        "country": "VN",
        "levy_share": 0.0,
        **fields,
    }


PAYEES = {
    "haulier": payee(),
    "railway": payee("margin", party="railway", margin_share=0.25),
    "new railway": payee("margin", party="railway", margin_share=0.25),
    "carrier": payee(party="shipping lines", country="XX"),
    "port": payee("margin", party="ports", margin_share=0.3),
    "customs": payee("margin", party="treasury", margin_share=1.0),
    "insurer": payee(party="insurers"),
}


@cache
def small() -> Scenario:
    """Read once; scenarios never change."""
    return load_scenario(SMALL)


def scenario(changes: Mapping[str, Any] | None = None, **payees: Any) -> Scenario:
    """The small corridor with the frame; `changes` are dotted paths below appraisal."""
    return _scenario(json.dumps([changes or {}, payees]))


@cache
def _scenario(told: str) -> Scenario:
    changes, payees = json.loads(told)
    frame = {**FRAME, "payees": {**PAYEES, **payees}}
    world = overlay(small(), {"appraisal": frame})
    return overlay(world, {f"appraisal.{p}": value for p, value in changes.items()})


def series(*values: float) -> Floats:
    """One number a year; the last goes on to the end."""
    filled = [*values, *[values[-1]] * (COUNT - len(values))]
    return np.array(filled, dtype=np.float64)


def flow(
    teu: Floats, usd_per_teu: Floats, market: str = "bilateral", goods: str = "ore"
) -> FlowTraffic:
    """A flow with its composite cost."""
    ends = ("south", "CN", "VN")
    return FlowTraffic(market, goods, *ends, teu, 10.0 * teu, usd_per_teu)


def traffic(
    flows: Mapping[str, FlowTraffic] | None = None,
    *,
    paid: Mapping[Payment, Floats] | None = None,
    services: Mapping[str, ServiceTraffic] | None = None,
    t_km: Mapping[Leg, Floats] | None = None,
    truck_km: Mapping[str, Floats] | None = None,
    t_co2e: Mapping[str, Floats] | None = None,
    count: int = COUNT,
) -> Traffic:
    """A world's traffic from 2026 on; what is not named is nothing."""
    return Traffic(
        years=np.arange(FIRST, FIRST + count),
        paid_usd=paid or {},
        services=services or {},
        flows=flows or {},
        t_km=t_km or {},
        truck_km=truck_km or {},
        lifted_t={},
        t_co2e=t_co2e or {},
    )


def works(
    spent: Mapping[str, Floats] | None = None,
    vehicles: Mapping[str, Floats] | None = None,
    *,
    opening: float | None = None,
    trips: Floats | None = None,
    count: int = COUNT,
) -> Works:
    """Works of the project `line`; a year's money falls on its halves alike."""
    halves = Halves.of_years(FIRST, FIRST + count - 1)
    split = {name: np.repeat(usd / 2.0, 2) for name, usd in (spent or {}).items()}
    delivery = Delivery(
        project="line",
        start=float(FIRST),
        openings={} if opening is None else {"new_line": opening},
        works_end=float(FIRST),
        overrun=1.0,
        delay_years=0.0,
        spent_usd=split,
    )
    people = {} if trips is None else {"line": PassengerTraffic(trips, 100.0 * trips)}
    return Works(
        halves=halves,
        deliveries={"line": delivery} if spent or opening is not None else {},
        spent_usd={Item("line", name): usd for name, usd in split.items()},
        vehicles_usd={
            kind: np.repeat(usd / 2.0, 2) for kind, usd in (vehicles or {}).items()
        },
        passengers=people,
    )


def side(
    carried: Traffic,
    built: Works | None = None,
    *,
    asset: Asset = TRADED,
    vehicle: Asset = TRADED,
    track_km: float = 0.0,
    riders: Riders | None = None,
) -> Side:
    """One of the worlds compared; all components and vehicles are alike."""
    built = works(count=len(carried.years)) if built is None else built
    return Side(
        traffic=carried,
        works=built,
        assets=dict.fromkeys(built.spent_usd, asset),
        vehicles=dict.fromkeys(built.vehicles_usd, vehicle),
        track_km={"new_line": track_km},
        riders={} if riders is None else {"line": riders},
    )
