"""Small worlds of the six words in a few lines of TOML.

A world is laid over the smallest complete scenario: no warm-up, no drain, two places,
goods of 10 t a TEU in lots of one.
"""

from __future__ import annotations

import tomllib
from typing import Any

from railsim.scenario import Scenario

BASE = """
[run]
title = "small world"
seed = 1
first_year = 2026
last_year = 2026
simulate_years = "all"
replications = 1
warmup_days = 0.0
drain_days = 0.0
fidelity = "event"
engine = "reference"
is_deterministic = false
max_events = 50_000_000

[alternatives.base]
title = "base"

[economy]
price_year = 2025
flow_base_year = 2025
cny_per_usd = 7.2
vnd_per_usd = 26000.0

[choice]
model = "mnl"
learning_per_day = 0.1
stranded_h = 48.0
stranded_share = 0.5
elasticity_usual = [-1.2, -0.4]
nests.only = { scale = 1.0, insurance_factor = 1.0 }

[loading]
truck_payload_t = 26.0
heavy_box_t = 14.0

[places]
here = { name = "Hà Nội", country = "VN", latitude = 21.0, longitude = 106.0 }
there = { name = "昆明", country = "CN", latitude = 25.0, longitude = 103.0 }

[commodities.goods]
name = "goods"
value_usd_per_t = 100.0
tonnes_per_teu = 10.0
forty_foot_share = 0.0
decay_per_day = {}
inventory_rate = 0.1
insurance_rate = 0.0
schedule_usd_per_teu_day = 0.0
holding_rate = 0.0
service_factor = 0.0
consignee_teu_per_day = 1.0
consignee_sd_teu_per_day = 0.0
income_elasticity = 0.0
cost_elasticity = 0.0
theta_per_usd = 0.003
contract_share = 0.0
priority = 0

[lot_sizes.one]
teu = [1]
probability = [1.0]
"""

STATION = {"place": "here", "servers": 1}
ROUTE = {"title": "only", "mode": "road", "nest": "only"}
LINK = {"origin": "here", "destination": "there", "mode": "road", "length_km": 1.0}
LINE = {
    "tracks": 1,
    "clear_h": 0.0,
    "stop_loss_h": 0.0,
    "maximum_km_per_h": 100.0,
    "country": "VN",
}
SERVICE = {
    "title": "train",
    "origin": "here",
    "destination": "there",
    "mode": "rail",
    "is_both_ways": False,
    "length_km": 100.0,
    "speed_km_per_h": 100.0,
    "priority": 0,
    "capacity_teu": 10,
    "capacity_t": 100000.0,
    "cutoff_h": 0.0,
    "min_load_share": 0.0,
    "max_cancel": 0,
    "is_overtaking": False,
    "is_splittable": False,
    "max_hold_h": 0.0,
}
FLOW = {
    "market": "domestic",
    "commodity": "goods",
    "origin": "here",
    "destination": "there",
    "direction": "south",
    "form": "container",
    "lot_size": "one",
    "arrivals": {"kind": "listed", "at_h": ()},
}
USUAL = {
    "stations": STATION,
    "routes": ROUTE,
    "links": LINK,
    "lines": LINE,
    "services": SERVICE,
}


def small_world(text: str) -> Scenario:
    """The scenario that a text makes of the base.

    Tables of resources need to say only what is unusual. Without routes there is one
    through all stations in their order; without flows one that takes it, and a flow
    without `base_share` shares its routes evenly.
    """
    raw = _merged(tomllib.loads(BASE), tomllib.loads(text))
    for table, usual in USUAL.items():
        for name, fields in raw.get(table, {}).items():
            raw[table][name] = usual | fields
    if "routes" not in raw:
        steps = [{"station": name} for name in raw.get("stations", {})]
        raw["routes"] = {"only": ROUTE | {"steps": steps}}
    routes = {name: 1.0 / len(raw["routes"]) for name in raw["routes"]}
    raw["flows"] = {
        name: FLOW | {"base_share": routes} | fields
        for name, fields in raw.get("flows", {"jobs": {}}).items()
    }
    raw["commodities"] = {
        name: raw["commodities"]["goods"] | fields
        for name, fields in raw["commodities"].items()
    }
    return Scenario.model_validate(_tupled(raw))


def _merged(base: dict[str, Any], child: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in child.items():
        both = isinstance(value, dict) and isinstance(base.get(key), dict)
        merged[key] = _merged(base[key], value) if both else value
    return merged


def _tupled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _tupled(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return tuple(_tupled(inner) for inner in value)
    return value
