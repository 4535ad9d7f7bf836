"""Doubts: values that are allowed but not usual."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from railsim.scenario.checks.fields import ROOT, Spec, number_text, step_into
from railsim.scenario.checks.findings import Finding
from railsim.scenario.paths import Segments, show

# factor that would make the value usual -> how it was perhaps written
_SCALES = {
    1 / 100: "in percent",
    100.0: "as a share where percent is wanted",
    1 / 60: "in minutes",
    1 / 1000: "in thousandths",
    1000.0: "in thousands",
}


def check_usual(tables: Mapping[str, Any]) -> list[Finding]:
    """Find numbers outside the range their field usually has."""
    return _check(tables, ROOT, ())


def _check(value: Any, spec: Spec, path: Segments) -> list[Finding]:
    items = _items_of(value)
    if items is None:
        return _doubt(value, spec, path)
    findings = []
    for key, inner in items:
        below = step_into(spec, value, key)
        if below is not None:
            findings += _check(inner, below, (*path, key))
    return findings


def _items_of(value: Any) -> list[tuple[Any, Any]] | None:
    if isinstance(value, dict):
        return list(value.items())
    if isinstance(value, list | tuple):
        return list(enumerate(value))
    return None


def _doubt(value: Any, spec: Spec, path: Segments) -> list[Finding]:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if spec.usual is None or not is_number:
        return []
    low, high = spec.usual
    if low <= value <= high:
        return []
    side = "below" if value < low else "above"
    usual = f"{number_text(low, spec.unit)}-{number_text(high, spec.unit)}"
    message = f"{show(value)} is {side} the {usual} usually used"
    for factor, writing in _SCALES.items():
        if low <= value * factor <= high and (value < low / 10 or value > high * 10):
            help_ = f"{value * factor:.6g}{spec.unit_text} would be usual: "
            return [Finding("W013", path, message, f"{help_}was it written {writing}?")]
    return [Finding("W012", path, message)]
