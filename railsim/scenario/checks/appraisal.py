"""What the appraisal must know: all who are paid, all markets, incomes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from railsim.scenario.checks.findings import Finding
from railsim.scenario.checks.references import match
from railsim.scenario.paths import Segments, quote

SHARES_CLOSE = 1e-9

Tables = Mapping[str, Any]

# tables that are looked at
APPRAISED = {"appraisal", "tariffs", "services", "commodities", "flows"} | {
    *("places", "links", "emissions"),
}

# who is paid by name
_PAID = ("tariffs.*.payee", "services.*.payee")


def check_appraisal(tables: Tables) -> list[Finding]:
    """Find payees, markets and countries that the appraisal lacks; wrong shares."""
    appraisal = _table(tables, "appraisal")
    if not appraisal:
        return []
    return [
        *_check_payees(tables, _table(appraisal, "payees")),
        *_check_markets(tables, _table(appraisal, "market_shares")),
        *_check_incomes(tables, _table(_table(appraisal, "life"), "gdp_per_head_usd")),
    ]


def _check_payees(tables: Tables, known: Tables) -> Iterator[Finding]:
    if not known:
        return
    for pattern in _PAID:
        for path, word in match(tables, pattern.split(".")):
            if word not in known:
                message = f"appraisal.payees has no entry for {quote(word)}"
                yield Finding("E105", path, message, word=word, choices=tuple(known))
    insured = _table(tables, "commodities").values()
    rates = [c.get("insurance_rate") for c in insured if isinstance(c, dict)]
    needed = {
        "insurer": any(isinstance(r, int | float) and r > 0 for r in rates),
        "port": any(match(tables, ["services", "*", "storage", "*"])),
    }
    for word, is_needed in needed.items():
        if is_needed and word not in known:
            message = f"has no entry for {quote(word)}, who is paid for its service"
            yield Finding("E104", ("appraisal", "payees"), message)


def _check_markets(tables: Tables, known: Tables) -> Iterator[Finding]:
    for path, word in match(tables, ["flows", "*", "market"]):
        if known and word not in known:
            message = f"appraisal.market_shares has no market {quote(word)}"
            yield Finding("E105", path, message, word=word, choices=tuple(known))
    for market, shares in known.items():
        amounts = list(shares.values()) if isinstance(shares, dict) else []
        if not all(isinstance(a, int | float) and 0 <= a <= 1 for a in amounts):
            continue  # told elsewhere
        total = math.fsum(amounts)
        if abs(total - 1.0) > SHARES_CLOSE:
            place: Segments = ("appraisal", "market_shares", market)
            yield Finding("E111", place, f"shares must sum to 1, found {total:g}")


def _check_incomes(tables: Tables, known: Tables) -> Iterator[Finding]:
    """Trucks kill where they drive: every country of a road needs an income."""
    if not known:
        return
    places = _table(tables, "places")
    lacking = {
        country
        for link in _table(tables, "links").values()
        if isinstance(link, dict) and link.get("mode") == "road"
        for country in _countries(tables, places, link)
        if country not in known
    }
    for country in sorted(lacking):
        message = f"has no entry for {quote(country)}, where trucks drive"
        yield Finding("E104", ("appraisal", "life", "gdp_per_head_usd"), message)


def _countries(tables: Tables, places: Tables, link: Tables) -> Iterator[str]:
    """Where a leg counts: by its emission factor, else at its ends."""
    factor = _named(_table(tables, "emissions"), link.get("emission"))
    ends = [_named(places, link.get(end)) for end in ("origin", "destination")]
    for place in [factor] if factor else ends:
        if isinstance(place.get("country"), str):
            yield place["country"]


def _named(table: Tables, name: Any) -> Tables:
    return _table(table, name) if isinstance(name, str) else {}


def _table(tables: Tables, name: str) -> Tables:
    value = tables.get(name)
    return value if isinstance(value, dict) else {}
