"""A year's plan: what tells two years apart, and demand that answers its costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from railsim.corridor.choosing.learning import renew_cost_ratios
from railsim.corridor.choosing.memory import Memory
from railsim.corridor.plan import make_plan, make_renewed_plan
from railsim.corridor.services import planned_state
from railsim.corridor.tables import Plan
from railsim.scenario import Scenario, load_scenario, overlay
from tests.corridor.fingerprints import fingerprint

SMALL = Path(__file__).parents[1] / "small_corridor.toml"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(SMALL)


@pytest.fixture(scope="module")
def plan(scenario: Scenario) -> Plan:
    return make_plan(scenario, planned_state(scenario), 2028, Memory())


def arrays(thing: Any) -> Iterator[np.ndarray]:
    """Every array that a record holds, however deep."""
    if isinstance(thing, np.ndarray):
        yield thing
    elif is_dataclass(thing):
        for f in fields(thing):
            yield from arrays(getattr(thing, f.name))
    elif isinstance(thing, tuple | dict):
        for part in thing.values() if isinstance(thing, dict) else thing:
            yield from arrays(part)


def test_a_plan_made_again_has_the_same_fingerprint(
    scenario: Scenario, plan: Plan
) -> None:
    again = make_plan(scenario, planned_state(scenario), 2028, Memory())

    assert fingerprint(again) == fingerprint(plan)


def test_a_change_in_any_array_changes_the_fingerprint(plan: Plan) -> None:
    known, filled = fingerprint(plan), [a for a in arrays(plan) if a.size]

    for array in filled:
        old = array.flat[-1]
        array.flat[-1] = not old if array.dtype == np.bool_ else old + 1
        changed = fingerprint(plan)
        array.flat[-1] = old
        assert changed != known
    assert len(filled) > 70


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("stations.gate.time.mean_h", 0.123),
        ("calendars.day_shift.windows_h", [[5.0, 6.0]]),
        ("flows.fruit_south.arrivals.tonnes", 1.0),
    ],
)
def test_another_scenario_has_another_fingerprint(
    scenario: Scenario, plan: Plan, path: str, value: object
) -> None:
    other = overlay(scenario, {path: value})

    changed = make_plan(other, planned_state(other), 2028, Memory())

    assert fingerprint(changed) != fingerprint(plan)


def test_a_renewed_plan_is_the_plan_made_with_the_renewed_memory(
    scenario: Scenario, plan: Plan
) -> None:
    anchors = dict.fromkeys(scenario.flows, (900.0, 700.0))
    memory = Memory(base_cost=anchors)
    state = planned_state(scenario)

    renewed, remembered = make_renewed_plan(scenario, state, 2028, memory)

    assert remembered == renew_cost_ratios(plan, memory)
    assert set(remembered.cost_ratio) == set(scenario.flows)
    expected = make_plan(scenario, state, 2028, remembered)
    assert fingerprint(renewed) == fingerprint(expected) != fingerprint(plan)
