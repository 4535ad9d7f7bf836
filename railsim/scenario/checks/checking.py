"""All checks in order: names, amounts, record, references, chains."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from railsim.scenario.checks.amounts import convert_amount_at, convert_amounts
from railsim.scenario.checks.appraisal import APPRAISED, check_appraisal
from railsim.scenario.checks.chains import CHAINED, check_chains
from railsim.scenario.checks.dates import check_dates
from railsim.scenario.checks.findings import Finding, merge_findings
from railsim.scenario.checks.names import check_leaves
from railsim.scenario.checks.records import make_record, remake_record
from railsim.scenario.checks.references import Touched, check_references
from railsim.scenario.checks.works import WORKED, check_works
from railsim.scenario.paths import Segments, find
from railsim.scenario.schema import Scenario

ALL = frozenset(Scenario.model_fields)


@dataclass(frozen=True)
class Checked:
    """Tables with amounts as numbers, and the scenario or what is wrong with it."""

    tables: dict[str, Any]
    scenario: Scenario | None
    findings: list[Finding]


def check_tables(tables: Mapping[str, Any]) -> Checked:
    """Check merged tables; the scenario is None unless everything holds.

    Chains and works are looked at only where all else holds: they need every record.
    """
    leaves = check_leaves(tables)
    converted, amounts = convert_amounts(tables)
    scenario, records = make_record(converted)
    found = merge_findings(leaves, amounts, records, _check_names(converted, ALL))
    return _check_sense(converted, scenario, found, ALL)


def check_changed(
    base: Scenario, tables: dict[str, Any], changed: Collection[Segments]
) -> Checked:
    """The same for tables that are those of a checked scenario but for some paths.

    Only what has to do with these is looked at; amounts are made numbers in place.
    """
    leaves, amounts = [], []
    for path in changed:
        leaves += check_leaves(find(tables, path), path)
        amounts += convert_amount_at(tables, path)
    touched = {str(path[0]) for path in changed}
    scenario, records = remake_record(base, tables, changed)
    found = merge_findings(leaves, amounts, records, _check_names(tables, touched))
    return _check_sense(tables, scenario, found, touched)


def _check_names(tables: Mapping[str, Any], touched: Touched) -> list[Finding]:
    """What tables call others by."""
    found = [*check_references(tables, touched), *check_dates(tables, touched)]
    return found + (check_appraisal(tables) if touched & APPRAISED else [])


def _check_sense(
    tables: dict[str, Any],
    scenario: Scenario | None,
    findings: list[Finding],
    touched: Touched,
) -> Checked:
    """What only whole records can tell."""
    if scenario is not None and not findings:
        chains = check_chains(scenario) if touched & CHAINED else []
        works = check_works(scenario) if touched & WORKED else []
        findings = merge_findings(chains, works)
    return Checked(tables, None if findings else scenario, findings)
