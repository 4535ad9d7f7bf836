"""Which input matters: Sobol indices by Jansen's estimator, and functions to test it.

S is the share of variance an input explains alone, ST what it explains with all its
interactions (Saltelli et al. 2010). Of a difference between two states of all inputs,
Shapley's values are how much each input caused.
"""

import math
from collections.abc import Callable, Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from railsim.formulas.checks import (
    require_finite,
    require_nonnegative,
    require_sequence,
)

Array = NDArray[np.float64]
ISHIGAMI_A, ISHIGAMI_B = 7.0, 0.1


class SobolEstimate(TypedDict):
    """Variance and, per input, first-order and total indices."""

    variance: float
    S: list[float]
    ST: list[float]


class GFunctionIndices(TypedDict):
    """Variance and, per input, first-order and total indices."""

    V: float
    S: list[float]
    ST: list[float]


def sobol_jansen(
    *,
    A: Sequence[Sequence[float]],  # noqa: N803 - the literature's name
    B: Sequence[Sequence[float]],  # noqa: N803 - the literature's name
    function: str,
) -> SobolEstimate:
    """Estimate the Sobol indices of a test function from two sample matrices.

    ``A``, ``B`` N rows of three inputs as the function takes them; ``function``
    "linear" = x1 + 2 x2 + 3 x3, or "ishigami" = sin x1 + 7 sin^2 x2 + 0.1 x3^4
    sin x1 with inputs in radians, -pi to pi. See ``jansen_indices``.
    Raises ValueError if the function is unknown, the matrices differ in shape, or
    the outputs do not vary.
    Source: Jansen 1999; Saltelli et al. 2010.
    """
    if function not in list(TEST_FUNCTIONS):
        raise ValueError(
            f"function must be one of {sorted(TEST_FUNCTIONS)}, found {function!r}"
        )
    evaluate = TEST_FUNCTIONS[function]
    first, second = read_matrix("A", A), read_matrix("B", B)
    if first.shape != second.shape:
        raise ValueError(f"B must have {len(first)} rows as A, found {len(second)}")
    mixed = []
    for column in range(first.shape[1]):
        swapped = first.copy()
        swapped[:, column] = second[:, column]
        mixed.append(evaluate(swapped))
    return jansen_indices(evaluate(first), evaluate(second), mixed)


def read_matrix(name: str, rows: Sequence[Sequence[float]]) -> Array:
    """Turn rows of three finite numbers into an array."""
    require_sequence(name, rows)
    for row in rows:
        require_sequence(name, row, 3)
        for value in row:
            require_finite(name, value)
    if len(rows) == 0:
        raise ValueError(f"{name} must have at least one row, found none")
    return np.asarray(rows, dtype=np.float64)


def jansen_indices(f_a: Array, f_b: Array, f_ab: Sequence[Array]) -> SobolEstimate:
    """Estimate Sobol indices from outputs at A, at B and at A with one column of B.

    V the population variance of f(A) and f(B) together; S_i = 1 - sum (f(B) -
    f(AB_i))^2 / (2 N V), ST_i = sum (f(A) - f(AB_i))^2 / (2 N V).
    Raises ValueError if the outputs do not vary. Source: Jansen 1999.
    """
    even = np.full((1, len(f_a)), 1.0 / len(f_a))
    variance, first, total = weighted_jansen(f_a, f_b, f_ab, even)
    if variance[0] == 0:
        raise ValueError("A and B must make the outputs vary, found one value")
    return {
        "variance": float(variance[0]),
        "S": first[0].tolist(),
        "ST": total[0].tolist(),
    }


