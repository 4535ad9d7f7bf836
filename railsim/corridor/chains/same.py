"""Scenarios as keys of what is worked out once for each."""

from __future__ import annotations

from railsim.scenario.schema import Scenario

WORLDS_AT_ONCE = 16


class Same:
    """A scenario that equals nothing but itself; scenarios never change."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.scenario is self.scenario

    def __hash__(self) -> int:
        return id(self.scenario)
