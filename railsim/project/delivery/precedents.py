"""Checks against what is known: official spending plans, ramp-up of other lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from railsim.project.delivery.spending import spent_by
from railsim.scenario.schema.worth.delivery import Curve
from railsim.traffic import Floats


def share_spent(curve: Curve, start: float, works_years: float, by: float) -> float:
    """Share of a cost spent by a decimal year, works beginning at `start`."""
    spent = spent_by(curve, start, start + works_years, np.array([by]))
    return float(spent[0])


def works_years_for(curve: Curve, start: float, share: float, by: float) -> float:
    """How long works may last so that a share inside 0 to 1 is spent by a decimal year.

    Raises ValueError if `by` is not after `start` or the share not inside 0 to 1.
    """
    if by <= start or not 0.0 < share < 1.0:
        raise ValueError("needs a share inside 0 to 1 spent after the start")

    def excess(reached: float) -> float:
        return share_spent(curve, 0.0, 1.0, reached) - share

    return (by - start) / float(brentq(excess, 0.0, 1.0, xtol=1e-12))


@dataclass(frozen=True, slots=True)
class RampFit:
    """Traffic Q (1 - exp(-t / ramp_years)) fitted to observations."""

    mature: float
    """Q, in the unit of the observations."""
    ramp_years: float
    rms_error: float
    greatest_error: float


def fit_ramp(years: Sequence[float], observed: Sequence[float]) -> RampFit:
    """Least squares over years since opening; for a given ramp Q has a closed form."""
    t, q = np.array(years), np.array(observed)

    def squares(ramp_years: float) -> float:
        return float(np.sum(_misses(t, q, ramp_years) ** 2))

    best = minimize_scalar(
        squares, bounds=(1e-3, 100.0), method="bounded", options={"xatol": 1e-10}
    )
    ramp_years = float(best.x)
    misses = _misses(t, q, ramp_years)
    return RampFit(
        mature=_mature(t, q, ramp_years),
        ramp_years=ramp_years,
        rms_error=float(np.sqrt(np.mean(misses**2))),
        greatest_error=float(np.max(np.abs(misses))),
    )


def _mature(t: Floats, q: Floats, ramp_years: float) -> float:
    risen = -np.expm1(-t / ramp_years)
    return float(q @ risen / (risen @ risen))


def _misses(t: Floats, q: Floats, ramp_years: float) -> Floats:
    risen = -np.expm1(-t / ramp_years)
    return np.asarray(q - _mature(t, q, ramp_years) * risen)
