"""Numbers written as text with a unit: "40 USD/TEU", "3.6 min", "5 %".

The units are listed here and nowhere else, so that an unknown one can be answered
with the nearest known. Each currency and each thing that is counted is a dimension of
its own: nothing changes dollars into yuan, or lots into TEU, in silence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from railsim.scenario.checks.fields import (
    ROOT,
    Spec,
    is_number,
    is_whole,
    members_of,
    step_into,
    wanted_number,
)
from railsim.scenario.checks.findings import Finding
from railsim.scenario.paths import Segments, nearest, quote
from railsim.units import DAYS_PER_YEAR

if TYPE_CHECKING:
    from pint import Unit, UnitRegistry

_DEFINITIONS = (
    "hour = [time] = h",
    "minute = hour / 60 = min",
    "second = hour / 3600 = s",
    "day = 24 hour = d",
    "week = 7 day",
    f"year = {DAYS_PER_YEAR} day = y",
    "month = year / 12 = mo",
    "kilometre = [length] = km",
    "metre = kilometre / 1000 = m",
    "mile = 1.609344 kilometre = mi",
    "tonne = [mass] = t",
    "kilogram = tonne / 1000 = kg",
    "gram = kilogram / 1000 = g",
    "kilowatt_hour = [energy] = kWh",
    "megawatt_hour = 1000 kilowatt_hour = MWh",
    "share = []",
    "percent = share / 100",
    *(
        f"{name} = [{name}]"
        for name in (
            *("USD", "CNY", "VND", "currency", "TEU", "lot", "box", "box20", "box40"),
            *("truck", "vehicle", "train", "CO2e", "gross", "utils", "degrees"),
        )
    ),
)
_WORDS = (
    *("h", "hour", "min", "minute", "s", "second", "d", "day", "week", "month", "mo"),
    *("year", "y", "km", "kilometre", "m", "metre", "mi", "mile", "t", "tonne", "kg"),
    *("kilogram", "g", "gram", "kWh", "MWh", "USD", "CNY", "VND", "TEU", "lot", "box"),
    *("box20", "box40", "truck", "vehicle", "train", "CO2e", "gross", "utils", "1"),
    *("degrees", "percent"),
)
_PLURALS = ("hour", "minute", "second", "day", "week", "month", "year", "tonne")
_THINGS = ("lot", "box", "truck", "mile", "vehicle", "train")
_ALIASES = {
    **{f"{word}s": word for word in (*_PLURALS, *_THINGS)},
    "boxes": "box",
    "degree": "degrees",
    "hr": "h",
    "teu": "TEU",
    "%": "percent",
    "$": "USD",
    "US$": "USD",
}
_AMOUNT = re.compile(
    r"\s*([+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?)\s*(.{0,60})"
)
_IS_RATE = re.compile(r"1?(/(y|mo|d|h))?")
_BOX = re.compile(r"(20|40)-ft box")


class _UnknownUnitError(ValueError):
    """A word that is no unit."""


def convert_amounts(
    tables: Mapping[str, Any], root: Spec = ROOT
) -> tuple[dict[str, Any], list[Finding]]:
    """The tables with every amount as a number in its field's unit."""
    findings: list[Finding] = []
    return _convert(dict(tables), root, (), tables, findings), findings


def convert_amount_at(tables: dict[str, Any], path: Segments) -> list[Finding]:
    """Turn amounts at and below a path of the tables into numbers, in place."""
    findings: list[Finding] = []
    spec: Spec | None = ROOT
    node: Any = tables
    for segment in path[:-1]:
        spec, node = _step(spec, node, segment), node[segment]
    key: Any = path[-1]
    if isinstance(node, list) or key in node:  # else it was taken away
        node[key] = _convert(node[key], _step(spec, node, key), path, node, findings)
    return findings


