"""What the files say, and who says so.

The names below are those other rooms call; each is loaded when first asked for, so that
`railsim --help` need not know what a scenario is.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the checker sees every name, the table below serves the run
    from railsim.scenario.files.merging import Origin
    from railsim.scenario.loading import Resolved, load_scenario, resolve, scenario_of
    from railsim.scenario.overlays import overlay
    from railsim.scenario.problems import CODES, Problem, ScenarioError, render
    from railsim.scenario.schema import Scenario
    from railsim.scenario.sources import (
        Source,
        evidence_of,
        find_sources,
        source_of,
        unsourced,
    )

HOMES = {
    "CODES": "problems",
    "Origin": "files.merging",
    "Problem": "problems",
    "Resolved": "loading",
    "Scenario": "schema",
    "ScenarioError": "problems",
    "Source": "sources",
    "evidence_of": "sources",
    "find_sources": "sources",
    "load_scenario": "loading",
    "overlay": "overlays",
    "render": "problems",
    "resolve": "loading",
    "scenario_of": "loading",
    "source_of": "sources",
    "unsourced": "sources",
}

__all__ = [
    "CODES",
    "Origin",
    "Problem",
    "Resolved",
    "Scenario",
    "ScenarioError",
    "Source",
    "evidence_of",
    "find_sources",
    "load_scenario",
    "overlay",
    "render",
    "resolve",
    "scenario_of",
    "source_of",
    "unsourced",
]


def __getattr__(name: str) -> object:
    """Load a name from its home and keep it."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
    globals()[name] = found
    return found
