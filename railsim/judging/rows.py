"""Everything that money says of a world, as rows of tables."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from railsim.appraisal import rows as society
from railsim.appraisal.appraising import Appraisal
from railsim.appraisal.starts import compare_starts
from railsim.balance import Check, check_rows
from railsim.finance import rows as owners
from railsim.finance.accounts import Accounts
from railsim.finance.summary import summary_rows
from railsim.judging.half_rule import half_rule_rows
from railsim.judging.worlds import Case, judge, reference_of
from railsim.outcome import StartRow
from railsim.project.rows import OddsRow, claim_rows, odds_rows, project_rows

Rows = Mapping[str, Iterable[Any]]


def rows_of_cases(
    cases: Sequence[Case],
    seed: int,
    *,
    with_odds: bool,
    wanted: Collection[str] | None = None,
) -> dict[str, tuple[Any, ...]]:
    """Field of an outcome -> its rows of all worlds, each judged against the first.

    Odds are those of the scenario, the same in every replication. Of the fields only
    those `wanted` are made, all of them if None.
    """
    reference = reference_of(cases[0])
    appraisals = [judge(case, reference) for case in cases]
    said = [_rows_of(*pair) for pair in zip(cases, appraisals, strict=True)]
    said.append({"starts": _starts(cases, appraisals)})
    if cases[0].world.appraisal is not None:
        said += [{"half_rule": half_rule_rows(case, cases[0])} for case in cases]
    if with_odds:
        said += [{"odds": odds_of_case(case, seed)} for case in cases]
    kinds = dict.fromkeys(kind for rows in said for kind in rows)
    return {
        kind: tuple(row for rows in said for row in rows.get(kind, ()))
        for kind in kinds
        if wanted is None or kind in wanted
    }


def _starts(
    cases: Sequence[Case], appraisals: Sequence[Appraisal | None]
) -> Iterator[StartRow]:
    opened = {
        case.name: (case.works.opening, appraisal)
        for case, appraisal in zip(cases, appraisals, strict=True)
        if appraisal is not None and math.isfinite(case.works.opening)
    }
    starts, best = compare_starts({name: a for name, (_, a) in opened.items()})
    for name, start in starts.items():
        ripe = None if start.is_ripe is None else float(start.is_ripe)
        key = (name, opened[name][0], start.enpv_usd, start.fyrr, ripe)
        yield StartRow(*key, float(name == best))


def _rows_of(case: Case, appraisal: Appraisal | None) -> Rows:
    name = case.name
    checks = (*_checks_of(case.accounts), *_checks_of(appraisal))
    rows: dict[str, Iterable[Any]] = {
        "projects": project_rows(case.world, name, case.works),
        "claims": claim_rows(case.world, name, case.works),
        "checks": check_rows(name, checks),
    }
    if case.accounts is not None:
        rows |= _of_accounts(name, case.accounts)
    if appraisal is not None:
        rows |= _of_appraisal(name, appraisal)
    return rows


def _checks_of(books: Accounts | Appraisal | None) -> tuple[Check, ...]:
    return () if books is None else books.checks


def odds_of_case(case: Case, seed: int) -> Iterator[OddsRow]:
    """How likely what is built is to go so; the same in every replication."""
    plans = [case.world.projects[p].plan.opens_year for p in case.works.deliveries]
    marks = (1.0, 1.5)
    yield from odds_rows(case.world, case.name, seed, open_by=plans, above=marks)


def _of_accounts(name: str, accounts: Accounts) -> Rows:
    return {
        "finance_annual": owners.annual_rows(name, accounts),
        "finance_summary": summary_rows(name, accounts),
        "debt_schedule": owners.schedule_rows(name, accounts),
        "public_debt": owners.public_debt_rows(name, accounts),
        "lenders": owners.lender_rows(name, accounts),
    }


def _of_appraisal(name: str, appraisal: Appraisal) -> Rows:
    return {
        "cba_annual": society.annual_rows(name, appraisal),
        "cba_summary": society.summary_rows(name, appraisal),
        "benefits": society.country_rows(name, appraisal),
        "incidence": society.incidence_rows(name, appraisal),
        "shipper_gains": society.shipper_rows(name, appraisal),
        "emission_savings": society.saving_rows(name, appraisal),
    }
