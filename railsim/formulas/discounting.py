"""Money at different dates: present values, internal rates and day counts.

Rates are per period, flows one per period starting now (Brealey, Myers & Allen 2020).
"""

import calendar
import math
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from railsim.formulas.checks import (
    require_finite,
    require_sequence,
)

CONVENTIONS = {"start": 0.0, "mid": 0.5, "end": 1.0}
ROOT_ROUNDING = 1e-15  # per flow, of the sum of sizes: what rounding may leave
NEARLY_REAL = 1e-2  # close roots come out as pairs with a small imaginary part
LONGEST_SHIFTED = 300  # flows; binomials of more grow past all bounds
EPSILON = float(np.finfo(np.float64).eps)
TINIEST = 1e-100  # of the largest flow; less is nothing


def require_rate(name: str, value: object) -> None:
    """Accept a rate per period above -1, at which money still has a value."""
    require_finite(name, value)
    if value <= -1:  # type: ignore[operator]
        raise ValueError(f"{name} must be greater than -1, found {value}")


def require_numbers(name: str, values: Sequence[float]) -> None:
    """Accept a sequence of finite numbers, empty included."""
    require_sequence(name, values)
    for value in values:
        require_finite(name, value)


def npv(*, rate: float, cashflows: Sequence[float], convention: str) -> float:
    """Discount flows of successive periods to the start of the first.

    sum cf_t / (1 + rate)^(t + shift), t = 0, 1, ...; ``convention`` "start" (shift
    0), "mid" (0.5) or "end" (1); ``rate`` per period; no flows are worth 0.
    Raises ValueError if the rate is not above -1 or the convention unknown.
    Source: Brealey, Myers & Allen 2020; ADB 2017 for the conventions.
    """
    require_rate("rate", rate)
    require_numbers("cashflows", cashflows)
    if convention not in list(CONVENTIONS):
        raise ValueError(
            f"convention must be one of {sorted(CONVENTIONS)}, found {convention!r}"
        )
    shift = CONVENTIONS[convention]
    worth = present_value(cashflows, rate)
    return worth * math.exp(-shift * math.log1p(rate))


def present_value(cashflows: Sequence[float], rate: float) -> float:
    """Discount to the date of the first flow, from the last flow backwards."""
    factor = 1.0 / (1.0 + rate)
    worth = 0.0
    for flow in reversed(cashflows):
        worth = worth * factor + flow
    return float(worth)


def irr_all(*, cashflows: Sequence[float]) -> list[float]:
    """Find every rate per period above -1 at which the flows are worth nothing.

    Roots of sum cf_t x^t = 0 with x = 1 / (1 + r) > 0, ascending in r, a multiple
    root once. The turning points of the polynomial, from the companion matrix of its
    derivative, split the axis so that each part holds one root at most; Brent's
    method finds it. Flows without a change of sign have none: an empty list.
    Raises ValueError if a flow is not a finite number.
    Source: Brent 1973; Horn & Johnson 1985 (companion matrix); Lin 1976.
    """
    require_numbers("cashflows", cashflows)
    flows = np.asarray(cashflows, dtype=np.float64)
    flows = flows / max(np.max(np.abs(flows), initial=0.0), TINIEST)
    flows[np.abs(flows) < TINIEST] = 0.0
    places = np.flatnonzero(flows)
    flows = flows[places[0] : places[-1] + 1] if len(places) else flows[:0]
    signs = np.sign(flows[flows != 0])
    changes = int(np.count_nonzero(signs[1:] != signs[:-1]))
    if changes == 0:
        return []
    coefficients = [float(flow) for flow in flows]
    points = bound_roots(coefficients)
    if changes > 1 and not has_one_root(flows):  # one change: Descartes promises one
        points[1:1] = find_turning_points(coefficients)
    roots = [growth_rate(y) for y in find_log_roots(coefficients, points)]
    return sorted(root for root in roots if root > -1)


def has_one_root(coefficients: NDArray[np.float64]) -> bool:
    """Whether the theorem of Budan proves that there is just one positive root.

    Changes of sign bound the roots in (1, inf) after a shift by 1, those in (0, 1)
    after reversing and shifting; a sign that rounding may have made proves nothing.
    """
    count = len(coefficients)
    if count > LONGEST_SHIFTED:
        return False
    shift = pascal_triangle(count)
    both = np.stack([coefficients, coefficients[::-1]], axis=1)
    shifted = shift @ both
    doubt = shift @ np.abs(both) * (4 * count * EPSILON)
    if (np.abs(shifted) <= doubt).any():
        return False
    is_above = shifted > 0.0
    return int(np.count_nonzero(is_above[1:] != is_above[:-1])) == 1


@lru_cache(16)
def pascal_triangle(count: int) -> NDArray[np.float64]:
    """Binomials C(j, i) in row i and column j: the shift of a polynomial by 1."""
    rows = [[float(math.comb(j, i)) for j in range(count)] for i in range(count)]
    return np.array(rows)


def growth_rate(y: float) -> float:
    """Turn y = ln x into r = 1 / x - 1 without losing digits near 0."""
    return math.expm1(-y) + 0.0  # never -0.0


def bound_roots(coefficients: Sequence[float]) -> list[float]:
    """Enclose every ln x of a positive root by Cauchy's bounds."""
    sizes = [abs(value) for value in coefficients]
    low = -math.log1p(max(sizes) / sizes[0])
    high = math.log1p(max(sizes) / sizes[-1])
    return [low, high]


