"""What the files say, and who says so."""

from railsim.scenario.files.merging import Origin
from railsim.scenario.loading import Resolved, load_scenario, resolve
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
    "source_of",
    "unsourced",
]
