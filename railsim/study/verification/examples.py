"""Every worked example of the specification through the catalogue of formulas."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from railsim import formulas
from railsim.study.verification.checks import Check

FILE = Path(formulas.__file__).parent.parent / "worked_examples.jsonl"
_USUAL = {"rel": 1e-9, "abs": 1e-9}
_BALANCE = {"rel": 1e-9, "abs": 1e-6}  # zero in exact arithmetic


def check_examples() -> Iterator[Check]:
    """One check an example: the answer to the tolerance the example states."""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        example = json.loads(line)
        tolerance = example.get("tol", _USUAL)
        found = getattr(formulas, example["f"])(**example["in"])
        yield Check(
            group="worked examples",
            claim=f"{example['id']} {example['f']}",
            expected=_short(example["out"]),
            found=_short(found),
            allowed="equal" if tolerance.get("exact") else f"{tolerance['rel']:g}",
            is_passed=agrees(found, example["out"], tolerance),
        )


def agrees(found: Any, expected: Any, tolerance: dict[str, Any]) -> bool:
    """Compare two answers of any structure, number by number."""
    if isinstance(expected, dict):
        named = {str(key): value for key, value in found.items()}
        return named.keys() == expected.keys() and all(
            agrees(named[key], value, _BALANCE if key == "closing" else tolerance)
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


def _short(answer: Any) -> str:
    """The first numbers of an answer, in a word or two."""
    text = json.dumps(_rounded(answer), ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _rounded(answer: Any) -> Any:
    match answer:
        case dict():
            return {str(key): _rounded(value) for key, value in answer.items()}
        case list() | tuple():
            return [_rounded(value) for value in answer]
        case bool() | str() | None:
            return answer
    return float(f"{answer:.6g}")
