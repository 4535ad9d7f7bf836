"""Things as keys of what is worked out once for each."""

from __future__ import annotations

from typing import Generic, TypeVar

from railsim.scenario.schema import Scenario

WORLDS_AT_ONCE = 16
Thing = TypeVar("Thing")


class Itself(Generic[Thing]):
    """A thing that never changes and equals nothing but itself."""

    def __init__(self, thing: Thing) -> None:
        self.thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Itself) and other.thing is self.thing

    def __hash__(self) -> int:
        return id(self.thing)


class Same(Itself[Scenario]):
    """A scenario that equals nothing but itself."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.thing
