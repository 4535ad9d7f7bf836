"""Which engine simulates: each gives the same events."""

from __future__ import annotations

from collections.abc import Callable

from railsim.corridor.tables import Plan
from railsim.engine.draws import Draws
from railsim.engine.log import EventLog
from railsim.errors import InputError

Engine = Callable[[Plan, Draws], EventLog]
ENGINES = ("compiled", "reference")


def engine_of(name: str) -> Engine:
    """The `simulate` of an engine; loads no other one. Raises InputError."""
    match name:
        case "compiled":
            from railsim.engine.compiled import simulate as compiled

            return compiled
        case "reference":
            from railsim.engine.reference import simulate as reference

            return reference
    raise InputError(f"engine {name}: must be one of {', '.join(ENGINES)}")


def is_free_of_the_lock(name: str) -> bool:
    """Does an engine run beside others in threads of one process?"""
    return name == "compiled"


def prepare(name: str, on_compile: Callable[[], None]) -> None:
    """Compile an engine that needs it, or read it from disk, before workers start.

    `on_compile` is called before it is compiled, and not when it is read.
    """
    if name == "compiled":
        from railsim.engine.compiled import prepare as compile_kernel

        compile_kernel(on_compile)