def find_turning_points(coefficients: Sequence[float]) -> list[float]:
    """Return ln x, ascending, where the polynomial may turn."""
    slope = np.polynomial.polynomial.polyder(np.asarray(coefficients))
    zeros = np.polynomial.polynomial.polyroots(np.trim_zeros(slope, "b"))
    real = zeros.real[(zeros.real > 0) & (abs(zeros.imag) <= NEARLY_REAL * abs(zeros))]
    low, high = bound_roots(coefficients)
    polished = (polish_turning_point(coefficients, math.log(x)) for x in real)
    return sorted({y for y in polished if low < y < high})


def polish_turning_point(coefficients: Sequence[float], y: float) -> float:
    """Sharpen a turning point by Newton's steps, unless they lead away."""
    start = y
    for _ in range(8):
        first, second = differentiate(coefficients, y)
        if second == 0 or abs(first / second) > 1:
            return start
        y -= first / second
    return y if abs(y - start) < 0.1 else start


def differentiate(coefficients: Sequence[float], y: float) -> tuple[float, float]:
    """Return sum t c x^t and its slope in y = ln x, scaled against overflow."""
    last = len(coefficients) - 1
    anchor = last if y > 0 else 0
    terms = [(t, c * math.exp((t - anchor) * y)) for t, c in enumerate(coefficients)]
    return math.fsum(t * term for t, term in terms), math.fsum(
        t * t * term for t, term in terms
    )


def evaluate(coefficients: Sequence[float], y: float) -> float:
    """Return sum c x^t at x = exp(y), over the highest power of x if that is large."""
    x = math.exp(-abs(y))
    total = 0.0
    for value in coefficients if y > 0 else reversed(coefficients):
        total = total * x + value
    return total


def find_log_roots(
    coefficients: Sequence[float], points: Sequence[float]
) -> list[float]:
    """Find one root in each part whose ends differ in sign, and roots at the ends."""
    sizes = [abs(value) for value in coefficients]
    slack = ROOT_ROUNDING * len(sizes)
    roots = []
    before: tuple[float, float] | None = None
    for y in points:
        value = evaluate(coefficients, y)
        if abs(value) <= slack * evaluate(sizes, y):
            roots.append(y)
            before = None
            continue
        if before is not None and before[1] * value < 0:
            roots.append(solve_between(coefficients, before[0], y))
        before = (y, value)
    return roots


def solve_between(coefficients: Sequence[float], low: float, high: float) -> float:
    """Return the root between two points of different sign."""
    root = brentq(
        lambda y: evaluate(coefficients, y), low, high, xtol=1e-15, maxiter=1000
    )
    return float(root)


def mirr(
    *, cashflows: Sequence[float], finance_rate: float, reinvest_rate: float
) -> float:
    """Give the rate which turns all outlays into all receipts at two market rates.

    (receipts compounded at ``reinvest_rate`` to the end / outlays discounted at
    ``finance_rate`` to the start)^(1 / n) - 1, n = number of flows - 1; per period.
    Raises ValueError if the flows lack an outlay or a receipt, or a rate is not
    above -1.
    Source: Lin 1976, The Modified Internal Rate of Return.
    """
    require_numbers("cashflows", cashflows)
    require_rate("finance_rate", finance_rate)
    require_rate("reinvest_rate", reinvest_rate)
    receipts = present_value([max(flow, 0.0) for flow in cashflows], reinvest_rate)
    outlays = present_value([max(-flow, 0.0) for flow in cashflows], finance_rate)
    if receipts <= 0 or outlays <= 0:
        raise ValueError("cashflows must have an outlay and a receipt")
    periods = len(cashflows) - 1
    growth = math.log(receipts / outlays) / periods + math.log1p(reinvest_rate)
    return math.expm1(growth)


def year_fraction(*, start: str | date, end: str | date, basis: str) -> float:
    """Measure the time between two dates in years of a day-count basis.

    ``start``, ``end`` ISO dates; ``basis`` "ACT/360", "ACT/365F", "30E/360" (each
    day at most 30) or "ACT/ACT ISDA", also "ACT/ACT" (days in leap years over 366,
    others over 365).
    Raises ValueError if a date is not ISO, the end is before the start, or the basis
    is unknown.
    Source: ISDA 2006 Definitions, section 4.16.
    """
    first, last = read_day("start", start), read_day("end", end)
    if last < first:
        raise ValueError(f"end must not be before {first}, found {last}")
    days = (last - first).days
    match basis:
        case "ACT/360":
            return days / 360.0
        case "ACT/365F":
            return days / 365.0
        case "30E/360":
            months = 12 * (last.year - first.year) + last.month - first.month
            return (30 * months + min(last.day, 30) - min(first.day, 30)) / 360.0
        case "ACT/ACT ISDA" | "ACT/ACT":
            return math.fsum(split_by_year(first, last))
    known = "ACT/360, ACT/365F, 30E/360 or ACT/ACT ISDA"
    raise ValueError(f"basis must be {known}, found {basis!r}")


def read_day(name: str, value: str | date) -> date:
    """Read an ISO date, naming the argument if it is none."""
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(f"{name} must be an ISO date, found {value!r}") from error


def split_by_year(first: date, last: date) -> list[float]:
    """Return the share of each calendar year between two dates."""
    shares = []
    for year in range(first.year, last.year + 1):
        begin = max(first.toordinal(), date(year, 1, 1).toordinal())
        end = min(last.toordinal(), date(year, 12, 31).toordinal() + 1)
        shares.append((end - begin) / (366.0 if calendar.isleap(year) else 365.0))
    return shares
