"""STRESS-DES and ODD, filled from the scenario; what is missing is named as missing.

Source: Monks et al. 2019 (STRESS-DES, 20 items); Grimm et al. 2020 (ODD).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from railsim.report.labels import Words
from railsim.report.page.blocks import Grid, Section
from railsim.results.reading import Run

MISSING = "missing: the scenario does not say"


def protocols(run: Run, words: Words) -> tuple[Section, ...]:
    """Both protocols, an item a row."""
    text = (files(__package__) / "protocols.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)
    scenario = run.scenario
    facts = facts_of(run.manifest, scenario)
    heads = [words("page.item"), words("page.value")]
    return tuple(
        Section(key, words(f"page.{key}"), folded=[Grid(heads, _rows(items, facts))])
        for key, items in told.items()
    )


def _rows(items: Mapping[str, str], facts: Mapping[str, str]) -> list[list[str]]:
    return [[name, text.format_map(facts)] for name, text in items.items()]


def facts_of(
    manifest: Mapping[str, Any], scenario: Mapping[str, Any]
) -> dict[str, str]:
    """Everything that the protocols have blanks for."""
    run = scenario.get("run", {})
    counted = {
        f"n_{name}": str(len(scenario.get(name, {})))
        for name in (
            *("places", "links", "lines", "stations", "services", "fleets"),
            *("routes", "flows", "commodities", "openings", "projects", "packages"),
        )
    }
    stated = {
        name: _said(manifest.get(name))
        for name in ("title", "seed", "engine", "fidelity", "model_version", "python")
    }
    machine = manifest.get("cpu", {}).get("machine")
    libraries = [f"{name} {v}" for name, v in manifest.get("libraries", {}).items()]
    return {
        **counted,
        **stated,
        "alternatives": _said(", ".join(manifest.get("alternatives", ()))),
        "years": f"{manifest.get('first_year')}-{manifest.get('last_year')}",
        "replications": _said(manifest.get("replications")),
        "warmup_days": _said(run.get("warmup_days")),
        "drain_days": _said(run.get("drain_days")),
        "modes": _modes(scenario),
        "libraries": _said(", ".join(libraries)),
        "machine": _said(machine),
        "scenario_sha256": _said(manifest.get("scenario_sha256")),
        "choice": _said(scenario.get("choice", {}).get("model")),
        "files": str(len(manifest["files"])),
    }


def _said(value: object) -> str:
    return MISSING if value in (None, "") else str(value)


def _modes(scenario: Mapping[str, Any]) -> str:
    modes = {route.get("mode") for route in scenario.get("routes", {}).values()}
    return ", ".join(sorted(filter(None, modes))) or MISSING
