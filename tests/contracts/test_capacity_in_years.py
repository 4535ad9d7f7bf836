"""A resource that grows in a year works in that year as one that was always so large.

Every way of computing a year honours it: both engines and the closed forms.
"""

import numpy as np
import pytest

from railsim.engine import analytic
from railsim.engine.draws import draw
from railsim.study.verification.agreement import first_difference
from tests.engine.networks import plan_of

CROSSING = """
    [stations.desk]
    servers = {servers}
    servers_by_year = {servers_by_year}
    time = {{ dist = "exponential", mean_h = 0.9 }}
    [fleets.box]
    tokens = {{ here = {tokens} }}
    tokens_by_year = {{ {tokens_by_year} }}
    [routes.only]
    steps = [
        {{ take = "box", at = "here" }},
        {{ station = "desk" }},
        {{ give = "box", at = "here" }},
    ]
    [flows.jobs]
    arrivals = {{ kind = "poisson", rate_per_h = 2.0 }}
"""
GROWING = CROSSING.format(
    servers=1,
    servers_by_year="{ 2025 = 2, 2026 = 3, 2027 = 9 }",
    tokens=2,
    tokens_by_year="here = { 2026 = 6, 2030 = 20 }",
)
LARGE = CROSSING.format(servers=3, servers_by_year="{}", tokens=6, tokens_by_year="")
SMALL = CROSSING.format(servers=2, servers_by_year="{}", tokens=2, tokens_by_year="")


@pytest.mark.parametrize(("year", "plain"), [(2025, SMALL), (2026, LARGE)])
def test_events_are_those_of_the_plain_number_of_the_year(engine, year, plain):
    growing, expected = plan_of(GROWING, year=year), plan_of(plain, year=year)

    log = engine(growing, draw(growing, 3, 0))

    same = engine(expected, draw(expected, 3, 0))
    assert len(log) > 1000
    assert not first_difference(log, same)


@pytest.mark.parametrize(("year", "plain"), [(2025, SMALL), (2026, LARGE)])
def test_closed_forms_are_those_of_the_plain_number_of_the_year(year, plain):
    found, known = (
        analytic.solve(analytic.prepare_year(plan_of(text, year=year), {}).model)
        for text in (GROWING, plain)
    )

    assert np.array_equal(found.wait_h, known.wait_h)
    assert np.array_equal(found.load, known.load)


def test_a_larger_year_has_shorter_waits():
    before, after = (
        analytic.solve(analytic.prepare_year(plan_of(GROWING, year=y), {}).model)
        for y in (2025, 2026)
    )

    assert after.wait_h.sum() < before.wait_h.sum()
