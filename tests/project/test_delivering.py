"""Deliveries: dates of sections, money conserved, promises of the scenario."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from railsim.project import ProjectLuck, deliver, luck_of, open_sections
from railsim.project.delivery.spending import approved_usd
from railsim.scenario import overlay
from tests.project.worlds import MEDIAN, altered, delivered, line, package, with_parts

INSIDE = st.floats(0.001, 0.97)  # beyond, works may outlast the horizon
LUCKS = st.builds(ProjectLuck, INSIDE, INSIDE, INSIDE, INSIDE)


def total(delivery):
    return math.fsum(np.concatenate(list(delivery.spent_usd.values())))


@given(LUCKS)
def test_a_project_costs_its_overrun_and_its_prolongation(luck):
    found = delivered(line(), luck)

    approved = math.fsum(approved_usd(line(), line().projects["lchh"]).values())
    wanted = approved * (found.overrun + 0.02 * found.prolonged_years)
    assert total(found) == pytest.approx(wanted, rel=1e-9)


@given(LUCKS)
def test_spending_ends_commissioning_before_the_line_opens(luck):
    found = delivered(line(), luck)

    assert found.works_end == pytest.approx(found.opening - 0.5)
    assert found.start < found.works_end
    ends = np.array([2026 + (h + 1) / 2 for h in range(80)])
    late = found.spent_usd["track"][ends - 0.5 >= found.works_end]
    assert late.sum() == 0.0


def test_the_median_project_of_the_base_scenario():
    found = delivered(line())

    assert found.start == pytest.approx(2027 + 0.15 / 0.45)
    assert found.opening == pytest.approx(found.start + 9 - math.sqrt(0.5 * 5 * 3.3))
    assert found.overrun == pytest.approx(1.163838387632)  # WE-18


def test_delay_is_counted_from_the_plan():
    found = delivered(line())

    assert found.delay_years == pytest.approx(found.opening - 2030.99)
    assert found.prolonged_years == pytest.approx(
        found.opening - found.start - (2030.99 - 2026.67)
    )


def test_sections_open_in_their_order_and_the_last_is_the_line():
    sections = {"dong_dang": 0.0, "mong_cai": 0.5, "lchh": 1.0}
    world = altered(package(), {"sections": sections})
    only = {"lchh": world.projects["lchh"]}

    found = deliver(world.model_copy(update={"projects": only}), {"lchh": MEDIAN})

    line_opens = delivered(line()).opening
    assert found["lchh"].openings == pytest.approx(
        {
            "dong_dang": line_opens - 1.0,
            "mong_cai": line_opens - 0.5,
            "lchh": line_opens,
        }
    )
    assert found["lchh"].works_end == pytest.approx(line_opens - 0.5)
    assert found["lchh"].delay_years == pytest.approx(line_opens - 2030.99)


def test_only_what_is_built_is_delivered():
    without = overlay(line(), {"openings.lchh.is_built": False})

    names = [list(deliver(w, luck_of(w, 1, 0))) for w in (without, line(), package())]

    assert names == [[], ["lchh"], ["lchh", "dong_dang", "mong_cai"]]


def test_openings_are_laid_over_the_world_and_nothing_else():
    deliveries = deliver(line(), luck_of(line(), 1, 0))

    world = open_sections(line(), deliveries)

    assert world.openings["lchh"].opens_year == deliveries["lchh"].opening
    assert overlay(world, {"openings.lchh.opens_year": None}) == line()


def test_a_date_of_the_scenario_wins_over_luck():
    world = overlay(line(), {"openings.lchh.opens_year": 2030.99})

    lucky, unlucky = (
        delivered(world, ProjectLuck(u, 0.5, u, 0.9)) for u in (0.05, 0.95)
    )

    assert lucky.openings == unlucky.openings == {"lchh": 2030.99}
    assert lucky.works_end == unlucky.works_end == pytest.approx(2030.49)
    assert lucky.overrun < unlucky.overrun


def test_works_begin_soon_enough_for_a_promise():
    world = overlay(line(), {"openings.lchh.opens_year": 2029.0})

    found = delivered(world, ProjectLuck(0.99, 0.5, 0.5, 0.5))

    assert found.start == pytest.approx(2029.0 - 0.5 - 1.5)
    assert total(found) == pytest.approx(found.overrun * 8.369e9)


def started(year):
    """The line with main works decided for a year, which may slip."""
    start = {"kind": "fixed", "year": year, "is_slipping": True}
    return altered(line(), with_parts(line().projects["lchh"], start=start))


FIRST, SECOND = started(2026.5), started(2027.5)


@given(LUCKS)
def test_a_year_later_start_shifts_all_spending_by_a_year(luck):
    first, second = (delivered(world, luck) for world in (FIRST, SECOND))

    assert second.opening == pytest.approx(first.opening + 1.0)
    track = first.spent_usd["track"]
    assert second.spent_usd["track"][2:] == pytest.approx(track[:-2], abs=1e-3)
