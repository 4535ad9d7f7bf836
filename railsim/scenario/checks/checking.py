"""All checks in order: names, amounts, record, references, chains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from railsim.scenario.checks.amounts import convert_amount_at, convert_amounts
from railsim.scenario.checks.appraisal import check_appraisal
from railsim.scenario.checks.chains import check_chains
from railsim.scenario.checks.dates import check_dates
from railsim.scenario.checks.findings import Finding, merge_findings
from railsim.scenario.checks.names import check_leaves
from railsim.scenario.checks.records import make_record
from railsim.scenario.checks.references import check_references
from railsim.scenario.checks.works import check_works
from railsim.scenario.paths import Segments, find
from railsim.scenario.schema import Scenario


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
    return _check_converted(converted, leaves, amounts)


def check_changed(tables: dict[str, Any], changed: Iterable[Segments]) -> Checked:
    """The same for tables that were checked before, but for some paths.

    Names and amounts need to be looked at there only; they are made numbers in place.
    """
    leaves, amounts = [], []
    for path in changed:
        leaves += check_leaves(find(tables, path), path)
        amounts += convert_amount_at(tables, path)
    return _check_converted(tables, leaves, amounts)


def _check_converted(
    converted: dict[str, Any], leaves: list[Finding], amounts: list[Finding]
) -> Checked:
    scenario, records = make_record(converted)
    references = [*check_references(converted), *check_dates(converted)]
    references += check_appraisal(converted)
    findings = merge_findings(leaves, amounts, records, references)
    if scenario is not None and not findings:
        findings = merge_findings(check_chains(scenario), check_works(scenario))
    return Checked(converted, None if findings else scenario, findings)
