"""The worth of one input and of waiting, against integrals and worked examples."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from railsim import formulas
from railsim.errors import InputError
from railsim.study.analysis.deciding.actions import decide
from railsim.study.analysis.deciding.information import (
    signal_of,
    value_of_waiting,
    worth_of_inputs,
)
from railsim.study.analysis.indices import sensitivity_rows
from railsim.study.analysis.inputs import as_inputs
from railsim.study.analysis.tables import waiting_rows
from tests.study.analysis.models import lay

NAMES = ("demand", "cost", "nothing")
EXAMPLE = {
    "enpv_now": [1.6, -2.2],
    "prob": [0.55, 0.45],
    "enpv_later_factor": 1 / 1.09,
    "learn_cost": 0.05,
}


def drawn(count=4000, seed=2):
    z = norm.ppf(lay("monte_carlo", NAMES, count, seed).u)
    return as_inputs(dict(zip(NAMES, z.T, strict=True))), z


def expected_gain(spread):
    """E max(0, s z) of a standard normal z."""
    return spread / math.sqrt(2 * math.pi)


def test_knowing_an_input_is_worth_what_the_integral_says():
    inputs, z = drawn()
    payoffs = {"build": 3 * z[:, 0] + 4 * z[:, 1], "none": np.zeros(len(z))}

    demand, cost, _ = worth_of_inputs(payoffs, inputs, seed=1)

    assert demand.estimate.value == pytest.approx(expected_gain(3), rel=0.1)
    assert cost.estimate.value == pytest.approx(expected_gain(4), rel=0.1)
    assert demand.estimate.ci_lo < expected_gain(3) < demand.estimate.ci_hi


def test_knowing_what_does_not_matter_is_not_shown():
    inputs, z = drawn()
    payoffs = {"build": 3 * z[:, 0], "none": np.zeros(len(z))}

    rows = sensitivity_rows("enpv", worth_of_inputs(payoffs, inputs, seed=1))

    shown = {row.param: row.value for row in rows}
    assert shown["nothing"] is None
    assert shown["demand"] > 1.0


def test_no_input_is_worth_more_than_knowing_everything():
    inputs, z = drawn(1000)
    payoffs = {"build": z[:, 0] * z[:, 1] + z[:, 0], "none": np.zeros(len(z))}

    everything = decide(payoffs, tail_share=0.1, seed=1).evpi.value

    worths = [i.estimate.value for i in worth_of_inputs(payoffs, inputs, seed=1)]
    assert max(worths) < everything


def test_a_curved_payoff_is_followed_by_the_spline():
    inputs, z = drawn()
    payoffs = {"build": z[:, 0] ** 2 - 1, "none": np.zeros(len(z))}

    demand = worth_of_inputs(payoffs, inputs, seed=1)[0]

    # E max(0, z^2 - 1) = 2 phi(1)
    assert demand.estimate.value == pytest.approx(2 * norm.pdf(1), rel=0.1)


def test_words_are_worth_what_their_groups_are():
    word = np.array(["firm", "soft"] * 500)
    inputs = as_inputs({"quote": word.tolist(), "noise": drawn(1000)[1][:, 0]})
    build = np.where(word == "firm", 1.0, -1.0)

    quote = worth_of_inputs({"build": build, "none": 0 * build}, inputs, seed=1)[0]

    assert quote.estimate.value == pytest.approx(0.5)
    assert not quote.is_noise


def states(values):
    return np.repeat(values, [55, 45])


def test_waiting_is_worth_what_the_worked_example_says():
    now = states(EXAMPLE["enpv_now"])
    later = now * EXAMPLE["enpv_later_factor"] - EXAMPLE["learn_cost"]

    found = value_of_waiting(now, later, signal=None, seed=1)

    known = formulas.delay_option(**EXAMPLE)
    assert found.now.value == pytest.approx(known["now"])
    assert found.wait_with_learning.value == pytest.approx(known["wait_with_learning"])
    assert found.wait_committed.value == pytest.approx(known["wait_committed"])
    assert found.option_value.value == pytest.approx(known["option_value"])
    assert found.information_value.value == pytest.approx(known["information_value"])


@pytest.mark.parametrize("correlation", [0.0, 0.5, 1.0])
def test_a_signal_is_worth_as_much_as_it_correlates(correlation):
    u = lay("monte_carlo", ("growth",), 5000, 4).u[:, 0]
    truth = norm.ppf(u)
    signal = signal_of(u, correlation, name="growth", seed=1)

    found = value_of_waiting(truth, truth, signal=signal, seed=1)

    gain = found.wait_with_learning.value
    assert np.corrcoef(truth, signal)[0, 1] == pytest.approx(correlation, abs=0.03)
    assert gain == pytest.approx(expected_gain(correlation), abs=0.03)


def test_learning_never_makes_waiting_worse_in_rows():
    u = lay("monte_carlo", ("growth",), 500, 4).u[:, 0]
    signal = signal_of(u, 0.5, name="growth", seed=1)
    waiting = value_of_waiting(norm.ppf(u), norm.ppf(u) - 0.1, signal=signal, seed=1)

    rows = {r.metric: r.value for r in waiting_rows(waiting, alternative="with_2027")}

    assert rows["wait_with_learning"] >= rows["wait_committed"]
    assert rows["learning_value"] >= 0


def test_payoffs_of_other_draws_are_refused():
    inputs, z = drawn(100)

    with pytest.raises(InputError, match="as many payoffs"):
        worth_of_inputs({"build": z[:50, 0]}, inputs, seed=1)


def test_a_word_for_every_draw_teaches_nothing():
    inputs = as_inputs({"name": [f"n{k}" for k in range(60)]})

    with pytest.raises(InputError, match="more than 50 words"):
        worth_of_inputs({"build": np.arange(60.0)}, inputs, seed=1)
