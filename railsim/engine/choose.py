"""Which engine simulates: each gives the same events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from railsim.corridor.tables import Plan
from railsim.engine.draws import Draws
from railsim.engine.log import EventLog
from railsim.errors import InputError

ENGINES = ("compiled", "reference")


@dataclass(frozen=True, slots=True)
class Engine:
    """A year as one log, or as its pages in order, each valid until the next."""

    simulate: Callable[[Plan, Draws], EventLog]
    pages: Callable[[Plan, Draws], Iterator[EventLog]]


def engine_of(name: str) -> Engine:
    """An engine by its name; loads no other one. Raises InputError."""
    match name:
        case "compiled":
            from railsim.engine import compiled

            return Engine(compiled.simulate, compiled.pages)
        case "reference":
            from railsim.engine import reference

            return Engine(reference.simulate, reference.pages)
    raise InputError(f"engine {name}: must be one of {', '.join(ENGINES)}")


def prepare(name: str, on_compile: Callable[[], None]) -> None:
    """Compile the meter, and an engine that needs it, or read them from disk.

    To be done before workers start. `on_compile` is called once when something is
    compiled, and not when all is read.
    """
    from railsim.engine.kernels import jit
    from railsim.engine.measuring import meter

    entries = meter.ENTRIES
    if name == "compiled":
        from railsim.engine import compiled

        entries = {**entries, **compiled.ENTRIES}
    jit.prepare(entries, on_compile)
