"""What the schema says about a path: kind, unit, meaning, range."""

from __future__ import annotations

import types
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from railsim.quantity import Record
from railsim.scenario.paths import Segments
from railsim.scenario.schema import Scenario


@dataclass(frozen=True)
class Spec:
    """What may stand at one place of a scenario."""

    kind: Any
    unit: str = ""
    meaning: str = ""
    low: float | None = None
    is_low_open: bool = False
    high: float | None = None
    usual: tuple[float, float] | None = None
    is_required: bool = True

    @property
    def range_text(self) -> str:
        """`range 0 to 10`, or nothing where there is no range."""
        low = number_text(self.low, self.unit) if self.low is not None else ""
        high = number_text(self.high, self.unit) if self.high is not None else ""
        if low and high:
            above = "above " if self.is_low_open else ""
            return f"range {above}{low} to {high}"
        if low:
            return f"range above {low}" if self.is_low_open else f"at least {low}"
        return f"at most {high}" if high else ""

    @property
    def unit_text(self) -> str:
        """The unit as it follows a number."""
        return "" if self.unit in ("", "1", "year") else f" {self.unit}"


ROOT = Spec(Scenario)


def number_text(value: float, unit: str = "") -> str:
    """A limit as people write it: 0.05, 30, 1,000,000, the year 2100."""
    if value == 2**53:
        return "2^53"
    if unit == "year":
        return f"{value:g}"
    return f"{value:,}" if value != int(value) else f"{int(value):,}"


def spec_at(tables: Any, path: Segments) -> Spec | None:
    """What the schema wants at a path of these tables; None where it knows nothing."""
    spec: Spec | None = ROOT
    for segment in path:
        if spec is None:
            return None
        spec = step_into(spec, tables, segment)
        tables = _child_of(tables, segment)
    return spec


def step_into(spec: Spec, value: Any, segment: str | int) -> Spec | None:
    """What the schema wants one segment further; `value` chooses between records."""
    record = record_of(spec, value)
    if record is not None:
        return fields_of(record).get(str(segment))
    for member in members_of(spec.kind):
        origin, inside = get_origin(member), get_args(member)
        if member is Any:
            return Spec(Any)
        if origin is dict and isinstance(segment, str):
            return _element(spec, inside[1])
        if origin is tuple and isinstance(segment, int):
            last = inside[0] if inside[-1] is Ellipsis else inside[-1]
            kind = inside[segment] if segment < len(inside) - 1 else last
            return _element(spec, last if kind is Ellipsis else kind)
    return None


def record_of(spec: Spec, value: Any) -> type[Record] | None:
    """The record a table must be; among several, the one its tag names."""
    records: list[type[Record]] = [m for m in members_of(spec.kind) if _is_record(m)]
    if len(records) < 2:
        return records[0] if records else None
    if not isinstance(value, dict):
        return None
    for record in records:
        if all(value.get(tag) == word for tag, word in tags_of(record).items()):
            return record
    return None


@cache
def members_of(kind: Any) -> tuple[Any, ...]:
    """The kinds a value may have, without None and without wrapping."""
    origin = get_origin(kind)
    if origin is Annotated:
        return members_of(get_args(kind)[0])
    if origin in (Union, types.UnionType):
        return tuple(
            member
            for part in get_args(kind)
            if part is not type(None)
            for member in members_of(part)
        )
    return (kind,)


@cache
def tags_of(record: type[Record]) -> dict[str, str]:
    """The fields that say which record of several a table is."""
    return {
        name: get_args(info.annotation)[0]
        for name, info in record.model_fields.items()
        if name in ("dist", "kind") and get_origin(info.annotation) is Literal
    }


@cache
def fields_of(record: type[Record]) -> dict[str, Spec]:
    """Name -> spec of the fields of a record."""
    return {name: _spec_of(info) for name, info in record.model_fields.items()}


def is_number(spec: Spec) -> bool:
    """Does a plain number belong here?"""
    return bool({int, float} & set(_hashable(members_of(spec.kind))))


def is_whole(spec: Spec) -> bool:
    """Does a whole number belong here?"""
    members = members_of(spec.kind)
    return int in members and float not in members


def wanted_number(spec: Spec) -> str:
    """In words: the number that belongs here."""
    kind = "a whole number" if is_whole(spec) else "a number"
    return f"{kind} in {spec.unit}" if spec.unit_text else kind


def is_open_table(spec: Spec | None) -> bool:
    """Is it a table whose keys are ids that authors choose?"""
    return spec is not None and any(
        get_origin(m) is dict for m in members_of(spec.kind)
    )


def is_table(spec: Spec | None) -> bool:
    """May a table stand here?"""
    return spec is not None and any(
        get_origin(m) is dict or m is Any or _is_record(m)
        for m in members_of(spec.kind)
    )


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Record)


def _hashable(members: tuple[Any, ...]) -> list[Any]:
    return [member for member in members if isinstance(member, type)]


def _element(spec: Spec, kind: Any) -> Spec:
    inner = Spec(kind, unit=spec.unit, meaning=spec.meaning, usual=spec.usual)
    if get_origin(kind) is not Annotated:
        return inner
    for extra in get_args(kind)[1:]:
        if isinstance(extra, FieldInfo):
            inner = _with_range(inner, extra)
    return inner


def _spec_of(info: FieldInfo) -> Spec:
    extra: Any = info.json_schema_extra if info.json_schema_extra else {}
    usual = extra.get("usual")
    spec = Spec(
        info.annotation,
        unit=str(extra.get("unit", "")),
        meaning=info.description or "",
        usual=(usual[0], usual[1]) if usual else None,
        is_required=info.is_required(),
    )
    return _with_range(spec, info)


def _with_range(spec: Spec, info: FieldInfo) -> Spec:
    for limit in info.metadata:
        if hasattr(limit, "ge"):
            spec = replace(spec, low=limit.ge)
        if hasattr(limit, "gt"):
            spec = replace(spec, low=limit.gt, is_low_open=True)
        if hasattr(limit, "le"):
            spec = replace(spec, high=limit.le)
    return spec


def _child_of(tables: Any, segment: str | int) -> Any:
    try:
        return tables[segment]
    except (LookupError, TypeError):
        return None
