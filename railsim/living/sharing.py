"""Worlds that differ in money alone have one traffic, and it is worked out once."""

from __future__ import annotations

from collections.abc import Mapping

from railsim.scenario import Scenario

# Tables that decide who pays and how society counts, but not what moves: what they do
# to the day a line opens stands in `openings`.
MONEY = {
    *("projects", "reference_classes", "vehicles", "budget", "passengers"),
    *("operators", "packages", "finance", "appraisal"),
}


def first_alike(worlds: Mapping[str, Scenario]) -> dict[str, str]:
    """Every alternative -> the first one with the same traffic, perhaps itself."""
    found: dict[str, str] = {}
    for name, world in worlds.items():
        alike = (n for n in found.values() if _has_one_traffic(worlds[n], world))
        found[name] = next(alike, name)
    return found


def _has_one_traffic(one: Scenario, other: Scenario) -> bool:
    names = type(one).model_fields.keys() - MONEY
    return all(getattr(one, name) == getattr(other, name) for name in names)
