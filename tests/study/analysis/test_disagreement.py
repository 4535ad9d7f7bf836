"""How much of the spread is disagreement, against the law of total variance."""

import numpy as np
import pytest

from railsim.errors import InputError
from railsim.study.analysis.deciding.disagreement import disagreement
from railsim.study.uncertainty.distributions import Mixture, Normal, Part
from railsim.study.uncertainty.quantiles import part_of, ppf

SOURCES = ("ministry", "bank", "press")


def believed(shift, count=6000, seed=3):
    chance = np.random.Generator(np.random.PCG64(seed))
    whose = np.minimum((chance.random(count) * 3).astype(np.int64), 2)
    return shift * (whose - 1.0) + chance.normal(size=count), whose


def test_the_share_is_that_of_the_law_of_total_variance():
    answer, whose = believed(1.5)

    found = disagreement(answer, whose, SOURCES, seed=1)

    truth = 1.5 / 2.5  # 1.5^2 * 2 / 3 between, 1 within
    assert found.share.value == pytest.approx(truth, abs=0.02)
    assert found.share.ci_lo < truth < found.share.ci_hi
    assert found.believed["press"].value == pytest.approx(1.5, abs=0.1)


def test_sources_that_agree_are_not_said_to_disagree():
    shares = [
        disagreement(*believed(0.0, 60, seed), SOURCES, seed=seed) for seed in range(20)
    ]

    assert np.mean([s.share.value for s in shares]) == pytest.approx(0.0, abs=0.015)
    assert sum(not s.is_noise for s in shares) <= 4


def test_a_mixture_by_part_says_whom_a_draw_believed():
    parts = tuple(
        Part(weight=0.5, of=Normal(dist="normal", mean=mean, sd=1.0))
        for mean in (-2.0, 2.0)
    )
    mixture = Mixture(dist="mixture", parts=parts, drawn="by_part")
    u = np.random.Generator(np.random.PCG64(1)).random(4000)

    found = disagreement(ppf(mixture, u), part_of(mixture, u), SOURCES[:2], seed=1)

    assert found.share.value == pytest.approx(0.8, abs=0.02)


def test_a_source_that_nobody_believes_is_refused():
    with pytest.raises(InputError, match="believe press"):
        disagreement(np.arange(4.0), np.array([0, 0, 1, 1]), SOURCES, seed=1)
    with pytest.raises(InputError, match="does not vary"):
        disagreement(np.ones(4), np.array([0, 0, 1, 1]), SOURCES[:2], seed=1)
