"""What is worked out once for records that share the parts it is made of.

A scenario laid over another shares every table in which nothing changed, and so do the
worlds of a draw and the draws of a study; plans of a year share what no world changes.
What is made of some parts alone is kept for all records that have these in common.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache, update_wrapper
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

AT_ONCE = 64

Thing = TypeVar("Thing")
Found = TypeVar("Found")
More = ParamSpec("More")


class Itself(Generic[Thing]):
    """A thing that never changes and equals nothing but itself."""

    def __init__(self, thing: Thing) -> None:
        self.thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Itself) and other.thing is self.thing

    def __hash__(self) -> int:
        return id(self.thing)


class Once(Generic[Thing, More, Found]):
    """A function of some parts of a record, worked out once for each set of them.

    It sees no other part: reading one raises AttributeError.
    """

    def __init__(
        self,
        function: Callable[Concatenate[Thing, More], Found],
        names: tuple[str, ...],
        most: int,
    ) -> None:
        update_wrapper(self, function)
        self._names = names
        self._known = lru_cache(most)(_of_parts(function))

    def __call__(self, record: Thing, *args: More.args, **kwargs: More.kwargs) -> Found:
        """What comes of the parts; the same thing each time, to be read only."""
        key = Parts.of(record, self._names)
        return self._known(key, *args, **kwargs)  # type: ignore[arg-type]


def once_for(
    *names: str, most: int = AT_ONCE
) -> Callable[[Callable[Concatenate[Thing, More], Found]], Once[Thing, More, Found]]:
    """Keep what a function makes of the parts of these names, for so many of them.

    All other arguments must be hashable; what is found must never be changed.
    """
    return lambda function: Once(function, names, most)


class Parts(tuple[Itself[Any], ...], Generic[Thing]):
    """Parts of a record; equal to those of another that shares each of them."""

    _kind: type[Thing]
    _parts: dict[str, Any]

    @classmethod
    def of(cls, record: Thing, names: tuple[str, ...]) -> Parts[Thing]:
        """Those of these names."""
        parts = {name: getattr(record, name) for name in names}
        made = cls(Itself(_one_of(part)) for part in parts.values())
        made._kind, made._parts = type(record), parts
        return made

    def record(self) -> Thing:
        """A record that has these parts and no other."""
        made = object.__new__(self._kind)
        for name, part in self._parts.items():
            object.__setattr__(made, name, part)
        return made


def _one_of(part: Any) -> Any:
    """The part; nothing is the same wherever it is."""
    return None if isinstance(part, dict) and not part else part


def _of_parts(
    function: Callable[Concatenate[Thing, More], Found],
) -> Callable[..., Found]:
    def of_parts(key: Parts[Thing], *args: Hashable, **kwargs: Any) -> Found:
        return function(key.record(), *args, **kwargs)  # type: ignore[arg-type]

    return of_parts
