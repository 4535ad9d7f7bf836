"""What is known of spending plans and of the railway that opened in Laos."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from railsim.project.delivery.precedents import fit_ramp, share_spent, works_years_for
from tests.project.worlds import line

CURVE = line().projects["lchh"].curve
OPENED = date(2021, 12, 3)
# million tonnes over the border of Laos since opening; specification 6.6
CUMULATIVE = [
    (date(2023, 4, 19), 3.7),
    (date(2024, 2, 8), 7.31),
    (date(2025, 5, 22), 13.9),
]
YEAR_2025 = (3.58, 5.46)


def observed():
    """Years since opening at the middle of each count, and tonnes a year in it."""
    edges = [(0.0, 0.0)]
    edges += [((day - OPENED).days / 365.25, mt) for day, mt in CUMULATIVE]
    points = [
        ((a + b) / 2, (high - low) / (b - a)) for (a, low), (b, high) in pairwise(edges)
    ]
    return zip(*points, YEAR_2025, strict=True)


@pytest.mark.parametrize(("start", "years"), [(2026.0, 7.0), (2027.0, 5.6)])
def test_the_official_plan_spends_as_works_of_seven_years_would(start, years):
    found = share_spent(CURVE, start, years, by=2031.0)

    # 87.3 % by the end of 2030; the specification rounds years to a tenth
    assert found == pytest.approx(0.873, abs=0.005)
    assert works_years_for(CURVE, start, 0.873, 2031.0) == pytest.approx(
        years, abs=0.05
    )


def test_works_that_must_spend_a_share_do_so():
    years = works_years_for(CURVE, 2027.3, 0.6, 2030.0)

    assert share_spent(CURVE, 2027.3, years, 2030.0) == pytest.approx(0.6)


@pytest.mark.parametrize(("share", "by"), [(0.0, 2031.0), (1.0, 2031.0), (0.5, 2026.0)])
def test_a_share_that_no_works_could_spend_is_refused(share, by):
    with pytest.raises(ValueError, match="after the start"):
        works_years_for(CURVE, 2026.0, share, by)


def test_the_railway_in_laos_ramped_up_as_fitted():
    years, tonnes = observed()

    fit = fit_ramp(years, tonnes)

    assert (fit.mature, fit.ramp_years) == pytest.approx((5.593, 1.077), abs=1e-3)
    assert fit.greatest_error == pytest.approx(0.07, abs=5e-3)
    assert fit.rms_error < 0.1


def test_a_ramp_without_noise_is_found_again():
    years = np.array([0.5, 1.0, 2.0, 4.0])

    fit = fit_ramp(years, 7.0 * -np.expm1(-years / 1.7))

    assert (fit.mature, fit.ramp_years) == pytest.approx((7.0, 1.7), rel=1e-6)
    assert fit.rms_error < 1e-6
