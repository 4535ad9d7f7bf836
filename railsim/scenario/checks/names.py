"""Names and numbers that no field may hold, wherever they stand."""

from __future__ import annotations

import math
import unicodedata
from typing import Any

from railsim.scenario.checks.findings import Finding
from railsim.scenario.paths import Segments, hidden_character, walk

NAME_LENGTH = 200
LARGEST_INTEGER = 2**53


def check_leaves(tables: Any, below: Segments = ()) -> list[Finding]:
    """Find names and numbers that are never allowed, at and below a path."""
    findings = []
    for path, value in walk(tables, below):
        if path and isinstance(path[-1], str):
            findings += _check_name(path, path[-1], is_in_key=True)
        if isinstance(value, str):
            findings += _check_name(path, value, is_in_key=False)
        elif isinstance(value, int | float):
            findings += _check_number(path, value)
    return findings


def _check_name(path: Segments, text: str, *, is_in_key: bool) -> list[Finding]:
    what = "the name" if is_in_key else "the text"
    reason, help_ = _refusal(text)
    if is_in_key and not text:
        reason = "is empty"
    if not reason:
        return []
    message = f"{what} {reason}"
    return [Finding("E110", path, message, help_, is_in_key=is_in_key)]


def _refusal(text: str) -> tuple[str, str]:
    """Why a text is not allowed, and what to do about it; empty if it is."""
    if len(text) > NAME_LENGTH:
        reason = f"has {len(text):,} characters, at most {NAME_LENGTH} are allowed"
        return reason, ""
    hidden = hidden_character(text)
    if hidden is not None:
        return f"holds the hidden character U+{ord(hidden):04X}", ""
    if not unicodedata.is_normalized("NFC", text):
        return "is not in Unicode form NFC", "type its accents anew"
    return "", ""


def _check_number(path: Segments, value: float) -> list[Finding]:
    if isinstance(value, float) and not math.isfinite(value):
        return [Finding("E103", path, f"must be a finite number, found {value}")]
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        return [Finding("E103", path, "must be an integer within 2^53")]
    return []
