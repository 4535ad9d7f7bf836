"""The dial between the plan and the reference class."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from railsim.formulas.delivery import copula_pair
from railsim.formulas.statistics import triangular_ppf
from railsim.project import ProjectLuck
from railsim.project.delivery.luck import lucks_of
from railsim.project.delivery.outturns import outturns
from tests.project.worlds import altered, delivered, line, with_parts

INSIDE = st.floats(0.001, 0.999)
LUCKS = st.builds(ProjectLuck, INSIDE, INSIDE, INSIDE, INSIDE)
FIXED = {"kind": "fixed", "year": 2027.5, "is_slipping": True}


def fate(luck, outside_view, **changes):
    project = line().projects["lchh"].model_copy(update=changes)
    like = line().reference_classes[project.reference_class]
    found = outturns(project, like, lucks_of(luck), outside_view=outside_view)
    return (float(found.start[0]), float(found.opening[0]), float(found.overrun[0]))


@given(LUCKS)
def test_the_inside_view_is_the_plan_exactly(luck):
    assert fate(luck, 0.0) == (2026.67, 2030.99, 1.0)


@given(LUCKS)
def test_the_inside_view_costs_what_was_approved(luck):
    found = delivered(altered(line(), {"outside_view": 0.0}), luck)

    assert found.openings == {"lchh": 2030.99}
    assert (found.overrun, found.delay_years, found.prolonged_years) == (1.0, 0.0, 0.0)
    spent = np.sum(list(found.spent_usd.values()))
    assert spent == pytest.approx(8_369e6, rel=1e-12)


def test_a_decided_start_moves_the_plan_with_it():
    project = line().projects["lchh"]
    changes = with_parts(project, start=FIXED)

    start, opening, overrun = fate(ProjectLuck(0.1, 0.9, 0.9, 0.9), 0.0, **changes)

    assert start == 2027.5
    assert opening == pytest.approx(2030.99 + 2027.5 - 2026.67)
    assert overrun == 1.0


@given(LUCKS, st.floats(0, 1))
def test_the_dial_is_linear_between_its_ends(luck, b):
    inside, outside = np.array(fate(luck, 0.0)), np.array(fate(luck, 1.0))

    assert fate(luck, b) == pytest.approx(inside + b * (outside - inside), abs=1e-9)


def test_the_outside_view_is_the_copula_the_start_and_the_triangle():
    luck = ProjectLuck(start=0.2, slippage=0.5, cost=0.9, duration=0.4)
    v2 = copula_pair(u1=0.9, u2=0.4, rho=0.6)["v2"]

    start, opening, _ = fate(luck, 1.0)

    assert start == pytest.approx(2026.67 + 0.33 * 0.2 / 0.35)
    lasts = triangular_ppf(u=v2, low=4.0, mode=5.7, high=9.0)
    assert opening == pytest.approx(start + lasts)


def test_cost_drives_duration_as_in_the_worked_example():
    luck = ProjectLuck(start=0.5, slippage=0.5, cost=0.9, duration=0.4)

    start, opening, _ = fate(luck, 1.0, cost_duration_correlation=0.5)

    lasts = triangular_ppf(u=0.6632578147066, low=4.0, mode=5.7, high=9.0)  # WE-37
    assert opening - start == pytest.approx(lasts)


def test_dearer_projects_take_longer_when_they_are_correlated():
    cheap, dear = (ProjectLuck(0.5, 0.5, cost, 0.5) for cost in (0.1, 0.9))

    assert fate(cheap, 1.0)[1] < fate(dear, 1.0)[1]


@given(LUCKS)
def test_the_way_works_are_paid_for_may_shift_and_raise_everything(luck):
    plain = np.array(fate(luck, 1.0))

    tied = fate(luck, 1.0, start_shift_years=0.5, overrun_added=0.05)

    assert tied == pytest.approx(plain + np.array([0.5, 0.5, 0.05]))
