"""Keys that are dates: days and months of what is listed, years of capacities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from railsim.scenario.checks.findings import Finding
from railsim.scenario.checks.references import Touched, match, table_of
from railsim.scenario.paths import quote

_YEAR = (r"\d{4}", "-01-01", "a year such as 2035")
# pattern -> (form of its keys, what completes them to a day, how people write them)
_DATES = {
    "disruptions.*.listed.#": (r"\d{4}-\d\d-\d\d", "", "a date such as 2027-09-07"),
    "regimes.*.listed.#": (r"\d{4}-\d\d", "-01", "a month such as 2027-09"),
    "stations.*.servers_by_year.#": _YEAR,
    "fleets.*.tokens_by_year.*.#": _YEAR,
    "lines.*.tracks_by_year.#": _YEAR,
    "services.*.capacity_teu_by_year.#": _YEAR,
    "services.*.capacity_t_by_year.#": _YEAR,
}


def check_dates(tables: Mapping[str, Any], touched: Touched) -> list[Finding]:
    """Find keys that should be dates and are not, in tables that were touched."""
    return [
        Finding("E111", path, f"{quote(word)} is not {wanted}", is_in_key=True)
        for pattern, (form, rest, wanted) in _DATES.items()
        if table_of(pattern) in touched
        for path, word in match(tables, pattern.split("."))
        if not _is_date(word, form, rest)
    ]


def _is_date(word: str, form: str, rest: str) -> bool:
    if not re.fullmatch(form, word, re.ASCII):
        return False
    try:
        date.fromisoformat(word + rest)
    except ValueError:
        return False
    return True
