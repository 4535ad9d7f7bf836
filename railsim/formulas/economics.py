"""What a project is worth to society: surplus, net present value, what would tip it.

Values are in constant money at economic prices; benefits are measured with and
without the project (ADB 2017, Guidelines for the Economic Analysis of Projects).
"""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TypedDict, cast, overload

from railsim.formulas.checks import (
    require_count,
    require_finite,
    require_nonnegative,
    require_positive,
    require_same_length,
    require_sequence,
)
from railsim.formulas.choice import logsumexp, utilities
from railsim.formulas.discounting import (
    irr_all,
    npv,
    require_numbers,
    require_rate,
)

ROUNDING = 1e-9


class ListedSwitches(TypedDict):
    """Net present value and the switching value of each item, in order."""

    enpv: float
    switch: list[float]


class NamedSwitches(TypedDict):
    """Net present value and the switching value of each named item."""

    enpv: float
    switch: dict[str, float]


def rule_of_half(*, q0: float, q1: float, gc0: float, gc1: float) -> dict[str, float]:
    """Value a cheaper route to those who used it and to those it draws.

    existing = q0 (gc0 - gc1); generated = (q1 - q0)(gc0 - gc1) / 2; total = (q0 +
    q1)(gc0 - gc1) / 2; ``q`` in TEU, ``gc`` in US$ per TEU, answers in US$.
    Raises ValueError if a quantity is negative or a cost is not finite.
    Source: Jara-Diaz & Friesz 1982; Williams 1977.
    """
    require_nonnegative("q0", q0)
    require_nonnegative("q1", q1)
    require_finite("gc0", gc0)
    require_finite("gc1", gc1)
    saving = gc0 - gc1
    return {
        "existing": q0 * saving,
        "generated": (q1 - q0) * saving / 2.0,
        "total": (q0 + q1) * saving / 2.0,
    }


def logsum_surplus(
    *,
    gc0: Sequence[float],
    asc0: Sequence[float],
    gc1: Sequence[float],
    asc1: Sequence[float],
    theta: float,
    trips: float,
) -> dict[str, float]:
    """Value a change of routes, new ones included, by the logsum of the logit.

    per_teu = (LS1 - LS0) / theta, LS = ln sum exp(asc - theta * gc); total = per_teu
    * trips; ``gc`` in US$ per TEU, ``theta`` utils per US$, answers in US$.
    Raises ValueError if there is no route before or after, lengths differ, theta is
    not positive or trips negative.
    Source: Small & Rosen 1981; Williams 1977.
    """
    require_positive("theta", theta)
    require_nonnegative("trips", trips)
    logsums = []
    for costs, constants, when in ((gc0, asc0, "0"), (gc1, asc1, "1")):
        require_sequence(f"gc{when}", costs)
        require_sequence(f"asc{when}", constants)
        require_same_length(**{f"gc{when}": costs, f"asc{when}": constants})
        if len(costs) == 0:
            raise ValueError(f"gc{when} must name at least one route, found none")
        require_numbers(f"gc{when}", costs)
        require_numbers(f"asc{when}", constants)
        logsums.append(logsumexp(utilities(gc=costs, asc=constants, theta=theta)))
    per_teu = (logsums[1] - logsums[0]) / theta
    return {"per_teu": per_teu, "total": per_teu * trips}


def enpv_eirr(
    *,
    capex: Sequence[float],
    om_first: float,
    om_growth: float,
    ben_first: float,
    ben_growth: float,
    ben_switch_after: int,
    ben_growth2: float,
    n_oper: int,
    residual_share: float,
    rate: float,
) -> dict[str, float]:
    """Appraise a stylised project: building years, then years of benefits and upkeep.

    Years 0 .. n - 1 spend ``capex``, the next ``n_oper`` earn benefits less upkeep;
    benefits grow by ``ben_growth`` into operating years 1 .. ``ben_switch_after``
    (counted from 0), by ``ben_growth2`` after; upkeep by ``om_growth``. The last
    year adds residual_share * sum of capex. Money in, money out; rates per year.
    ``eirr`` is NaN unless exactly one rate makes the flows worth nothing.
    Raises ValueError if a number is out of range or there is no year of either kind.
    Source: ADB 2017.
    """
    require_sequence("capex", capex)
    if len(capex) == 0:
        raise ValueError("capex must have at least one year, found none")
    for outlay in capex:
        require_nonnegative("capex", outlay)
    require_nonnegative("om_first", om_first)
    require_nonnegative("ben_first", ben_first)
    for name, growth in (
        ("om_growth", om_growth),
        ("ben_growth", ben_growth),
        ("ben_growth2", ben_growth2),
    ):
        require_rate(name, growth)
    require_count("ben_switch_after", ben_switch_after, 0)
    require_count("n_oper", n_oper, 1)
    require_nonnegative("residual_share", residual_share)
    flows = [-float(outlay) for outlay in capex]
    for j in range(int(n_oper)):
        early = min(j, ben_switch_after)
        benefit = ben_first * (1.0 + ben_growth) ** early
        benefit *= (1.0 + ben_growth2) ** (j - early)
        flows.append(benefit - om_first * (1.0 + om_growth) ** j)
    flows[-1] += residual_share * math.fsum(capex)
    return appraise_flows(flows, rate)


