"""Names and numbers that no field may hold, wherever they stand."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from typing import Any

from railsim.scenario.checks.findings import Finding
from railsim.scenario.paths import Segments, hidden_character, walk

NAME_LENGTH = 200
LARGEST_INTEGER = 2**53


def check_leaves(tables: Mapping[str, Any]) -> list[Finding]:
    """Find names and numbers that are never allowed."""
    findings = []
    for path, value in walk(tables):
        if path and isinstance(path[-1], str):
            findings += _check_name(path, path[-1], "the name")
        if isinstance(value, str):
            findings += _check_name(path, value, "the text")
        elif isinstance(value, int | float):
            findings += _check_number(path, value)
    return findings


def _check_name(path: Segments, text: str, what: str) -> list[Finding]:
    if not text and what == "the name":
        return [Finding("E110", path, "the name is empty")]
    if len(text) > NAME_LENGTH:
        message = (
            f"{what} has {len(text)} characters, at most {NAME_LENGTH} are allowed"
        )
        return [Finding("E110", path, message)]
    hidden = hidden_character(text)
    if hidden is not None:
        message = f"{what} holds the hidden character U+{ord(hidden):04X}"
        return [Finding("E110", path, message)]
    if not unicodedata.is_normalized("NFC", text):
        message = f"{what} is not in Unicode form NFC"
        return [Finding("E110", path, message, "type its accents anew")]
    return []


def _check_number(path: Segments, value: float) -> list[Finding]:
    if isinstance(value, float) and not math.isfinite(value):
        return [Finding("E103", path, f"must be a finite number, found {value}")]
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        return [Finding("E103", path, "must be an integer within 2^53")]
    return []
