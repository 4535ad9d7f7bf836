"""Small worlds of finance, made by hand: plain tables, works and traffic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from railsim.finance.accounts import Accounts, account
from railsim.project.halves import Halves
from railsim.project.works import Delivery, Item, PassengerTraffic, Works
from railsim.scenario import Scenario, load_scenario
from railsim.scenario.schema.worth.finance import Finance, Operator, Package
from railsim.traffic import Payment, ServiceTraffic, Traffic

MINIMAL = Path(__file__).parents[1] / "scenario" / "minimal.toml"
DOLLARS = {"usd": 1, "cny": 0, "vnd": 0}
ASSET = {
    "components": ["works"],
    "maintenance_share": 0,
    "renewal_share": 0,
    "renewal_after_years": 0,
}
TOY_CAPEX = (60, 120, 180, 200, 160, 80)
FIRST_YEAR, LAST_YEAR = 2026, 2065


def tranche(**changes: Any) -> dict[str, Any]:
    """A plain loan in US dollars for 64 % of spending, 18 years with 3 of grace."""
    return {
        "title": "Loan",
        "lender": "bank",
        "lender_country": "XX",
        "currency": "USD",
        "share": 0.64,
        "rate": 0.025,
        "on_lent_margin": 0,
        "management_fee_share": 0.0025,
        "insurance_fee_share": 0,
        "commitment_fee_rate": 0.0025,
        "guarantee_fee_rate": 0,
        "tenor_years": 18,
        "grace_years": 3,
        "availability_years": 3,
        "repayment": "annuity",
        "is_interest_capitalised": True,
        "seniority": "senior",
        "borrower": "owner",
        "channel": "corporate",
        "day_count": "30E/360",
        "pay_days": "period_end",
    } | changes


def package(tranches: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """Loans and one owner."""
    lent = sum(
        t.get("share") or 0 for t in tranches.values() if t["borrower"] == "owner"
    )
    owner = {"title": "Owner", "country": "VN", "share": 1}
    return {
        "title": "Package",
        "shares_of": "spending",
        "tranches": dict(tranches),
        "equity_share": 1 - lent,
        "shareholders": {"state": owner | {"is_public": True, "has_dividends": True}},
        "reserve_months": 0,
        "is_reserve_prefunded": False,
        "support_from": "owners",
        "is_owner_taxed": False,
    } | changes


def finance(**changes: Any) -> dict[str, Any]:
    """No inflation, no upkeep, no tax; flows fall at the start of halves."""
    return {
        "package": "only",
        "is_loan_signed": True,
        "inflation": {"usd": 0, "cny": 0, "vnd": 0, "works_real": 0},
        "exchange": {
            "vnd": "ppp",
            "cny": "ppp",
            "vnd_drift": 0,
            "cny_drift": 0,
            "vnd_volatility": 0.032,
            "cny_volatility": 0.045,
            "cny_level": 7,
            "cny_return_rate": 0.35,
            "correlation": 0.45,
            "luck": "stated",
            "vnd_quantile": 0.5,
            "cny_quantile": 0.5,
        },
        "mixes": dict.fromkeys(("works", "vehicles", "revenue", "running"), DOLLARS),
        "upkeep": {"usd_per_track_km": 0, "track_km": {}},
        "tax": {"rate": 0, "holiday_years": 0},
        "returns": {
            "discount_rate_real": 0.035,
            "finance_rate": 0.05,
            "reinvest_rate": 0.04,
            "convention": "start",
            "grant_discount_rate": 0.05,
            "target_dscr": 1.2,
        },
    } | changes


def operator(**changes: Any) -> dict[str, Any]:
    """A company that is paid and runs for nothing."""
    rates = dict.fromkeys(
        (
            *("ancillary_share", "usd_per_train_km", "usd_per_net_t_km"),
            *("usd_per_gross_t_km", "train_tare_t", "usd_per_train_h", "usd_per_lift"),
            *("lifts_per_teu", "fixed_usd_per_year", "overhead_share", "lease_rate"),
            "working_capital_days",
        ),
        0,
    )
    return {
        "title": "Railway",
        "payees": ["railway"],
        "services": ["trains"],
        "passenger_projects": ["line"],
        "vehicles": ["locomotives"],
        "access": {"regime": "surplus"},
        "rolling_stock": "purchased",
        "lease_years": 10,
        "tax": {"rate": 0, "holiday_years": 0},
        "depreciation_years": 10,
        **rates,
    } | changes


STATED = operator(
    stated_cash={"first_usd": 18e6, "growth_per_half": 0.02, "halves": 60}
)


def strict(value: Any) -> Any:
    """Lists as tuples, as the loader gives them to records."""
    if isinstance(value, Mapping):
        return {key: strict(inner) for key, inner in value.items()}
    return tuple(map(strict, value)) if isinstance(value, list) else value


def world(
    money: Mapping[str, Any],
    packages: Mapping[str, Any],
    operators: Mapping[str, Any],
) -> Scenario:
    """The minimal scenario with these tables of finance."""
    return load_scenario(MINIMAL).model_copy(
        update={
            "finance": Finance.model_validate(strict(money)),
            "packages": {
                k: Package.model_validate(strict(p)) for k, p in packages.items()
            },
            "operators": {
                k: Operator.model_validate(strict(o)) for k, o in operators.items()
            },
        }
    )


def works(
    halves_usd: Sequence[float] = (),
    opening: float = 2029.0,
    *,
    component: str = "works",
    vehicles: Sequence[float] = (),
    last_year: int = LAST_YEAR,
) -> Works:
    """One project that spends like this from the first half on."""
    halves = Halves.of_years(FIRST_YEAR, last_year)
    spent = np.zeros(halves.count)
    spent[: len(halves_usd)] = halves_usd
    bought = np.zeros(halves.count)
    bought[: len(vehicles)] = vehicles
    delivery = Delivery(
        project="line",
        start=float(FIRST_YEAR),
        openings={"line": opening},
        works_end=opening,
        overrun=1.0,
        delay_years=0.0,
        spent_usd={component: spent},
    )
    years = halves.count // 2
    return Works(
        halves=halves,
        deliveries={"line": delivery} if len(halves_usd) else {},
        spent_usd={Item("line", component): spent} if len(halves_usd) else {},
        vehicles_usd={"locomotives": bought},
        passengers={"line": PassengerTraffic(np.ones(years), np.full(years, 1e6))},
    )


def traffic(
    freight_usd: float = 0.0, *, last_year: int = LAST_YEAR, train_km: float = 0.0
) -> Traffic:
    """The same every year."""
    years = np.arange(FIRST_YEAR, last_year + 1)
    flat = np.ones(len(years))
    service = ServiceTraffic(
        *(flat, train_km * flat, train_km / 50 * flat, train_km * flat),
        *(train_km * 10 * flat, train_km * 60 * flat, train_km * 1000 * flat),
        *(flat, flat),
    )
    return Traffic(
        years=years,
        paid_usd={
            Payment("rail", "railway", "line_haul"): freight_usd * flat,
            Payment("road", "hauliers", "line_haul"): 1e9 * flat,
        },
        services={"trains": service},
        flows={},
        t_km={},
        truck_km={},
        lifted_t={},
        t_co2e={},
    )


def keep(
    packages: Mapping[str, Any],
    *,
    money: Mapping[str, Any] | None = None,
    operators: Mapping[str, Any] | None = None,
    built: Works | None = None,
    carried: Traffic | None = None,
    **options: Any,
) -> Accounts:
    """Accounts of a small world; by default the toy's works and cash."""
    there = world(
        money or finance(),
        packages,
        {"toy": STATED} if operators is None else operators,
    )
    built = built or works([1e6 * usd for usd in TOY_CAPEX])
    return account(there, built, carried or traffic(), **options)
