"""Reference classes: worked examples and the moments that define them."""

import numpy as np
import pytest

from railsim.project.delivery.overruns import overruns
from railsim.scenario.schema.worth.overruns import ListedClass
from tests.project.worlds import line

EVEN = (np.arange(20_000) + 0.5) / 20_000


def quantiles(name, u, limit=None):
    return overruns(line().reference_classes[name], np.array(u), limit)


def test_the_splice_has_the_quantiles_of_the_worked_example():
    found = quantiles("spliced", [0.05, 0.5, 0.72, 0.8, 0.95])  # WE-18

    wanted = [0.8913504647356, 1.163838387632, 1.5, 1.662422821476, 2.539243019957]
    assert found.tolist() == pytest.approx(wanted, rel=1e-9)


def test_the_british_class_has_the_quantiles_of_the_worked_example():
    found = quantiles("lognormal_uk", [0.5, 0.8, 0.9])  # WE-19

    assert found.tolist() == pytest.approx([1.4, 1.57, 1.666925377539], rel=1e-9)


def test_crediting_the_contingency_gives_the_published_80th_percentile():
    found = quantiles("lognormal_credit", [0.5, 0.8])

    assert found.tolist() == pytest.approx([1.24, 1.5563], abs=5e-4)


def test_the_class_of_2002_has_its_mean_and_deviation():
    found = quantiles("lognormal_2002", EVEN)

    assert (found.mean(), found.std()) == pytest.approx((1.447, 0.384), rel=2e-3)


def test_a_class_by_mean_and_quantile_has_both():
    found = quantiles("lognormal_mq", EVEN)

    assert found.mean() == pytest.approx(1.39, rel=1e-3)
    assert np.mean(found <= 1.5) == pytest.approx(0.72, abs=1e-3)


def test_a_limit_of_five_lowers_the_mean_of_the_splice_as_computed():
    censored = quantiles("spliced", EVEN, 5.0)

    assert censored.max() == 5.0
    assert censored.mean() == pytest.approx(1.3780, abs=2e-4)


def test_listed_projects_are_equally_likely_and_sorted():
    listed = ListedClass(kind="listed", title="x", values=(1.57, 1.0, 1.25, 1.2))

    found = overruns(listed, np.array([0.1, 0.25, 0.6, 0.99]))

    assert found.tolist() == [1.0, 1.2, 1.25, 1.57]
