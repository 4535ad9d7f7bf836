"""A draw is evaluated for its outputs alone, and says why where it cannot be."""

from railsim.case import evaluate
from railsim.scenario import load_scenario
from railsim.tabulate import KINDS
from tests.sources import ROOT


def test_rows_that_nobody_asks_for_are_left_out_and_the_others_stay():
    toy = load_scenario(ROOT / "scenarios" / "toy_corridor.toml")
    whole, part = evaluate(toy, 1), evaluate(toy, 1, kinds={"steps"})

    empty = {k for k in KINDS if getattr(whole, k) and not getattr(part, k)}
    assert empty == {"costs", "emissions", "resources"}
    same = set(KINDS) - empty
    assert {k: repr(getattr(part, k)) for k in same} == {
        k: repr(getattr(whole, k)) for k in same
    }


def test_rows_of_money_that_nobody_asks_for_are_not_made():
    toy = load_scenario(ROOT / "scenarios" / "toy_finance.toml")
    whole, part = evaluate(toy, 1), evaluate(toy, 1, kinds={"finance_summary"})

    assert whole.finance_annual
    assert part.finance_annual == part.checks == ()
    assert part.finance_summary == whole.finance_summary
