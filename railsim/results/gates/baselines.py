"""A baseline: what metrics were, small enough to be reviewed beside the code."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from railsim.errors import InputError
from railsim.results.gates.measuring import Measured, futures_of
from railsim.results.reading import Run
from railsim.scenario.files.reading import read_tables
from railsim.scenario.paths import printable

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Stored:
    """A baseline as it was read."""

    seed: int
    size: int
    metrics: Mapping[str, Measured]

    def has_futures_of(self, run: Run) -> bool:
        """Whether draws of both are of the same futures."""
        return (self.seed, self.size) == futures_of(run)


def baseline_text(run: Run, found: Mapping[str, Measured]) -> str:
    """A baseline as TOML; equal runs give equal bytes."""
    seed, size = futures_of(run)
    lines = [
        "# What a run said, for later ones to be compared with (railsim check).",
        f"format = {FORMAT}",
        f"run = {json.dumps(run.name)}",
        f"model_version = {json.dumps(run.manifest['model_version'])}",
        f"seed = {seed}",
        f"size = {size}",
    ]
    for name, each in found.items():
        lines += ["", f"[metrics.{json.dumps(name)}]", f"count = {each.count}"]
        lines.append(f"mean = {each.mean!r}")
        if not math.isnan(each.error):
            lines.append(f"error = {each.error!r}")
        if each.draws:
            lines.append(f"draws = [{', '.join(map(repr, each.draws))}]")
    return "\n".join(lines) + "\n"


def read_baseline(file: Path) -> Stored:
    """A baseline from its file; raises ScenarioError, InputError or StorageError."""
    shown = printable(str(file))
    tables, _ = read_tables(str(file), shown)
    try:
        if tables["format"] > FORMAT:
            raise InputError(f"{shown}: written by a newer railsim")
        metrics = {n: _measured(m) for n, m in tables["metrics"].items()}
        return Stored(int(tables["seed"]), int(tables["size"]), metrics)
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError):
        raise InputError(
            f"{shown}: is no baseline (--write-baseline makes one)"
        ) from None


def _measured(told: Mapping[str, Any]) -> Measured:
    draws = tuple(float(x) for x in told.get("draws", ()))
    mean, error = float(told["mean"]), float(told.get("error", math.nan))
    count = int(told["count"])
    if not math.isfinite(mean) or error < 0.0 or count < 1:
        raise ValueError("no mean of anything")
    return Measured(mean, error, count, draws)
