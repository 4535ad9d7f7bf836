"""From a file of checks and a folder to outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from railsim.errors import InputError
from railsim.results.gates.baselines import Stored
from railsim.results.gates.judging import Outcome, judge
from railsim.results.gates.measuring import Measured, measure_all
from railsim.results.gates.schema import Checks
from railsim.results.reading import Run
from railsim.scenario.checks.findings import Finding
from railsim.scenario.paths import Segments, quote
from railsim.scenario.written import Written, read_written

Gate = Written[Checks]


def load_gate(file: Path) -> Gate:
    """Read a file of checks; raises ScenarioError with all its problems.

    A gate that checks nothing is an error.
    """
    gate = read_written(file, Checks, _unknown_metrics)
    checks = gate.record
    if not (checks.thresholds or checks.verdicts or checks.baseline):
        message = "checks nothing: no threshold, verdict or baseline"
        raise InputError(f"{gate.shown}: {message}")
    return gate


def _unknown_metrics(checks: Checks) -> Iterator[Finding]:
    """Where a metric is named that the file does not define."""
    named: list[tuple[Segments, str]] = [
        (("thresholds", k, "metric"), told.metric)
        for k, told in enumerate(checks.thresholds)
    ]
    for k, verdict in enumerate(checks.verdicts):
        words = enumerate(verdict.ranking)
        named += [(("verdicts", k, "ranking", n), word) for n, word in words]
    if checks.baseline is not None:
        words = enumerate(checks.baseline.metrics)
        named += [(("baseline", "metrics", n), word) for n, word in words]
    for path, word in named:
        if word not in checks.metrics:
            message = f"no metric is called {quote(word)}"
            choices = tuple(checks.metrics)
            yield Finding("E105", path, message, word=word, choices=choices)


def measure(gate: Gate, run: Run) -> dict[str, Measured]:
    """Every metric of a gate; raises InputError, with file and line."""
    try:
        return measure_all(run, gate.record.metrics)
    except InputError as error:
        name = str(error).partition(":")[0].removeprefix("metrics.")
        line = gate.line_of(("metrics", name))
        raise InputError(f"{gate.shown}:{line}: {error}") from None


def pass_gate(
    gate: Gate, run: Run, found: dict[str, Measured], stored: Stored | None
) -> list[Outcome]:
    """All outcomes, with their lines; raises InputError if nothing was checked."""
    checks = gate.record
    is_paired = stored is not None and stored.has_futures_of(run)
    before = None if stored is None else stored.metrics
    outcomes = list(judge(checks, found, before, is_paired=is_paired))
    if not outcomes:
        raise InputError(f"{gate.shown}: nothing was checked: give --baseline")
    places: list[Segments] = [("thresholds", k) for k in range(len(checks.thresholds))]
    places += [("verdicts", k) for k in range(len(checks.verdicts))]
    places += [("baseline",)] * (len(outcomes) - len(places))
    return [
        replace(outcome, line=gate.line_of(place))
        for outcome, place in zip(outcomes, places, strict=True)
    ]
