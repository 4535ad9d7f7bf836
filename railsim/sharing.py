"""What is worked out once for records that share the parts it is made of.

A scenario laid over another shares every table in which nothing changed, and so do the
worlds of a draw and the draws of a study; plans of a year share what no world changes.
What is made of some parts alone is kept for all records that have these in common.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from functools import update_wrapper
from threading import Lock
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

AT_ONCE = 16

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

    With names it sees no other part: reading one raises AttributeError.
    """

    def __init__(
        self,
        function: Callable[Concatenate[Thing, More], Found],
        names: tuple[str, ...],
        most: int,
    ) -> None:
        update_wrapper(self, function)
        self._function, self._names, self._most = function, names, most
        self._known: OrderedDict[Hashable, tuple[Any, Found]] = OrderedDict()
        self._lock = Lock()

    def __call__(self, record: Thing, *args: More.args, **kwargs: More.kwargs) -> Found:
        """What comes of the parts; the same thing each time, to be read only."""
        parts = tuple([getattr(record, name) for name in self._names]) or (record,)
        key = (*map(_mark, parts), args, *kwargs.items())
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key][1]
        found = self._function(self._alone(record, parts), *args, **kwargs)
        self._keep(key, parts, found)
        return found

    def _alone(self, record: Thing, parts: tuple[Any, ...]) -> Thing:
        """A record that has these parts and no other."""
        if not self._names:
            return record
        made = object.__new__(type(record))
        for name, part in zip(self._names, parts, strict=True):
            object.__setattr__(made, name, part)
        return made

    def _keep(self, key: Hashable, parts: tuple[Any, ...], found: Found) -> None:
        """As long as the parts are kept, no other thing can have their marks."""
        with self._lock:
            self._known[key] = parts, found
            while len(self._known) > self._most:
                self._known.popitem(last=False)


def once_for(
    *names: str, most: int = AT_ONCE
) -> Callable[[Callable[Concatenate[Thing, More], Found]], Once[Thing, More, Found]]:
    """Keep what a function makes of the parts of these names, for so many of them.

    Without names, of the whole record, or of anything else that never changes.
    All other arguments must be hashable; what is found must never be changed.
    """
    return lambda function: Once(function, names, most)


def marks_of(record: object, names: Iterable[str]) -> tuple[int, ...]:
    """Numbers that are equal for records that share all of these parts, while both
    live.
    """
    return tuple(_mark(getattr(record, name)) for name in names)


def _mark(part: object) -> int:
    """A number of its own for each part; nothing is the same wherever it is."""
    return 0 if isinstance(part, dict) and not part else id(part)
