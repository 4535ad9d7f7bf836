"""When to begin: worked examples, and appraisals of the same line begun twice."""

from __future__ import annotations

import json

import pytest

from railsim.appraisal.appraising import Appraisal, appraise
from railsim.appraisal.starts import choose_start, compare_starts, option_to_delay
from railsim.errors import InputError
from tests.appraisal.worlds import flow, scenario, series, side, traffic, works
from tests.sources import PACKAGE


def example(name: str) -> dict[str, dict[str, object]]:
    text = (PACKAGE / "worked_examples.jsonl").read_text(encoding="utf-8")
    (one,) = [e for e in map(json.loads, text.splitlines()) if e["id"] == name]
    return one


def begun(year: int, gain: float) -> Appraisal:
    """50 are spent in a year; from the next on shippers gain so much more each year."""
    wait = year - 2026
    teu, costs = series(1.0), series(100.0)
    growth = [gain * (1 + i) for i in range(wait + 1, 10)]
    before = side(traffic({"a": flow(teu, costs)}))
    after = side(
        traffic({"a": flow(teu, costs - series(*[0.0] * (wait + 1), *growth))}),
        works({"t": series(*[0.0] * wait, 50.0, 0.0)}, opening=year + 1.0),
    )
    return appraise(scenario(), after, before)


def test_waiting_to_learn_is_worth_the_worked_example() -> None:
    told = example("WE-36")
    given = told["in"]
    now = given["enpv_now"]
    assert isinstance(now, list)
    later = [v * given["enpv_later_factor"] for v in now]

    found = option_to_delay(
        now,
        later,
        given["prob"],  # type: ignore[arg-type]
        learning_cost_usd=given["learn_cost"],  # type: ignore[arg-type]
    )

    assert found == pytest.approx(told["out"])


def test_starts_under_uncertainty_are_those_of_the_worked_example() -> None:
    told = example("WE-38")
    names = ["build", "delay", "none"]
    payoff = dict(zip(names, told["in"]["payoff"], strict=True))  # type: ignore[call-overload]

    found = choose_start(payoff, told["in"]["prob"])  # type: ignore[arg-type]

    assert list(found.expected_usd.values()) == pytest.approx(told["out"]["expected"])
    assert found.best == names[told["out"]["best"]]  # type: ignore[call-overload]
    assert found.perfect_information_usd == pytest.approx(told["out"]["evpi"])
    assert found.largest_regret_usd == pytest.approx(
        {"build": 2.2, "delay": 1.4, "none": 1.6}
    )
    assert found.least_regret == "delay"


def test_a_later_start_wins_where_the_first_year_does_not_earn_the_test_rate() -> None:
    """Gains of 1 for each year since 2025: 2 in 2027 are less than 9 % of 50."""
    starts, best = compare_starts({str(y): begun(y, 1.0) for y in (2026, 2027, 2028)})

    assert starts["2026"].fyrr == pytest.approx(2 / (50 * 1.09))
    assert starts["2026"].is_ripe is False
    assert starts["2027"].enpv_usd > starts["2026"].enpv_usd
    assert best == "2028"


def test_the_earliest_start_wins_where_its_first_year_earns_enough() -> None:
    starts, best = compare_starts({str(y): begun(y, 5.0) for y in (2026, 2027, 2028)})

    assert starts["2026"].is_ripe is True
    assert best == "2026"


def test_nothing_is_best_where_no_start_is_worth_its_cost() -> None:
    starts, best = compare_starts({str(y): begun(y, 0.1) for y in (2026, 2027)})

    assert all(start.enpv_usd < 0.0 for start in starts.values())
    assert best == "nothing"


def test_starts_at_other_rates_are_not_compared() -> None:
    teu = {"a": flow(series(1.0), series(1.0))}
    other = appraise(
        scenario({"discount_rate": 0.05}), side(traffic(teu)), side(traffic(teu))
    )

    with pytest.raises(InputError, match="one rate"):
        compare_starts({"a": begun(2026, 1.0), "b": other})
