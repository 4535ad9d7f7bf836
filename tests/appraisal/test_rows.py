"""Rows say what the appraisal says, with units, price year and timing."""

from __future__ import annotations

import math
from dataclasses import fields

import numpy as np
import pytest

from railsim.appraisal import rows as kinds
from railsim.appraisal.appraising import Appraisal, appraise
from railsim.appraisal.ledger import Funding, Transfer
from railsim.appraisal.rows import (
    BenefitByCountryRow,
    CbaAnnualRow,
    CbaSummaryRow,
    EmissionSavingRow,
    IncidenceRow,
    ShipperGainRow,
)
from railsim.rows import columns_of
from railsim.traffic import Payment
from tests.appraisal.worlds import flow, scenario, series, side, traffic, works

KINDS = [
    BenefitByCountryRow,
    CbaAnnualRow,
    CbaSummaryRow,
    EmissionSavingRow,
    IncidenceRow,
    ShipperGainRow,
]


@pytest.fixture(scope="module")
def found() -> Appraisal:
    paid = {Payment("rail", "railway", "line_haul"): series(6.0)}
    before = side(traffic({"a": flow(series(1.0), series(10.0))}))
    after = side(
        traffic(
            {"a": flow(series(2.0), series(4.0))},
            paid=paid,
            t_co2e={"VN": series(0.01)},
        ),
        works({"t": series(50.0, 0.0)}, opening=2027.0),
    )
    loan = {Transfer("bank", "treasury", "loan"): series(20.0, 0.0)}
    return appraise(scenario(), after, before, Funding(loan, {"bank": "CN"}, ("bank",)))


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_has_a_unit_and_a_meaning(kind: type) -> None:
    assert all(unit and meaning for unit, meaning in columns_of(kind).values())
    assert fields(kind)[0].name == "alternative"


def test_annual_rows_sum_to_the_net_gain_of_each_year(found: Appraisal) -> None:
    rows = list(kinds.annual_rows("with", found))

    for year, net in zip(found.years.tolist(), found.net_usd.tolist(), strict=True):
        assert math.fsum(r.usd_real for r in rows if r.year == year) == pytest.approx(
            net
        )
    assert {r.price_year for r in rows} == {2025}


def test_countries_and_cells_sum_to_the_net_present_value(found: Appraisal) -> None:
    enpv = found.enpv_usd

    by_country = [r.pv_usd for r in kinds.country_rows("with", found)]
    by_cell = [r.pv_usd for r in kinds.incidence_rows("with", found)]

    assert math.fsum(by_country) == pytest.approx(enpv)
    assert math.fsum(by_cell) == pytest.approx(enpv)
    assert found.enpv_usd == pytest.approx(
        float((found.net_usd * 1.09 ** -np.arange(10.0)).sum())
    )


def test_the_summary_has_every_figure_or_a_reason(found: Appraisal) -> None:
    rows = list(kinds.summary_rows("with", found))

    assert all((r.value is None) == bool(r.reason) for r in rows)
    assert {(r.rate, r.timing) for r in rows if r.metric == "enpv"} >= {
        (rate, timing)
        for rate in (0.09, 0.06, 0.12)
        for timing in ("start", "mid", "end")
    }
    assert [r.value for r in rows if r.metric == "grant element"] == [20.0]
    values = [r.value or 0.0 for r in rows if r.metric == "pv"]
    assert math.fsum(values) == pytest.approx(found.enpv_usd)


def test_shippers_are_told_by_trade_and_emissions_by_country(found: Appraisal) -> None:
    (first, *_) = kinds.shipper_rows("with", found)
    (saved, *_) = kinds.saving_rows("with", found)

    assert (first.market, first.commodity, first.year) == ("bilateral", "ore", 2026)
    assert (first.existing_usd_real, first.generated_usd_real) == (6.0, 3.0)
    assert (saved.country, saved.saved_t_co2e) == ("VN", -0.01)