def weighted_jansen(
    f_a: Array, f_b: Array, f_ab: Sequence[Array], weights: Array
) -> tuple[Array, Array, Array]:
    """Estimate Sobol indices under each row of weights; see ``jansen_indices``.

    ``weights`` rows x base points, each row summing to 1. Variance by row, first and
    total indices rows x inputs; not a number where a row has no variance.
    """
    middle = (float(np.mean(f_a)) + float(np.mean(f_b))) / 2.0
    both = np.stack([f_a - middle, f_b - middle])
    mean = weights @ both.mean(axis=0)
    variance = np.maximum(weights @ (both**2).mean(axis=0) - mean**2, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = 2.0 * variance[:, None]
        first = 1.0 - weights @ np.stack([(f_b - f) ** 2 for f in f_ab]).T / scale
        total = weights @ np.stack([(f_a - f) ** 2 for f in f_ab]).T / scale
    return variance, first, total


def evaluate_linear(x: Array) -> Array:
    """Return x1 + 2 x2 + 3 x3 of each row."""
    return x[:, 0] + 2.0 * x[:, 1] + 3.0 * x[:, 2]


def evaluate_ishigami(x: Array) -> Array:
    """Return the Ishigami function of each row, a = 7 and b = 0.1."""
    wave = np.sin(x[:, 0]) * (1.0 + ISHIGAMI_B * x[:, 2] ** 4)
    return np.asarray(wave + ISHIGAMI_A * np.sin(x[:, 1]) ** 2, dtype=np.float64)


TEST_FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "ishigami": evaluate_ishigami,
    "linear": evaluate_linear,
}


def ishigami_indices(*, a: float, b: float) -> dict[str, float]:
    """Give the exact Sobol indices of sin x1 + a sin^2 x2 + b x3^4 sin x1.

    Inputs uniform from -pi to pi; V = V1 + V2 + V13 with V1 = (1 + b pi^4 / 5)^2 /
    2, V2 = a^2 / 8, V13 = 8 b^2 pi^8 / 225.
    Raises ValueError if a or b is not a finite number.
    Source: Ishigami & Homma 1990.
    """
    require_finite("a", a)
    require_finite("b", b)
    alone = (1.0 + b * math.pi**4 / 5.0) ** 2 / 2.0
    second = a * a / 8.0
    joint = 8.0 * b * b * math.pi**8 / 225.0
    variance = math.fsum((alone, second, joint))
    return {
        "V": variance,
        "S1": alone / variance,
        "S2": second / variance,
        "S3": 0.0,
        "ST1": (alone + joint) / variance,
        "ST2": second / variance,
        "ST3": joint / variance,
    }


def gfunction_indices(*, a: Sequence[float]) -> GFunctionIndices:
    """Give the exact Sobol indices of the g-function prod (|4 x - 2| + a) / (1 + a).

    Inputs uniform from 0 to 1; V_i = 1 / (3 (1 + a_i)^2), V = prod (1 + V_i) - 1,
    S_i = V_i / V, ST_i = V_i prod_{j != i} (1 + V_j) / V.
    Raises ValueError if a is empty or has a negative number.
    Source: Saltelli & Sobol 1995.
    """
    require_sequence("a", a)
    if len(a) == 0:
        raise ValueError("a must have at least one number, found none")
    for value in a:
        require_nonnegative("a", value)
    parts = [1.0 / (3.0 * (1.0 + value) ** 2) for value in a]
    growth = math.fsum(math.log1p(part) for part in parts)
    variance = math.expm1(growth)
    totals = [part / (1.0 + part) * (1.0 + variance) / variance for part in parts]
    return {"V": variance, "S": [part / variance for part in parts], "ST": totals}


def shapley_values(worths: Array) -> Array:
    """Divide the worth of all players together among them.

    ``worths`` axis 0 has a worth for each of the 2^n sets of players: row m is of the
    players whose bit is set in m, row 0 of nobody. Other axes are kept. Returns n rows
    that sum to ``worths[-1] - worths[0]``.
    Raises ValueError unless the rows are a power of two.
    Source: Shapley 1953, A Value for n-Person Games.
    """
    rows = len(worths)
    count = rows.bit_length() - 1
    if rows < 1 or rows != 1 << count:
        raise ValueError(f"worths must have 2^n rows, found {rows}")
    sets = np.arange(rows)
    sizes = np.array([m.bit_count() for m in range(rows)])
    shares = []
    for player in range(count):
        without = sets[sets >> player & 1 == 0]
        gains = worths[without | 1 << player] - worths[without]
        orders = [math.comb(count - 1, size) for size in sizes[without].tolist()]
        shares.append(np.tensordot(1.0 / (count * np.array(orders)), gains, axes=1))
    return np.array(shares).reshape(count, *worths.shape[1:])