def _convert(
    value: Any, spec: Spec | None, path: Segments, parent: Any, findings: list[Finding]
) -> Any:
    if isinstance(value, dict):
        return {
            key: _convert(inner, _step(spec, value, key), (*path, key), value, findings)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [
            _convert(inner, _step(spec, value, i), (*path, i), value, findings)
            for i, inner in enumerate(value)
        ]
    if isinstance(value, str) and spec is not None and _wants_amount(spec):
        return _convert_text(value, spec, path, parent, findings)
    return value


def _step(spec: Spec | None, value: Any, segment: str | int) -> Spec | None:
    return step_into(spec, value, segment) if spec is not None else None


def _wants_amount(spec: Spec) -> bool:
    return is_number(spec) and str not in members_of(spec.kind)


def _convert_text(
    text: str, spec: Spec, path: Segments, parent: Any, findings: list[Finding]
) -> Any:
    match = _AMOUNT.fullmatch(text)
    if match is None or not match.group(2):
        help_ = "write a number without quotes" if match else ""
        message = f"must be {wanted_number(spec)}, found text {quote(text)}"
        findings.append(Finding("E102", path, message, help_))
        return text
    number, unit = Fraction(match.group(1)), match.group(2).strip()
    wanted = _with_currency(spec.unit, parent)
    try:
        converted = number * _factor(unit, wanted)
    except _UnknownUnitError as error:
        findings.append(_unknown_unit(path, str(error)))
        return text
    except ValueError:
        message = f"{quote(text)} cannot be converted to {_name(wanted)}"
        findings.append(Finding("E107", path, message, _advice(wanted)))
        return text
    is_exact = is_whole(spec) and converted.denominator == 1
    return int(converted) if is_exact else float(converted)


def _unknown_unit(path: Segments, word: str) -> Finding:
    near = nearest(word, _WORDS)
    help_ = f"did you mean '{near}'?" if near else ""
    return Finding("E107", path, f"unknown unit {quote(word)}", help_)


def _advice(wanted: str) -> str:
    if wanted == "year":
        return "a calendar year is a plain number"
    if any(currency in wanted for currency in ("USD", "CNY", "VND")):
        return f"write it in {_name(wanted)}; currencies are not changed here"
    return f"write it in {_name(wanted)}"


def _name(unit: str) -> str:
    return "a number without unit" if unit in ("", "1") else unit


def _with_currency(unit: str, parent: Any) -> str:
    if "currency" not in unit or not isinstance(parent, dict):
        return unit
    currency = parent.get("currency")
    return unit.replace("currency", currency) if isinstance(currency, str) else unit


@lru_cache(maxsize=1000)
def _factor(unit: str, wanted: str) -> Fraction:
    """How many `wanted` one `unit` is; raises ValueError where they do not compare."""
    from pint import DimensionalityError

    if wanted == "year":
        raise ValueError(unit)
    if unit == wanted:
        return Fraction(1)
    source = _unit(unit)
    if unit in ("%", "percent") and _IS_RATE.fullmatch(wanted):
        return Fraction(1, 100)
    try:
        converted = _registry().Quantity(Fraction(1), source).to(_unit(wanted))
    except DimensionalityError:
        raise ValueError(unit) from None
    return Fraction(converted.magnitude)


def _unit(text: str) -> Unit:
    """`USD/TEU-km` is dollars per (TEU times kilometre)."""
    product = _registry().Unit("")
    over, *under = _BOX.sub(r"box\1", text).split("/")
    for word in _words_of(over):
        product = product * _word(word)
    for part in under:
        for word in _words_of(part):
            product = product / _word(word)
    return product


def _words_of(part: str) -> list[str]:
    words = re.split(r"[\s*·().-]+", part)
    return [_ALIASES.get(word, word) for word in words if word]


def _word(word: str) -> Unit:
    registry = _registry()
    if word == "1":
        return registry.Unit("")
    if word not in _WORDS:
        raise _UnknownUnitError(word)
    return registry.Unit(word)


@cache
def _registry() -> UnitRegistry[Any]:
    from pint import UnitRegistry

    return UnitRegistry(_DEFINITIONS, non_int_type=Fraction)
