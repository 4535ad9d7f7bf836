"""Money over half-years: the worked example, conservation, currencies, retention."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from railsim.formulas.delivery import disbursement_calendar
from railsim.project.delivery.spending import (
    approved_usd,
    edges_of,
    horizon_halves,
    of_halves,
    paid_by,
)
from railsim.project.halves import Halves
from railsim.scenario import overlay
from railsim.scenario.schema.worth.delivery import Curve
from railsim.scenario.schema.worth.projects import Retention
from tests.project.worlds import altered, delivered, line, with_parts

CURVES = [
    {"kind": "beta", "a": 2.2, "b": 2.6},
    {"kind": "rayleigh", "k": 3.5},
    {"kind": "logistic", "k": 8.0, "midpoint": 0.45},
]
HORIZON = Halves.of_years(2026, 2065)


def curve(table):
    return TypeAdapter(Curve).validate_python(table)


def without_own_dates(**changes):
    """The line without station squares and without cost of delay, start decided."""
    project = line().projects["lchh"]
    components = {
        name: component.model_dump()
        for name, component in project.components.items()
        if name != "stations"
    }
    delay = {"share_per_year": 0.0, "component": "management"}
    start = {"kind": "fixed", "year": 2026.75, "is_slipping": False}
    tables = {"components": components, "delay_cost": delay, "start": start}
    values = with_parts(project, **tables)
    return altered(line(), {**values, "outside_view": 0.0, **changes})


def yearly(delivery, halves=HORIZON):
    return halves.yearly(np.sum(list(delivery.spent_usd.values()), axis=0))


def test_the_worked_example_comes_out_of_a_delivery():
    opens = 2026.75 + 5.5 + 0.5
    world = overlay(without_own_dates(), {"openings.lchh.opens_year": opens})

    found = yearly(delivered(world)) / 1e6

    wanted = [45.59321717375, 1217.348856119, 2319.71842027, 2438.383780441]  # WE-20
    wanted += [1723.55136819, 613.0796341008, 11.32472370502]
    assert found[:7].tolist() == pytest.approx(wanted, rel=1e-9)
    assert found[7:].sum() == 0.0


@given(
    st.sampled_from(CURVES),
    st.floats(2026.0, 2040.0),
    st.floats(0.3, 20.0),
    st.floats(1.0, 1e10),
)
@settings(max_examples=60)
def test_years_are_those_of_the_disbursement_calendar(table, start, lasts, total):
    profile, params = curve(table).law()
    wanted = disbursement_calendar(
        profile=profile,
        params=params,
        total=total,
        start_year=start,
        duration_years=lasts,
        years=range(2026, 2066),
    )

    paid = paid_by(curve(table), start, start + lasts, edges_of(HORIZON), None)

    found = HORIZON.yearly(total * of_halves(paid))
    assert found.tolist() == pytest.approx(wanted, rel=1e-9, abs=1e-9 * total)


@pytest.mark.parametrize("table", CURVES)
@pytest.mark.parametrize("start", [2020.3, 2025.97, 2031.4])
def test_nothing_is_lost_before_the_horizon(table, start):
    paid = paid_by(curve(table), start, start + 7.3, edges_of(HORIZON), None)

    assert math.fsum(of_halves(paid)) == pytest.approx(1.0, rel=1e-12)


def test_retention_moves_a_twentieth_by_a_year_and_loses_nothing():
    held = Retention(share=0.05, lag_years=1.0)
    edges, law = edges_of(HORIZON), curve(CURVES[0])
    at_once = of_halves(paid_by(law, 2028.0, 2033.0, edges, None))

    found = of_halves(paid_by(law, 2028.0, 2033.0, edges, held))

    assert found == pytest.approx(0.95 * at_once + 0.05 * np.roll(at_once, 2))


def test_components_sum_to_the_approved_total_in_either_currency():
    dollars = approved_usd(line(), line().projects["lchh"])
    world = altered(line(), {"capex_currency_basis": "vnd"})
    dong = approved_usd(world, world.projects["lchh"])

    assert math.fsum(dollars.values()) == pytest.approx(8.369e9, rel=1e-12)
    assert math.fsum(dong.values()) == pytest.approx(203_231e9 / 26_000, rel=1e-12)


def test_dong_follow_the_rate_and_dollars_do_not():
    rate = {"economy.vnd_per_usd": 20_000.0}
    basis = {"projects.lchh.capex_currency_basis": "vnd"}
    worlds = [overlay(line(), v) for v in (rate, {**rate, **basis})]

    dollars, dong = (approved_usd(w, w.projects["lchh"]) for w in worlds)

    assert dollars == approved_usd(line(), line().projects["lchh"])
    assert dong["stations"] == pytest.approx(3_200e9 / 20_000)


def test_stations_keep_their_own_dates_whenever_main_works_start():
    early, late = (
        delivered(
            altered(
                line(),
                with_parts(
                    line().projects["lchh"],
                    start={"kind": "fixed", "year": year, "is_slipping": False},
                ),
            )
        )
        for year in (2026.5, 2031.0)
    )

    assert early.spent_usd["stations"].tolist() == late.spent_usd["stations"].tolist()
    assert HORIZON.yearly(late.spent_usd["stations"])[3:].sum() == 0.0
    assert HORIZON.yearly(late.spent_usd["track"])[:5].sum() == 0.0


def test_halves_are_those_of_the_run():
    assert horizon_halves(line()) == HORIZON
