"""Everything that money says of a world, as rows of tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from railsim.appraisal import rows as society
from railsim.appraisal.appraising import Appraisal
from railsim.balance import Check, check_rows
from railsim.finance import rows as owners
from railsim.finance.accounts import Accounts
from railsim.finance.summary import summary_rows
from railsim.judging.worlds import Case
from railsim.project.rows import claim_rows, odds_rows, project_rows

Rows = Mapping[str, Iterable[Any]]


def rows_of_case(case: Case, appraisal: Appraisal | None) -> Rows:
    """Field of an outcome -> its rows of one world."""
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


def odds_of_case(case: Case, seed: int) -> Iterable[Any]:
    """How likely what is built is to go so; the same in every replication."""
    plans = [case.world.projects[p].plan.opens_year for p in case.works.deliveries]
    marks = (1.0, 1.5)
    return odds_rows(case.world, case.name, seed, open_by=plans, above=marks)


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
