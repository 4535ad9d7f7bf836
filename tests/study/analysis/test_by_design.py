"""Every design gives the indices that its points allow."""

import numpy as np
import pytest

from railsim.errors import InputError
from railsim.study.analysis.explaining.by_design import explain
from railsim.study.analysis.explaining.variance import variance_shares
from railsim.study.uncertainty.distributions import Discrete, Uniform
from railsim.study.uncertainty.sampling import draw_sample
from tests.study.analysis.models import READER

UNCERTAIN = {
    "a": Uniform(dist="uniform", low=0.0, high=10.0),
    "b": Uniform(dist="uniform", low=0.0, high=1.0),
    "word": Discrete(dist="discrete", values=("x", "y"), probabilities=(0.5, 0.5)),
}


def draw(kind, size, *, uncertain=UNCERTAIN, **more):
    design = READER.validate_python({"kind": kind, **more})
    return draw_sample(uncertain, method="copula", design=design, size=size, seed=3)


def answer_of(sample):
    """The first input alone matters."""
    return np.array([5.0 if a is None else a for a in sample.values["a"]], dtype=float)


def methods(found):
    return {index.method for index in found}


@pytest.mark.parametrize(
    ("kind", "size", "more"),
    [("monte_carlo", 200, {}), ("lhs", 200, {"within": "random"}), ("sobol", 256, {})],
)
def test_draws_give_lines_and_distances(kind, size, more):
    sample = draw(kind, size, **more)

    found = explain(sample, answer_of(sample), seed=1)

    expected = {"src", "src_r2", "srrc", "srrc_r2", "pawn", "delta"}
    assert methods(found) == expected
    shown = {(i.method, i.param) for i in found if not i.is_noise}
    assert {(m, "a") for m in ("src", "srrc", "pawn", "delta")} < shown


def test_saltelli_gives_shares_of_variance_too():
    sample = draw("saltelli", 64)

    found = explain(sample, answer_of(sample), seed=1)

    shares = variance_shares(sample.points, answer_of(sample), seed=1).indices
    assert found[: len(shares)] == shares
    assert {"pawn", "delta", "src"} < methods(found)


def test_morris_gives_elementary_effects():
    sample = draw("morris", 10, levels=4, margin_share=0.0)

    found = explain(sample, answer_of(sample), seed=1)

    effects = {i.param: i.estimate.value for i in found if i.method == "morris_mu"}
    assert effects == pytest.approx({"a": 10.0, "b": 0.0, "word": 0.0})


def test_one_at_a_time_gives_swings_largest_first():
    sample = draw("one_at_a_time", 1, low_probability=0.1, high_probability=0.9)

    found = explain(sample, answer_of(sample), seed=1)

    assert [(i.method, i.estimate.value) for i in found[:3]] == [
        ("tornado_low", pytest.approx(1.0)),
        ("tornado_high", pytest.approx(9.0)),
        ("tornado_swing", pytest.approx(8.0)),
    ]
    assert all(i.is_noise for i in found[3:])


def test_a_grid_is_no_sample():
    sample = draw("grid", 1, uncertain={}, values={"a": (1.0, 2.0)})

    assert explain(sample, np.array([1.0, 2.0]), seed=1) == ()


def test_failed_draws_are_left_out_of_every_index():
    sample = draw("monte_carlo", 200)
    answer = answer_of(sample)
    answer[::7] = np.nan

    found = explain(sample, answer, seed=1)

    assert all(np.isfinite(i.estimate.value) for i in found)


def test_too_few_draws_or_a_flat_answer_are_said():
    few = draw("monte_carlo", 5)

    with pytest.raises(InputError, match="too few draws"):
        explain(few, answer_of(few), seed=1)
    with pytest.raises(InputError, match="does not vary"):
        explain(few, np.ones(5), seed=1)
