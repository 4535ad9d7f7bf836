"""Start, opening and cost of a project, between its plan and the reference class.

The blend is linear, quantile by quantile: with weight b of the outside view, quantile u
of each result is (1 - b) times what the plan says plus b times quantile u of the
reference class. So b = 0 is the plan exactly, b = 1 the class exactly, and luck keeps
its meaning between them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from railsim.formulas.delivery import copula_pair
from railsim.project.delivery.dates import duration_years, slippage_years, start_years
from railsim.project.delivery.luck import LEAST, Lucks
from railsim.project.delivery.overruns import overruns
from railsim.scenario.schema.worth.delivery import FixedStart
from railsim.scenario.schema.worth.overruns import ReferenceClass
from railsim.scenario.schema.worth.projects import Project
from railsim.traffic import Floats


@dataclass(frozen=True, slots=True)
class Outturns:
    """Arrays over fates; decimal years."""

    start: Floats
    """Main works, slippage included."""
    opening: Floats
    """Of the line: its last section."""
    overrun: Floats
    prolonged_years: Floats
    """Main works and commissioning beyond the plan; 0 if shorter."""


def outturns(
    project: Project,
    like: ReferenceClass,
    lucks: Lucks,
    *,
    outside_view: float | None = None,
) -> Outturns:
    """What becomes of a project under many lucks.

    A start that is fixed is a decision: it shifts the plan too. Any other start is the
    plan's in the inside view. `outside_view` is the project's own unless given.
    """
    b = project.outside_view if outside_view is None else outside_view
    plan, start, shift = project.plan, project.start, project.start_shift_years
    planned = start.year if isinstance(start, FixedStart) else plan.start_year
    slipped = slippage_years(start, project.slippage, lucks.slippage)
    begun = start_years(start, lucks.start) + slipped
    u = _tied(lucks, project.cost_duration_correlation)
    lasts = duration_years(project.duration, project.commissioning_years, u)
    promised = plan.opens_year + (planned - plan.start_year)
    return Outturns(
        start=_blend(planned, begun, b) + shift,
        opening=_blend(promised, begun + lasts, b) + shift,
        overrun=overruns_of(project, like, lucks.cost, outside_view=b),
        prolonged_years=b * np.maximum(lasts - (plan.opens_year - plan.start_year), 0),
    )


def overruns_of(
    project: Project, like: ReferenceClass, u: Floats, *, outside_view: float
) -> Floats:
    """Overruns at quantiles `u` of cost, blended with the plan's, which is none."""
    outside = overruns(like, u, project.overrun_limit)
    return _blend(1.0, outside, outside_view) + project.overrun_added


def _blend(inside: float, outside: Floats, b: float) -> Floats:
    return np.asarray((1.0 - b) * inside + b * outside)


def _tied(lucks: Lucks, rho: float) -> Floats:
    """Quantiles of duration, tied to those of cost."""
    pairs = zip(lucks.cost.tolist(), lucks.duration.tolist(), strict=True)
    tied = [copula_pair(u1=u1, u2=u2, rho=rho)["v2"] for u1, u2 in pairs]
    return np.clip(tied, LEAST, 1.0 - LEAST)
