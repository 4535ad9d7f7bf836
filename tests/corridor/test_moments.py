"""Moments of times, against the times of very many uniform numbers."""

import numpy as np
import pytest

from railsim.corridor.time.moments import moments, powers_of_triangular
from railsim.corridor.time.timing import Drive, SectionRun, hours, triangular
from railsim.scenario.schema.timing import (
    Deterministic,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Lognormal,
    Triangular,
    Uniform,
)

MIDDLES = (np.arange(400_000) + 0.5) / 400_000
TIMES = [
    Deterministic(dist="deterministic", value_h=2.0),
    Exponential(dist="exponential", mean_h=1.5),
    Erlang(dist="erlang", shape=3, mean_h=2.0),
    Gamma(dist="gamma", mean_h=8.0, cv=1.25),
    Lognormal(dist="lognormal", mean_h=1.5, cv=0.8),
    Triangular(dist="triangular", low_h=1.0, mode_h=2.0, high_h=6.0),
    Uniform(dist="uniform", low_h=1.0, high_h=4.0),
    Empirical(dist="empirical", values_h=(1.0, 2.0, 4.0)),
    Drive(400.0, (45.0, 58.0, 68.0), 4.0, 0.75, 0.5),
    SectionRun(0.2, (0.0, 0.03, 0.15)),
]


@pytest.mark.parametrize("timing", TIMES, ids=lambda t: type(t).__name__)
def test_mean_and_variance_are_those_of_many_draws(timing):
    times = hours(timing, MIDDLES)

    mean, variance = moments(timing, is_deterministic=False)

    assert mean == pytest.approx(times.mean(), rel=2e-4)
    assert variance == pytest.approx(times.var(), rel=3e-3, abs=1e-12)


def test_without_chance_a_time_is_its_central_value():
    timing = Triangular(dist="triangular", low_h=1.0, mode_h=2.0, high_h=6.0)

    assert moments(timing, is_deterministic=True) == (2.0, 0.0)


def test_powers_of_a_triangular_length_are_those_of_many_draws():
    lengths = triangular(MIDDLES, 24.0, 72.0, 240.0)

    found = powers_of_triangular(24.0, 72.0, 240.0)

    expected = [(lengths**k).mean() for k in (1, 2, 3)]
    assert found == pytest.approx(expected, rel=1e-6)
