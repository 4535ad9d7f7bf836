"""Luck: stated or drawn by named streams, shared between alternatives and projects."""

import numpy as np
import pytest
from scipy import stats

from railsim.formulas.statistics import stream_uniforms
from railsim.project import luck_of
from railsim.project.delivery.luck import KINDS, lattice
from railsim.scenario import overlay
from tests.project.worlds import MEDIAN, altered, line, package

DRAWN = {"run.delivery_luck": "drawn"}


def test_stated_luck_is_what_the_scenario_says():
    world = overlay(line(), {"projects.lchh.luck.cost": 0.9})

    assert luck_of(world, seed=1, replication=5)["lchh"].cost == 0.9
    assert luck_of(line(), seed=1, replication=5)["lchh"] == MEDIAN


def test_drawn_luck_is_the_first_number_of_its_stream():
    world = altered(overlay(line(), DRAWN), {"common_share": 0.0})

    luck = luck_of(world, seed=7, replication=3)["lchh"]

    for kind in KINDS:
        name = f"delivery.lchh.{kind}"
        drawn = stream_uniforms(seed=7, name=name, replication=3, n=1)
        assert [getattr(luck, kind)] == drawn


def test_a_deterministic_run_draws_nothing():
    world = overlay(line(), {**DRAWN, "run.is_deterministic": True})

    assert luck_of(world, seed=7, replication=3)["lchh"] == MEDIAN


def test_another_project_or_another_start_leaves_luck_alone():
    alone = luck_of(overlay(line(), DRAWN), seed=7, replication=3)["lchh"]

    together = luck_of(overlay(package(), DRAWN), seed=7, replication=3)["lchh"]

    assert together == alone


def test_luck_stays_uniform_and_its_common_share_is_its_correlation():
    world = overlay(package(), DRAWN)
    draws = [luck_of(world, seed=11, replication=r) for r in range(800)]

    costs = np.array([[d[p].cost for p in ("lchh", "mong_cai")] for d in draws])

    assert stats.kstest(costs[:, 0], "uniform").pvalue > 0.01
    scores = stats.norm.ppf(costs)
    # 0.3 stated; the standard error of 800 pairs is 0.032
    assert np.corrcoef(scores.T)[0, 1] == pytest.approx(0.3, abs=0.1)


def test_strewn_fates_fill_each_dimension_evenly():
    strewn = lattice(dict.fromkeys(KINDS, 0.3))

    for kind in KINDS:
        counts, _ = np.histogram(getattr(strewn, kind), bins=16, range=(0, 1))
        assert counts.tolist() == pytest.approx([4093 / 16] * 16, abs=1.0)
