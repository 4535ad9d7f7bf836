"""Every worked example of the model specification, run through the catalogue."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from railsim import formulas

EXAMPLES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "railsim" / "worked_examples.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
DEFAULT_TOLERANCE = {"rel": 1e-9, "abs": 1e-9}
BALANCE_TOLERANCE = {"rel": 1e-9, "abs": 1e-6}
"""Balances which are 0 in exact arithmetic, as the specification's Appendix C says."""


def agrees(found: Any, expected: Any, tolerance: dict[str, Any]) -> bool:
    """Compare two answers of any structure, number by number."""
    if isinstance(expected, dict):
        named = {str(key): value for key, value in found.items()}
        return named.keys() == expected.keys() and all(
            agrees(named[key], value, tolerance_of(key, tolerance))
            for key, value in expected.items()
        )
    if isinstance(expected, list):
        return len(found) == len(expected) and all(
            agrees(one, other, tolerance)
            for one, other in zip(found, expected, strict=True)
        )
    if isinstance(expected, str | bool) or tolerance.get("exact"):
        return bool(found == expected)
    return math.isclose(
        found, expected, rel_tol=tolerance["rel"], abs_tol=tolerance["abs"]
    )


def tolerance_of(key: str, tolerance: dict[str, Any]) -> dict[str, Any]:
    """Widen the tolerance of a closing balance."""
    return BALANCE_TOLERANCE if key == "closing" else tolerance


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example["id"]))
def test_the_catalogue_gives_the_answer_of(example):
    function = getattr(formulas, example["f"])

    found = function(**example["in"])

    assert agrees(found, example["out"], example.get("tol", DEFAULT_TOLERANCE)), found


def test_there_are_forty_nine_examples():
    assert len({example["id"] for example in EXAMPLES}) == 49
