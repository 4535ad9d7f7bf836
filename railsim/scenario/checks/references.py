"""Every id that is used must exist: a table of who refers to what, and its check.

In a pattern `*` is any id or position, and a last `#` means that the keys of the table
are the references.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from railsim.scenario.checks.fields import fields_of
from railsim.scenario.checks.findings import Finding
from railsim.scenario.paths import Segments, quote
from railsim.scenario.schema import Scenario

Touched = AbstractSet[str]  # tables in which something changed

# pattern -> table whose ids it may name
REFERENCES: dict[str, str] = {
    "links.*.origin": "places",
    "links.*.destination": "places",
    "links.*.emission": "emissions",
    "lines.*.stations.#": "places",
    "lines.*.emission": "emissions",
    "lines.*.calendar": "calendars",
    "stations.*.place": "places",
    "stations.*.calendar": "calendars",
    "fleets.*.tokens.#": "places",
    "fleets.*.tokens_by_year.#": "places",
    "calendars.*.holidays.*": "holidays",
    "calendars.*.also_open.*": "calendars",
    "services.*.origin": "places",
    "services.*.destination": "places",
    "services.*.opening": "openings",
    "services.*.tariffs.*": "tariffs",
    "services.*.storage.#": "places",
    "services.*.storage.*": "storage",
    "services.*.emission": "emissions",
    "routes.*.nest": "choice.nests",
    "routes.*.opening": "openings",
    "routes.*.until_opening": "openings",
    "commodities.*.season": "seasons",
    "commodities.*.season_by_direction.*": "seasons",
    "flows.*.commodity": "commodities",
    "flows.*.origin": "places",
    "flows.*.destination": "places",
    "flows.*.lot_size": "lot_sizes",
    "flows.*.growth": "growth",
    "flows.*.base_share.#": "routes",
    "projects.*.sections.#": "openings",
    "projects.*.reference_class": "reference_classes",
    "vehicles.*.services.*": "services",
    "passengers.#": "projects",
    "kappa.stations.#": "stations",
    "kappa.services.#": "services",
    "appraisal.carbon.path": "appraisal.carbon.paths",
    "appraisal.payees.*.also_runs.*": "services",
    "operators.*.services.*": "services",
    "finance.package": "packages",
    "finance.upkeep.track_km.#": "projects",
    "operators.*.passenger_projects.*": "projects",
    "operators.*.vehicles.*": "vehicles",
    "packages.*.fallback": "packages",
    "packages.*.tranches.*.reference": "finance.references",
} | {
    f"{table}.*.steps.*.{word}": target
    for table in ("routes", "services")
    for word, target in {
        "link": "links",
        "station": "stations",
        "service": "services",
        "line": "lines",
        "take": "fleets",
        "give": "fleets",
        "regime": "regimes",
        "unless_regime": "regimes",
        "commodities.*": "commodities",
        "tariffs.*": "tariffs",
    }.items()
}
# table -> singular, for messages
_NOUNS = {
    "appraisal.carbon.paths": "price path",
    "choice.nests": "nest",
    "finance.references": "reference rate",
    "commodities": "commodity",
    "growth": "growth path",
    "storage": "storage clock",
    "lot_sizes": "lot size",
    "reference_classes": "reference class",
}
# pattern -> tables whose resources it may name as table.id
RESOURCES: dict[str, tuple[str, ...]] = {
    "disruptions.*.severities.*.outages.*.resources.*": (
        *("stations", "links", "lines", "services"),
    ),
    "regimes.*.resources.*": ("stations",),
    "run.diary_resources.*": ("stations",),
}

# whose steps are looked at, and what is looked up for them
STEPPED = {"routes", "services", "lines", "fleets", "commodities", "flows"}
_FIELDS = fields_of(Scenario)


def check_references(tables: Mapping[str, Any], touched: Touched) -> list[Finding]:
    """Find ids that do not exist, on tables that may have other mistakes too.

    References between tables that were not touched are known to hold.
    """
    return [
        *_check_ids(tables, touched),
        *_check_resources(tables, touched),
        *(_check_steps(tables) if touched & STEPPED else ()),
        *(_check_calendars(tables) if "calendars" in touched else ()),
        *(_check_market(tables) if touched & {"run", "flows"} else ()),
    ]


def match(
    value: Any, pattern: list[str], path: Segments = ()
) -> Iterator[tuple[Segments, str]]:
    """Paths that fit the pattern, with the text they refer by."""
    if not pattern:
        if isinstance(value, str):
            yield path, value
        return
    first, *rest = pattern
    if first == "#":
        yield from (((*path, key), key) for key in _keys(value))
    elif first == "*":
        for place, inner in _items(value):
            yield from match(inner, rest, (*path, place))
    elif isinstance(value, dict) and first in value:
        yield from match(value[first], rest, (*path, first))


def _check_ids(tables: Mapping[str, Any], touched: Touched) -> Iterator[Finding]:
    for pattern, table in REFERENCES.items():
        if touched.isdisjoint((table_of(pattern), table_of(table))):
            continue
        known = _keys(_table(tables, table))
        if _is_lost(tables, table):
            continue
        for path, word in match(tables, pattern.split(".")):
            if word not in known:
                yield _unknown(path, _noun(table), word, known)


def table_of(pattern: str) -> str:
    """The table that a pattern begins with."""
    return pattern.partition(".")[0]


def _check_resources(tables: Mapping[str, Any], touched: Touched) -> Iterator[Finding]:
    for pattern, names in RESOURCES.items():
        if touched.isdisjoint((table_of(pattern), *names)):
            continue
        known = {
            f"{name}.{key}": 0 for name in names for key in _keys(tables.get(name))
        }
        for path, word in match(tables, pattern.split(".")):
            if word not in known:
                yield _unknown(path, "resource", word, known)


def _check_steps(tables: Mapping[str, Any]) -> Iterator[Finding]:
    for path, step in _steps(tables):
        yield from _check_places(tables, path, step)
        yield from _check_chance(tables, path, step)


def _steps(tables: Mapping[str, Any]) -> Iterator[tuple[Segments, dict[str, Any]]]:
    """Every step of every route and service with its path."""
    for table in ("routes", "services"):
        for key, owner in _items(tables.get(table)):
            steps = owner.get("steps") if isinstance(owner, dict) else None
            tabled = ((i, s) for i, s in _items(steps) if isinstance(s, dict))
            yield from (((table, key, "steps", i), step) for i, step in tabled)


def _check_places(
    tables: Mapping[str, Any], path: Segments, step: dict[str, Any]
) -> Iterator[Finding]:
    line = _keys(_table(tables, "lines").get(_text(step, "line")), "stations")
    for end in ("origin", "destination"):
        word = step.get(end)
        if line and isinstance(word, str) and word not in line:
            yield _unknown((*path, end), "station of the line", word, line)
    fleet = _text(step, "take") or _text(step, "give")
    yards = _keys(_table(tables, "fleets").get(fleet), "tokens")
    at = step.get("at")
    if yards and isinstance(at, str) and at not in yards:
        message = f"fleet {quote(fleet)} has no tokens at {quote(at)}"
        choices = tuple(yards)
        yield Finding("E105", (*path, "at"), message, word=at, choices=choices)


def _check_chance(
    tables: Mapping[str, Any], path: Segments, step: dict[str, Any]
) -> Iterator[Finding]:
    """The commodities of every flow that may use the route need the chance."""
    name = step.get("share_of")
    if not isinstance(name, str):
        return
    for commodity in _users(tables, path, step):
        chances = _keys(_table(tables, "commodities").get(commodity), "chances")
        if name not in chances:
            message = f"commodity {quote(commodity)} has no chance {quote(name)}"
            place = (*path, "share_of")
            yield Finding("E105", place, message, word=name, choices=tuple(chances))
            return


def _users(
    tables: Mapping[str, Any], path: Segments, step: dict[str, Any]
) -> Iterator[str]:
    wanted = [word for _, word in _items(step.get("commodities"))]
    for _, flow in _items(tables.get("flows")):
        is_user = isinstance(flow, dict) and path[1] in _keys(flow, "base_share")
        if not is_user or step.get("form") not in (None, flow.get("form")):
            continue
        if step.get("only") not in (None, flow.get("direction")):
            continue
        commodity = _text(flow, "commodity")
        known = _keys(tables.get("commodities"))
        if commodity in known and (not wanted or commodity in wanted):
            yield commodity


def _check_calendars(tables: Mapping[str, Any]) -> Iterator[Finding]:
    """Calendars that wait for each other are never open."""
    calendars = _table(tables, "calendars")
    safe: set[str] = set()
    for start in calendars:
        cycle = _find_cycle(calendars, start, (), safe)
        if cycle:
            safe.update(cycle)
            message = "calendars wait for each other: " + " -> ".join(cycle)
            yield Finding("E111", ("calendars", cycle[0], "also_open"), message)


def _find_cycle(
    calendars: Mapping[str, Any], key: str, chain: tuple[str, ...], safe: set[str]
) -> tuple[str, ...]:
    if key in chain:
        return (*chain[chain.index(key) :], key)
    if key in safe or len(chain) > 100:
        return ()
    calendar = calendars.get(key)
    others = calendar.get("also_open") if isinstance(calendar, dict) else None
    for _, other in _items(others):
        if isinstance(other, str):
            cycle = _find_cycle(calendars, other, (*chain, key), safe)
            if cycle:
                return cycle
    safe.add(key)
    return ()


def _check_market(tables: Mapping[str, Any]) -> Iterator[Finding]:
    market = _text(_table(tables, "run"), "report_market")
    known = {_text(flow, "market"): 0 for _, flow in _items(tables.get("flows"))}
    if market and market not in known:
        message = f"no flow has the market {quote(market)}"
        path = ("run", "report_market")
        yield Finding("E105", path, message, word=market, choices=tuple(known))


def _unknown(path: Segments, noun: str, word: str, known: Mapping[str, Any]) -> Finding:
    message = f"unknown {noun} {quote(word)}"
    is_in_key = path[-1] == word
    return Finding(
        "E105", path, message, word=word, choices=tuple(known), is_in_key=is_in_key
    )


def _is_lost(tables: Mapping[str, Any], name: str) -> bool:
    """The table itself is missing or wrong, which is told already."""
    first = table_of(name)
    if first in tables:
        return not isinstance(tables[first], dict)
    return _FIELDS[first].is_required


def _noun(table: str) -> str:
    return _NOUNS.get(table, table.removesuffix("s"))


def _table(tables: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value: Any = tables
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _keys(value: Any, name: str | None = None) -> Mapping[str, Any]:
    if name is not None:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _items(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list | tuple):
        yield from enumerate(value)


def _text(value: Any, name: str) -> str:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""
