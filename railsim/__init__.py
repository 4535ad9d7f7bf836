"""railsim: what becomes of freight between Yunnan, Hai Phong and the sea.

The names below are those the command line calls; each is loaded when first asked for.
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the checker sees every name, the table below serves the run
    from railsim.case import evaluate
    from railsim.corridor.plan import make_plan
    from railsim.engine.draws import draw
    from railsim.engine.reference import simulate
    from railsim.outcome import Outcome
    from railsim.results.reading import Run, open_run
    from railsim.results.running import plan_job, run_job
    from railsim.scenario import Scenario, load_scenario, overlay

    __version__: str

HOMES = {
    "Outcome": "railsim.outcome",
    "Run": "railsim.results.reading",
    "Scenario": "railsim.scenario",
    "draw": "railsim.engine.draws",
    "evaluate": "railsim.case",
    "load_scenario": "railsim.scenario",
    "make_plan": "railsim.corridor.plan",
    "open_run": "railsim.results.reading",
    "overlay": "railsim.scenario",
    "plan_job": "railsim.results.running",
    "run_job": "railsim.results.running",
    "simulate": "railsim.engine.reference",
}

__all__ = [
    "Outcome",
    "Run",
    "Scenario",
    "__version__",
    "draw",
    "evaluate",
    "load_scenario",
    "make_plan",
    "open_run",
    "overlay",
    "plan_job",
    "run_job",
    "simulate",
]


def __getattr__(name: str) -> object:
    """Load a name from its home and keep it."""
    if name == "__version__":
        found: object = version("railsim")
    elif name in HOMES:
        found = getattr(import_module(HOMES[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the public names."""
    return list(__all__)
