"""The six packages of the base scenario on a line of ten billion dollars."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from railsim.finance.accounts import Accounts, account, package_in_force
from railsim.scenario import Scenario, load_scenario, overlay
from tests.finance.worlds import traffic, works

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NAMES = ("f1", "f2", "f3", "f4", "f5", "f6")


@pytest.fixture(scope="module")
def base() -> Scenario:
    return load_scenario(SCENARIOS / "base.toml")


@pytest.fixture(scope="module")
def kept(base: Scenario) -> dict[str, Accounts]:
    rise = np.sin(np.linspace(0.1, np.pi - 0.1, 13))
    spent = [0.0] * 3 + (10e9 * rise / rise.sum()).tolist()
    built = works(spent, 2034.0, component="structures", vehicles=[0.0] * 15 + [3e8])
    carried = traffic(2e8)
    return {
        name: account(overlay(base, {"finance.package": name}), built, carried)
        for name in NAMES
    }


def test_every_package_pays_for_the_line(kept: dict[str, Accounts]) -> None:
    for accounts in kept.values():
        assert all(check.is_met for check in accounts.checks)
        assert accounts.owner.funding.equity.min() > -1.0


def test_shares_are_those_of_the_specification(kept: dict[str, Accounts]) -> None:
    """Chinese loans over all uses; later uses, paid after signing, are drawn too."""
    found = {}
    for name, accounts in kept.items():
        loans = accounts.owner.services.values()
        whole = float(accounts.owner.funding.uses.sum())
        whole += sum(float(s.capitalised.sum()) for s in loans)
        chinese = [s for s in loans if s.course.terms.tranche.lender_country == "CN"]
        lent = sum(float((s.draws + s.capitalised).sum()) for s in chinese)
        found[name] = lent / whole

    expected = {"f1": 0.8, "f2": 0.643, "f3": 0, "f4": 0.4, "f5": 0.3858, "f6": 0.6}
    assert found == pytest.approx(expected, abs=1e-9)


def test_the_vietnamese_part_of_the_joint_company_is_an_eighth(
    kept: dict[str, Accounts],
) -> None:
    accounts = kept["f6"]

    loan = accounts.owner.services["loan"]
    whole = float(accounts.owner.funding.uses.sum() + loan.capitalised.sum())
    paid = -accounts.treasury.account["equity"].usd.sum()
    lent = accounts.treasury.account["draws equity_loan"].usd.sum()
    assert paid / whole == pytest.approx(0.12, rel=1e-9)
    assert lent / whole == pytest.approx(0.08, rel=1e-9)


def test_the_private_partner_earns_at_least_what_it_asks(
    kept: dict[str, Accounts],
) -> None:
    partner = kept["f5"].worth["partner"].nominal_return

    assert partner.rate is not None
    assert (1 + partner.rate) ** 2 - 1 >= 0.12 - 1e-9
    assert (
        kept["f5"].ratios.least == pytest.approx(1.0, abs=1e-9)
        or (kept["f5"].ratios.least or 0) > 1.0
    )


def test_debt_of_the_line_is_never_covered_without_availability_payments(
    kept: dict[str, Accounts],
) -> None:
    for name in ("f1", "f2", "f3", "f4", "f6"):
        ratios = kept[name].ratios
        assert ratios.average is not None
        assert ratios.average < 1.0
        assert kept[name].availability_needed_usd > 0.0


def test_debt_service_after_grace_is_of_the_order_of_the_evidence(
    kept: dict[str, Accounts],
) -> None:
    """4.4 bn USD at 2.6 %, 22 years with 6 of grace: 0.34 bn USD a year after it."""
    loan = kept["f2"].owner.services["pbc"]
    course = loan.course
    first = course.terms.repaid_from

    yearly = float((course.interest + course.principal)[first : first + 2].sum())
    scaled = yearly * 4.4e9 / float(course.opening[first])
    assert scaled == pytest.approx(0.34e9, rel=0.35)


def test_an_unsigned_loan_leaves_the_domestic_package(base: Scenario) -> None:
    world = overlay(base, {"finance.is_loan_signed": False})

    assert world.finance is not None
    assert package_in_force(world, world.finance)[0] == "f3"


def test_packages_may_change_what_the_line_costs_and_when_it_starts(
    base: Scenario,
) -> None:
    assert base.packages["f1"].overrun_added == 0.05
    assert base.packages["f4"].start_delay_years == 0.5


def test_the_six_packages_are_alternatives_of_one_scenario() -> None:
    alternatives = load_scenario(SCENARIOS / "packages.toml").alternatives

    assert {n: alternatives[n].overlay["finance.package"] for n in NAMES} == {
        n: n for n in NAMES
    }
