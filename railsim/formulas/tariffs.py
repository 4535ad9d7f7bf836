"""What it costs to move and hold a box: tariffs, storage, trucks, the shipper's bill.

The generalised cost of a shipper adds to the money paid the capital tied up on the
way, decay, schedule delay and safety stock (Baumol & Vinod 1970).
"""

import math
from collections.abc import Sequence
from typing import cast

from railsim.formulas.checks import (
    require_at_least,
    require_boolean,
    require_finite,
    require_nonnegative,
    require_positive,
    require_sequence,
    require_share,
)

# Yuan per box, per box-km, and construction fund per box-km (NDRC 2015).
CN_BOX_RATES = {"20": (500.0, 2.025, 0.528), "40": (680.0, 2.754, 1.122)}
# Yuan per tonne and per tonne-km of the wagonload tariffs (NDRC 2015).
CN_WAGON_RATES = {
    2: (9.50, 0.086),
    3: (12.80, 0.091),
    4: (16.30, 0.098),
    5: (18.60, 0.103),
    6: (26.00, 0.138),
}
DAYS_PER_YEAR = 365.0


def cn_rail_container(
    *, km: float, box: str, discount: float, with_fund: bool
) -> dict[str, float]:
    """Price one container on the Chinese national railway, in yuan.

    ``km`` tariff kilometres; ``box`` "20" or "40"; ``discount`` a share of the
    freight. freight = (base + rate * km) * (1 - discount); fund = fund rate * km,
    never discounted; total = freight + fund, unrounded.
    Raises ValueError if km is negative, box unknown or discount outside 0 to 1.
    Source: NDRC 2015, railway freight tariff, container table.
    """
    require_nonnegative("km", km)
    require_share("discount", discount)
    if str(box) not in CN_BOX_RATES:
        raise ValueError(f"box must be '20' or '40', found {box!r}")
    require_boolean("with_fund", with_fund)
    base, rate, fund_rate = CN_BOX_RATES[str(box)]
    freight = (base + rate * km) * (1.0 - discount)
    fund = fund_rate * km if with_fund else 0.0
    return {"freight": freight, "fund": fund, "total": freight + fund}


def cn_rail_wagon(
    *, km: float, tonnes: float, tariff_no: int, fund_per_tkm: float, discount: float
) -> dict[str, float]:
    """Price a wagonload on the Chinese national railway, in yuan.

    ``km`` tariff kilometres; ``tonnes`` charged weight; ``tariff_no`` 2 to 6;
    ``fund_per_tkm`` yuan per tonne-km; ``discount`` a share of the freight.
    freight = (base + rate * km) * tonnes * (1 - discount); fund is not discounted.
    Raises ValueError if a quantity is negative, the tariff number unknown or the
    discount outside 0 to 1.
    Source: NDRC 2015, railway freight tariff, wagonload table.
    """
    require_nonnegative("km", km)
    require_nonnegative("tonnes", tonnes)
    require_finite("tariff_no", tariff_no)
    require_nonnegative("fund_per_tkm", fund_per_tkm)
    require_share("discount", discount)
    if tariff_no not in CN_WAGON_RATES:
        raise ValueError(f"tariff_no must be from 2 to 6, found {tariff_no}")
    base, rate = CN_WAGON_RATES[tariff_no]
    freight = (base + rate * km) * tonnes * (1.0 - discount)
    fund = fund_per_tkm * km * tonnes
    return {"freight": freight, "fund": fund, "total": freight + fund}


def tiered_charge(
    *, days: float, free_days: float, tiers: Sequence[Sequence[float | None]]
) -> float:
    """Charge storage, demurrage or detention by rising tiers after free days.

    ``tiers`` are [last day after the free ones, money per day], the last day None
    for "and beyond". Begun days count whole: chargeable = ceil(days) - free_days.
    Raises ValueError if a number is negative, the tiers do not ascend, or the stay
    outlasts the last tier.
    Source: port tariff practice; railsim model specification 2026, section 4.4.
    """
    require_nonnegative("days", days)
    require_nonnegative("free_days", free_days)
    steps = read_tiers(tiers)
    chargeable = math.ceil(days) - free_days
    last_day = steps[-1][1] if steps else 0.0
    if chargeable > last_day:
        raise ValueError(
            f"tiers must cover {chargeable} days after the free ones, found {last_day}"
        )
    return math.fsum(
        rate * (min(chargeable, end) - begin)
        for begin, end, rate in steps
        if chargeable > begin
    )


def read_tiers(
    tiers: Sequence[Sequence[float | None]],
) -> list[tuple[float, float, float]]:
    """Turn tiers into (first, last, rate) with an infinite end for None."""
    steps: list[tuple[float, float, float]] = []
    begin = 0.0
    require_sequence("tiers", tiers)
    for tier in tiers:
        require_sequence("tiers", tier, 2)
        require_nonnegative("tiers", tier[1])
        end = math.inf
        if tier[0] is not None:
            require_finite("tiers", tier[0])
            end = tier[0]
        if end <= begin or begin == math.inf:
            raise ValueError(f"tiers must have ascending last days, found {tier[0]}")
        steps.append((begin, end, cast(float, tier[1])))
        begin = end
    return steps


