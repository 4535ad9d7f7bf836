"""What a code, an input or a column says, who says so and what it touches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from railsim.errors import InputError
from railsim.results.assumptions import write_value
from railsim.results.catalogue import TABLES
from railsim.results.tables.columns import HALF_WIDTH, Column
from railsim.scenario import CODES, Resolved, Scenario, evidence_of, resolve, source_of
from railsim.scenario.checks.fields import Spec, spec_at
from railsim.scenario.paths import (
    Segments,
    join_path,
    look_up,
    nearest,
    printable,
    split_path,
)

_CODE = re.compile(r"[EW]\d{3}")
_LONG = 6

_MONEY = ("cost_components.usd_per_teu", "routes.money_usd_per_teu", "tcd.cum_usd")
_TIME = ("routes.time_mean_h", "times.time_h", "tcd.cum_h")
_WAIT = ("resources.wait_mean_h", "resources.utilisation")
_SHARE = ("routes.share", "summary.share")
_VOLUME = ("flows.tonnes", "flows.teu")
_ACCOUNTS = ("finance_annual.usd_real", "finance_summary.value")
_WORTH = ("cba_annual.usd_real", "cba_summary.value")
# table of the scenario -> columns it acts on at once; choice carries all on to shares
TOUCHES: dict[str, tuple[str, ...]] = {
    "run": _VOLUME,
    "economy": _MONEY,
    "choice": _SHARE,
    "loading": (*_MONEY, *_VOLUME),
    "alternatives": _SHARE,
    "places": ("tcd.place",),
    "calendars": (*_WAIT, *_TIME),
    "holidays": (*_WAIT, *_VOLUME),
    "openings": (*_SHARE, *_TIME),
    "links": (*_TIME, *_MONEY, "emissions.t_co2e"),
    "lines": (*_TIME, "line.occupied_share", "line.conflict_h"),
    "stations": (*_WAIT, *_TIME),
    "fleets": (*_WAIT, "departures.cancelled_no_token"),
    "services": ("departures.departures_run", "departures.slot_load_factor", *_MONEY),
    "routes": (*_TIME, *_MONEY, *_SHARE),
    "tariffs": _MONEY,
    "storage": _MONEY,
    "commodities": ("routes.generalised_cost_usd_per_teu", *_VOLUME, *_SHARE),
    "lot_sizes": ("routes.lots", *_WAIT),
    "seasons": (*_VOLUME, *_WAIT),
    "growth": _VOLUME,
    "flows": (*_VOLUME, *_SHARE, "calibration.asc"),
    "disruptions": (*_TIME, "resources.closed_wait_h"),
    "regimes": (*_TIME, *_WAIT),
    "emissions": ("emissions.kg_co2e_per_t", "summary.kg_co2e_per_t"),
    "kappa": (*_WAIT, *_TIME),
    "projects": ("project.value", "project_odds.value", *_ACCOUNTS, *_WORTH, *_SHARE),
    "reference_classes": ("project_odds.value", "project.value"),
    "vehicles": ("project.value", *_ACCOUNTS, *_WORTH),
    "budget": ("claims.state_usd", "claims.lender_usd", "project.value"),
    "passengers": (*_ACCOUNTS, *_WORTH),
    "operators": _ACCOUNTS,
    "packages": (*_ACCOUNTS, "debt_schedule.closing", "incidence.pv_usd"),
    "finance": (*_ACCOUNTS, "public_debt.debt_with_share"),
    "appraisal": (*_WORTH, "incidence.pv_usd", "benefits_by_country.pv_usd"),
}


def explain(what: str, scenario: Path) -> str:
    """A code such as E103, a column such as routes.share, or a path of a scenario.

    Raises InputError for a word that is none of them, with the nearest that is.
    """
    if _CODE.fullmatch(what):
        return _explain_code(what)
    columns = list(_columns_called(what))
    if columns:
        return "\n\n".join(columns)
    return _explain_input(what, scenario)


def _explain_code(code: str) -> str:
    if code not in CODES:
        near = nearest(code, CODES)
        hint = f" (did you mean {near}?)" if near else ""
        raise InputError(f"{code}: no such code{hint}")
    title, text = CODES[code]
    return f"{code}: {title}\n{text}"


def _columns_called(what: str) -> Iterator[str]:
    """`share` is looked for in every table, `routes.share` in one."""
    home, _, name = what.removesuffix(".csv").rpartition(".")
    for table in TABLES.values():
        for column in table.columns:
            if column.name == name and home in ("", table.name):
                yield _describe(table.name, column)


def _describe(table: str, column: Column) -> str:
    lines = [
        f"{table}.csv {column.name}: {column.meaning}",
        f"  unit     {column.unit}",
    ]
    if column.rule:
        lines.append(f"  formula  {column.rule}")
    if column.has_interval and not column.name.endswith(HALF_WIDTH):
        lines.append(f"  95 %     half-width in {column.name}{HALF_WIDTH}")
    return "\n".join(lines)


def _explain_input(what: str, file: Path) -> str:
    segments = _segments(what)
    resolved = resolve(file)
    value, place = _find(resolved, segments, what)
    path, spec = join_path(place), spec_at(resolved.tables, place)
    if isinstance(value, dict):
        return _explain_table(path, value, spec)
    lines = [f"{path} = {write_value(value)}{spec.unit_text if spec else ''}"]
    if spec is not None:
        lines += _about(spec)
    origin = resolved.origins.get(path)
    lines.append(f"  set by   {origin}" if origin else "  set by   nobody")
    lines += _evidence(path, resolved)
    lines.append(f"  touches  {', '.join(TOUCHES[str(place[0])])}")
    return "\n".join(lines)


def _segments(what: str) -> tuple[str, ...]:
    try:
        return split_path(what)
    except ValueError:
        raise InputError(
            f"{printable(what)}: neither a code, a column, a path nor a run"
        ) from None


def _find(
    resolved: Resolved, names: tuple[str, ...], what: str
) -> tuple[object, Segments]:
    """The value at a path; raises InputError with the nearest word there."""
    node: object = resolved.tables
    place: Segments = ()
    for name in names:
        is_list = isinstance(node, list | tuple)
        key: str | int = int(name) if is_list and name.isdecimal() else name
        try:
            node = look_up(node, (key,))
        except (LookupError, TypeError):
            raise InputError(_no_such(node, place, name, what)) from None
        place = (*place, key)
    return node, place


def _no_such(node: object, place: Segments, name: str, what: str) -> str:
    known = list(node) if isinstance(node, dict) else []
    near = nearest(name, known)
    if not place:
        near = nearest(what, [*known, *_words()])
        return f"{printable(what)}: unknown" + (f" (did you mean {near}?)" * bool(near))
    hint = f" (did you mean {join_path((*place, near))}?)" if near else ""
    return f"{printable(what)}: no such path in the scenario{hint}"


def _words() -> list[str]:
    columns = [column.name for table in TABLES.values() for column in table.columns]
    return [*columns, *CODES, *Scenario.model_fields]


def _explain_table(path: str, value: dict[str, object], spec: Spec | None) -> str:
    meaning = f": {spec.meaning}" if spec and spec.meaning else ""
    keys = ", ".join(map(str, list(value)))
    return f"{path} is a table{meaning}\n  with     {keys}"


def _about(spec: Spec) -> Iterator[str]:
    if spec.meaning:
        yield f"  meaning  {spec.meaning}"
    if spec.unit:
        yield f"  unit     {spec.unit}"
    if spec.range_text:
        yield f"  range    {spec.range_text.removeprefix('range ')}"
    if spec.usual:
        yield f"  usually  {spec.usual[0]:g} to {spec.usual[1]:g}"


def _evidence(path: str, resolved: Resolved) -> Iterator[str]:
    source = source_of(path, evidence_of(resolved))
    if source is None:
        yield "  source   none in sources.csv"
        return
    said = ", ".join(filter(None, (source.source, source.publisher, source.date)))
    yield f"  source   {said or '-'} (grade: {source.grade})"
    span = [_digits(n) for n in (source.low, source.mode, source.high)]
    if any(span):
        low, mode, high = (text or "-" for text in span)
        shape = f", {source.distribution}" if source.distribution else ""
        yield f"  believed {low} to {high}, likeliest {mode}{shape}"
    for text in (source.address, source.remark):
        if text:
            yield f"           {printable(text)}"


def _digits(value: float | tuple[float, ...] | None) -> str:
    """A number, or a list of them; nothing for nothing."""
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else "; ".join(map(_digits, value))
