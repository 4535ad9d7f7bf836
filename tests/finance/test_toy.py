"""The toy of finance and the worked examples, through the accounts themselves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from railsim.finance.accounts import Accounts, account
from railsim.finance.debt.loans import follow
from railsim.finance.debt.terms import Span, Terms, terms_of
from railsim.finance.summary import summary_rows
from railsim.project.halves import Halves
from railsim.project.works import Works
from railsim.scenario import load_scenario
from railsim.scenario.schema.worth.finance import Finance
from railsim.scenario.schema.worth.loans import Tranche
from tests.finance.worlds import finance, keep, package, strict, traffic, tranche

SCENARIO = Path(__file__).parents[2] / "scenarios" / "toy_finance.toml"
WE_44 = {
    ("loan", "debt_at_opening"): 530.5428789591e6,
    ("loan", "interest_capitalised"): 18.54287895906e6,
    ("loan", "first_instalment"): 21.31644010547e6,
    ("owner", "dscr_min"): 0.8444186698597,
    ("owner", "dscr_avg"): 1.141881449373,
    ("owner", "llcr"): 1.121084773603,
    ("railway", "irr"): 0.05578458553451,
    ("equity", "irr"): 0.06998131483143,
}


def figures(accounts: Accounts) -> dict[tuple[str, str], float | None]:
    return {
        (row.scope, row.metric): row.value
        for row in summary_rows("with", accounts)
        if row.prices != "real"
    }


def test_the_toy_scenario_gives_the_worked_example() -> None:
    world = load_scenario(SCENARIO)
    halves = Halves.of_years(world.run.first_year, world.run.last_year)
    nothing = Works(halves, {}, {}, {}, {})

    found = figures(account(world, nothing, traffic(last_year=world.run.last_year)))

    for key, value in WE_44.items():
        assert found[key] == pytest.approx(value, rel=1e-9), key
    assert found["loan", "closing"] == pytest.approx(0.0, abs=1e-6)


def test_works_of_a_project_give_the_same_as_stated_spending() -> None:
    found = figures(keep({"only": package({"loan": tranche()})}))

    for key, value in WE_44.items():
        assert found[key] == pytest.approx(value, rel=1e-9), key


def test_uncovered_debt_is_reported_and_does_not_stop_the_accounts() -> None:
    accounts = keep({"only": package({"loan": tranche()})})

    assert accounts.ratios.breaches == tuple(range(6, 15))
    assert accounts.owner.cascade.support[6] == pytest.approx(21_316_440.105 - 18e6)


def terms(**changes: object) -> Terms:
    money = Finance.model_validate(strict(finance()))
    loan = Tranche.model_validate(strict(tranche(**changes)))
    return terms_of(money, "loan", loan, Span(0, 1, 1), 2026)


def draw_once(found: Terms, amount: float) -> np.ndarray:
    draws = np.zeros(found.matures)
    draws[0] = amount
    return draws


def test_an_annuity_is_that_of_worked_example_21() -> None:
    found = terms(rate=0.025, grace_years=0.5, tenor_years=15.5, availability_years=0.5)

    course = follow(found, draw_once(found, 5300.0), np.zeros(found.matures))

    owed = course.opening[1]
    paid = (course.interest + course.principal)[1:]
    assert paid == pytest.approx(np.full(30, 212.9462801963 * owed / 5300.0))
    assert course.interest[1:].sum() == pytest.approx(1088.388405889 * owed / 5300.0)


def test_equal_instalments_are_those_of_worked_example_22() -> None:
    found = terms(
        rate=0.025,
        grace_years=5.5,
        tenor_years=20.5,
        availability_years=0.5,
        repayment="equal_principal",
        is_interest_capitalised=False,
    )

    course = follow(found, draw_once(found, 5300.0), np.zeros(found.matures))

    paid = course.paid_interest + course.principal
    assert paid[1] == pytest.approx(66.25)
    assert paid[11] == pytest.approx(242.9166666667)
    assert paid[-1] == pytest.approx(178.875)
    assert course.interest[1:].sum() == pytest.approx(1689.375)
    assert course.closing[-1] == 0.0


def test_interest_during_works_is_that_of_worked_example_23() -> None:
    money = Finance.model_validate(strict(finance()))
    loan = Tranche.model_validate(
        strict(tranche(grace_years=4, tenor_years=20, availability_years=4))
    )
    found = terms_of(money, "loan", loan, Span(0, 8, 8), 2026)
    draws = np.zeros(found.matures)
    draws[:8] = [300, 600, 900, 1100, 1000, 700, 450, 250]

    course = follow(found, draws, np.zeros(found.matures))

    assert course.opening[8] == pytest.approx(5583.282711014, rel=1e-9)
    assert course.capitalised.sum() == pytest.approx(283.2827110143, rel=1e-9)
    assert course.commitment_fees.sum() == pytest.approx(25.375, rel=1e-9)
    assert course.upfront_fees.sum() == pytest.approx(13.25, rel=1e-9)


def test_sculpted_instalments_follow_cash_as_in_worked_example_26() -> None:
    found = terms(
        rate=0.08,  # 4 % a half-year
        grace_years=0.5,
        tenor_years=3.5,
        availability_years=0.5,
        repayment="sculpted",
        is_interest_capitalised=False,
    )
    cash = np.array([0.0, 60, 70, 80, 90, 100, 110])

    course = follow(found, draw_once(found, 338.1466438432), cash)

    expected = [32.62798040012, 41.62540730843, 50.98273129308, 60.71434823711]
    expected += [70.8352298589, 81.36094674556]
    assert course.principal[1:] == pytest.approx(expected, rel=1e-9)
    paid = (course.interest + course.principal)[1:]
    assert paid == pytest.approx(cash[1:] / 1.3, rel=1e-9)


def test_the_gift_of_the_lao_loan_is_that_of_worked_example_24() -> None:
    loan = tranche(rate=0.023, tenor_years=25, grace_years=5, availability_years=5)

    found = figures(keep({"only": package({"loan": loan})}))

    assert found["loan", "grant_element"] == pytest.approx(0.2702314709116, rel=1e-9)