def appraise_flows(flows: Sequence[float], rate: float) -> dict[str, float]:
    """Return the three present values, the internal rate and the plain sum."""
    roots = irr_all(cashflows=flows)
    return {
        "enpv_start": npv(rate=rate, cashflows=flows, convention="start"),
        "enpv_mid": npv(rate=rate, cashflows=flows, convention="mid"),
        "enpv_end": npv(rate=rate, cashflows=flows, convention="end"),
        "eirr": roots[0] if len(roots) == 1 else math.nan,
        "undiscounted": math.fsum(flows),
    }


@overload
def switching_values(*, pv: Sequence[float]) -> ListedSwitches: ...


@overload
def switching_values(*, pv: Mapping[str, float]) -> NamedSwitches: ...


def switching_values(
    *, pv: Sequence[float] | Mapping[str, float]
) -> ListedSwitches | NamedSwitches:
    """Tell by what share each item must change to bring the net value to nothing.

    ``pv`` signed present values, costs negative, listed or by name; enpv = sum pv;
    switch = -enpv / pv as a fraction, infinite for an item worth 0 (0 where enpv is
    0 too); no items give enpv 0 and nothing to switch.
    Raises ValueError if a value is not a finite number.
    Source: ADB 2017, sensitivity analysis.
    """
    values = list(pv.values()) if isinstance(pv, Mapping) else pv
    require_numbers("pv", values)
    enpv = math.fsum(values)
    switches = [find_switch(enpv, value) for value in values]
    if isinstance(pv, Mapping):
        return NamedSwitches(enpv=enpv, switch=dict(zip(pv, switches, strict=True)))
    return ListedSwitches(enpv=enpv, switch=switches)


def find_switch(enpv: float, value: float) -> float:
    """Return the relative change of one item that cancels the net value."""
    if enpv == 0:
        return 0.0
    return -enpv / value if value != 0 else math.inf


def residual_value(*, assets: Sequence[Sequence[float | None]], age: float) -> float:
    """Add up what assets renewed at the end of each life are worth at an age.

    ``assets`` [cost, life in years], life None or infinite for land, which keeps its
    cost; sum cost * (life - age since renewal) / life, with 0 for an asset exactly
    at the end of a life (not renewed in the last year). In the money of the costs.
    Raises ValueError if age or a cost is negative or a life not positive.
    Source: ADB 2017, straight-line residual values.
    """
    require_nonnegative("age", age)
    require_sequence("assets", assets)
    worths = []
    for asset in assets:
        require_sequence("assets", asset, 2)
        cost, life = asset
        require_nonnegative("assets", cost)
        if life is not None and life != math.inf:
            require_positive("assets", life)
        worths.append(cast(float, cost) * remaining_share(life, age))
    return math.fsum(worths)


def remaining_share(life: float | None, age: float) -> float:
    """Return the share of its present life an asset has left."""
    if life is None or life == math.inf or age == 0:
        return 1.0
    if abs(math.remainder(age, life)) <= ROUNDING * life and age > ROUNDING * life:
        return 0.0
    return 1.0 - math.fmod(age, life) / life


def carbon_price(
    *, year: float, anchors: Sequence[Sequence[float]], growth_after: float
) -> float:
    """Read the price of carbon in a year off a path through anchors.

    ``anchors`` [year, price], years ascending; flat before the first, geometric
    between, growing by ``growth_after`` per year after the last; US$ per t CO2e.
    Raises ValueError if there is no anchor, years do not ascend, a price is not
    positive or the growth not above -1.
    Source: High-Level Commission on Carbon Prices 2017; World Bank 2017.
    """
    require_finite("year", year)
    require_rate("growth_after", growth_after)
    check_anchors(anchors)
    last_year, last_price = anchors[-1]
    if year <= anchors[0][0]:
        return float(anchors[0][1])
    if year >= last_year:
        return float(last_price * (1.0 + growth_after) ** (year - last_year))
    after = next(i for i, anchor in enumerate(anchors) if anchor[0] > year)
    (year0, price0), (year1, price1) = anchors[after - 1], anchors[after]
    share = (year - year0) / (year1 - year0)
    return float(price0 * (price1 / price0) ** share)


def check_anchors(anchors: Sequence[Sequence[float]]) -> None:
    """Demand [year, positive price] pairs with ascending years."""
    require_sequence("anchors", anchors)
    if len(anchors) == 0:
        raise ValueError("anchors must have at least one pair, found none")
    for anchor in anchors:
        require_sequence("anchors", anchor, 2)
        require_finite("anchors", anchor[0])
        require_positive("anchors", anchor[1])
    years = [anchor[0] for anchor in anchors]
    if any(early >= late for early, late in pairwise(years)):
        raise ValueError(f"anchors must have ascending years, found {years}")
