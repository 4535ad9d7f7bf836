"""Whatever the loans, currencies and cash: all checks are met."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from railsim.finance.rows import annual_rows, schedule_rows
from railsim.finance.summary import summary_rows
from tests.finance.worlds import (
    finance,
    keep,
    operator,
    package,
    traffic,
    tranche,
    works,
)

HALVES = st.integers(1, 16)
RATES = st.floats(0, 0.15)
FEES = st.sampled_from([0.0, 0.0025, 0.01])


@st.composite
def loans(draw: st.DrawFn) -> dict[str, Any]:
    tenor = draw(st.integers(1, 100)) / 2
    grace = draw(st.integers(0, 30)) / 2
    return tranche(
        currency=draw(st.sampled_from(["USD", "CNY", "VND"])),
        share=draw(st.floats(0, 0.33)),
        rate=draw(RATES),
        on_lent_margin=draw(FEES),
        management_fee_share=draw(FEES),
        insurance_fee_share=draw(FEES),
        commitment_fee_rate=draw(FEES),
        guarantee_fee_rate=draw(FEES),
        tenor_years=tenor,
        grace_years=min(grace, tenor - 0.5),
        availability_years=draw(st.integers(1, 24)) / 2,
        repayment=draw(
            st.sampled_from(["annuity", "equal_principal", "sculpted", "bullet"])
        ),
        is_interest_capitalised=draw(st.booleans()),
        seniority=draw(st.sampled_from(["senior", "subordinated"])),
        channel=draw(st.sampled_from(["direct", "on_lent", "guaranteed", "corporate"])),
        day_count=draw(st.sampled_from(["30E/360", "ACT/360", "ACT/365F"])),
        pay_days=draw(st.sampled_from(["period_end", "march_september"])),
    )


@st.composite
def structures(draw: st.DrawFn) -> dict[str, Any]:
    """Arguments of `keep`."""
    availability = draw(
        st.sampled_from(
            [
                None,
                {"usd_per_year": 2e7, "target_dscr": 1, "years": 20},
                {"target_dscr": 1.2, "years": 30},
                {"target_dscr": 1, "target_equity_irr": 0.1, "years": 30},
            ]
        )
    )
    tranches = {f"loan{i}": draw(loans()) for i in range(draw(st.integers(0, 3)))}
    how = package(
        tranches,
        shares_of=draw(st.sampled_from(["total_uses", "spending"])),
        reserve_months=draw(st.sampled_from([0, 6])),
        is_reserve_prefunded=draw(st.booleans()),
        support_from=draw(st.sampled_from(["state", "owners"])),
        is_owner_taxed=draw(st.booleans()),
        equity_share=None,
    )
    if availability is not None:
        how["availability"] = availability
    money = finance(tax={"rate": draw(st.sampled_from([0, 0.2])), "holiday_years": 3})
    money["inflation"] = {
        name: draw(st.floats(-0.01, 0.08)) for name in ("usd", "cny", "vnd")
    } | {"works_real": 0}
    money["exchange"] |= {
        "vnd": draw(st.sampled_from(["ppp", "drift", "gbm"])),
        "cny": draw(st.sampled_from(["ppp", "drift", "ou"])),
        "vnd_drift": draw(st.floats(-0.05, 0.1)),
        "vnd_quantile": draw(st.floats(0.05, 0.95)),
    }
    asset = {"components": ["works"], "maintenance_share": 0.01, "renewal_share": 0.005}
    asset |= {"renewal_after_years": 5, "life_years": 12, "depreciation_years": 20}
    money["assets"] = {"all": asset}
    spent = draw(st.lists(st.floats(0, 1e9), min_size=1, max_size=16))
    opening = 2026 + len(spent) / 2 + draw(st.floats(0, 3))
    return {
        "packages": {"only": how},
        "money": money,
        "operators": {"rail": _company(draw)},
        "built": works(
            spent, opening, vehicles=draw(st.lists(st.floats(0, 1e8), max_size=70))
        ),
        "carried": traffic(draw(st.floats(-1e8, 1e9)), train_km=1e6),
    }


def _company(draw: st.DrawFn) -> dict[str, Any]:
    regime = draw(st.sampled_from(["revenue_share", "gross_t_km", "surplus"]))
    return operator(
        usd_per_train_km=draw(st.floats(0, 200)),
        access={"regime": regime, "revenue_share": 0.5, "usd_per_gross_t_km": 0.01},
        rolling_stock=draw(st.sampled_from(["purchased", "leased"])),
        lease_rate=draw(RATES),
        working_capital_days=draw(st.sampled_from([0, 30])),
        tax={"rate": 0.2, "holiday_years": 2},
    )


def keep_and_tell(structure: dict[str, Any]) -> None:
    accounts = keep(structure.pop("packages"), **structure)

    assert all(check.is_met for check in accounts.checks)
    figures = summary_rows("with", accounts)
    assert all(figure.value is not None or figure.remark for figure in figures)
    schedule = schedule_rows("with", accounts)
    assert all(math.isfinite(row.closing) for row in schedule)
    annual = annual_rows("with", accounts)
    assert all(math.isfinite(row.usd_real) for row in annual)
    assert accounts.owner.cascade.support.min() >= 0.0
    assert accounts.owner.cascade.distributions.min() >= 0.0


@given(structures())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_structure_meets_all_checks(structure: dict[str, Any]) -> None:
    keep_and_tell(structure)


@pytest.mark.slow
@given(structures())
@settings(
    max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
def test_a_thousand_structures_meet_all_checks(structure: dict[str, Any]) -> None:
    keep_and_tell(structure)