def truck_trip_cost(
    *,
    km_loaded: float,
    km_empty: float,
    fuel_l_per_100km_loaded: float,
    fuel_l_per_100km_empty: float,
    fuel_price: float,
    toll_per_km: float,
    other_per_km: float,
    hours: float,
    driver_per_h: float,
    capital_per_h: float,
    border_fixed: float,
    markup: float,
    payload_t: float,
) -> dict[str, float]:
    """Cost and price a round trip of one truck, in the money of its inputs.

    cost = fuel + (toll + other) * (loaded + empty km) + (driver + capital) * hours
    + border; price = cost * (1 + markup); price_per_tkm = price / (payload *
    loaded km).
    Raises ValueError if a quantity is negative, loaded km or payload is 0, or the
    markup is below -1.
    Source: carrier costing; railsim model specification 2026, section 4.3.
    """
    quantities = dict(locals())
    for name in ("km_loaded", "payload_t"):
        require_positive(name, quantities.pop(name))
    require_at_least("markup", quantities.pop("markup"), -1)
    for name, value in quantities.items():
        require_nonnegative(name, value)
    litres = km_loaded * fuel_l_per_100km_loaded + km_empty * fuel_l_per_100km_empty
    cost = math.fsum(
        (
            litres / 100.0 * fuel_price,
            (toll_per_km + other_per_km) * (km_loaded + km_empty),
            (driver_per_h + capital_per_h) * hours,
            border_fixed,
        )
    )
    price = cost * (1.0 + markup)
    price_per_tkm = price / (payload_t * km_loaded)
    return {"cost": cost, "price": price, "price_per_tkm": price_per_tkm}


def safety_stock_cost(
    *,
    value: float,
    hold_rate: float,
    z: float,
    lead_days: float,
    lead_sd: float,
    demand_per_day: float,
    demand_sd: float,
) -> dict[str, float]:
    """Size the stock held against late goods and uneven demand, and its cost.

    ss_units = z * sqrt(lead * demand_sd^2 + demand^2 * lead_sd^2) in units of
    demand; cost_per_unit = hold_rate * value * ss_units / (365 * demand), in the
    money of ``value`` per unit of throughput; ``hold_rate`` per year.
    Raises ValueError if a quantity is negative or demand_per_day is 0.
    Source: Fetter & Dalleck 1961, Decision Models for Inventory Management.
    """
    quantities = dict(locals())
    require_positive("demand_per_day", quantities.pop("demand_per_day"))
    for name, quantity in quantities.items():
        require_nonnegative(name, quantity)
    spread = math.hypot(math.sqrt(lead_days) * demand_sd, demand_per_day * lead_sd)
    ss_units = z * spread
    cost = hold_rate * value * ss_units / (DAYS_PER_YEAR * demand_per_day)
    return {"ss_units": ss_units, "cost_per_unit": cost}


def generalised_cost(
    *,
    legs_usd: Sequence[float],
    handling_usd: float,
    border_usd: float,
    dwell_usd: float,
    value: float,
    insurance_rate: float,
    inventory_rate: float,
    decay_per_day: float,
    t_days: float,
    t_sd: float,
    headway_days: float,
    sched_usd_per_day: float,
    hold_rate: float,
    z: float,
    demand_per_day: float,
    demand_sd: float,
) -> dict[str, float]:
    """Add up what a shipper bears for one TEU on a route, in US$ per TEU.

    With W = headway / 2 and T + W the days from readiness to delivery: insurance =
    rate * value; inventory = value * rate * (T + W) / 365; decay = value * (1 -
    exp(-decay * (T + W))); schedule = cost per day * W; safety as in
    ``safety_stock_cost`` with lead T + W. ``total`` is the sum of the parts.
    Raises ValueError if a number is negative or demand_per_day is 0.
    Source: Baumol & Vinod 1970; Small 1982; Fetter & Dalleck 1961.
    """
    quantities = dict(locals())
    require_sequence("legs_usd", quantities.pop("legs_usd"))
    for leg in legs_usd:
        require_nonnegative("legs_usd", leg)
    for name, quantity in quantities.items():
        require_nonnegative(name, quantity)
    wait_days = headway_days / 2.0
    lead_days = t_days + wait_days
    safety = safety_stock_cost(
        value=value,
        hold_rate=hold_rate,
        z=z,
        lead_days=lead_days,
        lead_sd=t_sd,
        demand_per_day=demand_per_day,
        demand_sd=demand_sd,
    )
    parts = {
        "tariff": math.fsum(legs_usd),
        "handling": handling_usd,
        "border": border_usd,
        "dwell": dwell_usd,
        "insurance": insurance_rate * value,
        "inventory": value * inventory_rate * lead_days / DAYS_PER_YEAR,
        "decay": -value * math.expm1(-decay_per_day * lead_days),
        "schedule": sched_usd_per_day * wait_days,
        "safety": safety["cost_per_unit"],
    }
    return parts | {"total": math.fsum(parts.values())}
