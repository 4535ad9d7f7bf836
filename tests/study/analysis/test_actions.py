"""Regret, tails and the worth of knowing, against tables computed by hand."""

import numpy as np
import pytest

from railsim.errors import InputError
from railsim.formulas import cvar, evpi, regret
from railsim.study.analysis.deciding.actions import (
    cheapest_share,
    decide,
    exceedance_curve,
)
from railsim.study.analysis.tables import decision_rows
from tests.study.analysis.models import lay

# WE-38: ten draws of which three are high, four middling, three low
STATES = np.repeat([0, 1, 2], [3, 4, 3])
TABLE = {"build": [1.6, -0.3, -2.2], "delay": [1.35, -0.1, -1.4], "none": [0.0] * 3}
PAYOFFS = {name: np.array(row)[STATES] for name, row in TABLE.items()}


def judged(payoffs=PAYOFFS, tail_share=0.1):
    return decide(payoffs, tail_share=tail_share, seed=1)


def test_draws_value_knowing_as_the_worked_example_does():
    found = judged()

    known = evpi(payoff=list(TABLE.values()), prob=[0.3, 0.4, 0.3])
    assert found.evpi.value == pytest.approx(0.48)
    assert [a.mean.value for a in found.actions] == pytest.approx(known["expected"])
    assert found.best == "none"


def test_regret_over_draws_is_that_over_states():
    found = judged()

    known = regret(payoff=list(TABLE.values()))
    assert [a.max_regret for a in found.actions] == pytest.approx(known["max_regret"])
    assert found.minimax == list(TABLE)[known["minimax"]]


@pytest.mark.parametrize("tail_share", [0.05, 0.25, 1.0])
def test_the_worst_draws_average_to_the_catalogues_tail(tail_share):
    values = np.random.Generator(np.random.PCG64(2)).normal(size=101)

    found = judged({"a": values, "b": values * 0}, tail_share).actions[0].cvar

    even = [1 / 101] * 101
    known = cvar(outcomes=values.tolist(), probabilities=even, alpha=tail_share)
    assert found.value == pytest.approx(known)
    assert found.ci_lo < found.value < found.ci_hi


def test_an_action_that_is_always_best_leaves_nothing_to_know():
    better = np.random.Generator(np.random.PCG64(2)).normal(size=50)

    found = judged({"a": better, "b": better - 1})

    assert found.evpi.value == 0.0
    assert [a.best_share.value for a in found.actions] == [1.0, 0.0]


def test_a_failed_draw_of_one_action_is_left_out_of_all():
    spoilt = {name: row.copy() for name, row in PAYOFFS.items()}
    spoilt["build"] = np.append(spoilt["build"], np.nan)
    spoilt = {n: np.append(r, 99.0)[: len(spoilt["build"])] for n, r in spoilt.items()}

    assert judged(spoilt) == judged()


def test_rows_tell_every_action_and_leave_no_unknown_numbers():
    rows = list(decision_rows(judged()))

    assert len(rows) == 16
    assert {r.alternative for r in rows} == {"build", "delay", "none", ""}
    assert all(r.value is None or np.isfinite(r.value) for r in rows)


def test_exceedance_falls_from_one_to_nothing():
    curve = exceedance_curve(np.arange(100.0), [-1.0, 49.5, 200.0])

    assert [point.probability.value for point in curve] == [1.0, 0.5, 0.0]
    assert curve[1].probability.ci_lo == pytest.approx(0.404, abs=0.001)


def test_rail_is_cheaper_where_it_costs_less_than_all_others():
    rail = np.array([1.0, 2.0, 3.0, np.nan])
    costs = {"rail": rail, "road": np.full(4, 2.5), "sea": np.array([9, 1, 9, 9.0])}

    assert cheapest_share(costs, "rail").value == 0.25


def test_a_mode_that_is_not_offered_is_no_rival():
    costs = {"rail": np.array([1.0, 2.0]), "sea": np.array([np.nan, 1.0])}

    assert cheapest_share(costs, "rail").value == 0.5


def test_no_decision_without_whole_draws():
    with pytest.raises(InputError, match="two whole draws"):
        judged({"a": np.array([1.0, np.nan])})
    with pytest.raises(InputError, match="two whole draws"):
        judged({})


@pytest.mark.slow
def test_the_worth_of_knowing_is_covered_by_its_interval():
    truth, inside = 1 / np.sqrt(2 * np.pi), 0  # E max(0, z) for a bell
    for seed in range(200):
        u = lay("monte_carlo", ("x",), 300, seed).u[:, 0]
        bell = np.sqrt(2) * np.sign(u - 0.5) * erf_inverse(np.abs(2 * u - 1))
        found = decide({"a": bell, "b": 0 * bell}, tail_share=0.5, seed=seed).evpi
        inside += found.ci_lo <= truth <= found.ci_hi

    assert inside >= 0.9 * 200  # a maximum of means is biased where actions tie


def erf_inverse(x):
    from scipy.special import erfinv

    return erfinv(x)
