"""manifest.json: enough to repeat a run and to notice a damaged file."""

from __future__ import annotations

import hashlib
import platform
import re
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from railsim.corridor.services import planned_state
from railsim.living.worlds import reported_years
from railsim.results.datapackage import write_json
from railsim.scenario import Scenario, overlay

NAME = "manifest.json"
FORMAT = 1
_LIBRARIES = ("numpy", "scipy", "simpy", "pydantic")
_LONGEST_STEM = 60


def model_version() -> str:
    """The version of railsim."""
    return version("railsim")


def folder_name(stem: str, contents: Mapping[str, Any]) -> str:
    """Stem and 8 hex digits of all that decides what is in the folder."""
    identity = write_json(dict(contents))
    plain = re.sub(r"[^\w.-]", "_", stem)[:_LONGEST_STEM].lstrip("-.") or "run"
    return f"{plain}-{hashlib.sha256(identity).hexdigest()[:8]}"


def digest(content: bytes) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(content).hexdigest()


def manifest_json(
    head: Mapping[str, Any], scenario: Scenario, files: Mapping[str, bytes]
) -> bytes:
    """What was computed, with what, and the checksum of every file beside it."""
    manifest = {
        "format": FORMAT,
        **head,
        **computer(),
        **_settings(scenario),
        "files": {name: digest(content) for name, content in sorted(files.items())},
    }
    return write_json(manifest)


def _settings(scenario: Scenario) -> dict[str, Any]:
    run = scenario.run
    return {
        "title": run.title,
        "first_year": run.first_year,
        "last_year": run.last_year,
        "years": list(reported_years(scenario)),
        "engine": run.engine,
        "fidelity": run.fidelity,
        "report_market": run.report_market,
        "report_year": run.report_year,
        "price_year": scenario.economy.price_year,
        "projects": {name: each.name for name, each in scenario.projects.items()},
        "alternatives": {
            name: {
                "title": alternative.title,
                "openings": _openings(overlay(scenario, alternative.overlay)),
            }
            for name, alternative in scenario.alternatives.items()
        },
    }


def _openings(world: Scenario) -> dict[str, float]:
    """What opens in a world, by its name."""
    opens = planned_state(world).opens_year
    return {world.openings[name].name: year for name, year in opens.items()}


def computer() -> dict[str, Any]:
    """Versions, and the instructions numpy may use: its `exp` depends on them."""
    return {
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in _LIBRARIES},
        "cpu": {"machine": platform.machine(), "numpy_simd": _simd()},
    }


def _simd() -> list[str]:
    import numpy as np

    extensions = np.show_config(mode="dicts")["SIMD Extensions"]
    return [*extensions["baseline"], *extensions.get("found", [])]
