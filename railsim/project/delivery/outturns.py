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
    plan, start = project.plan, project.start
    planned = start.year if isinstance(start, FixedStart) else plan.start_year
    slipped = slippage_years(start, project.slippage, lucks.slippage)
    begun = start_years(start, lucks.start) + slipped
    u = _tied(lucks, project.cost_duration_correlation)
    lasts = duration_years(project.duration, project.commissioning_years, u)
    promised = plan.opens_year + (planned - plan.start_year)
    return Outturns(
        start=_blend(planned, begun, b),
        opening=_blend(promised, begun + lasts, b),
        overrun=_blend(1.0, overruns(like, lucks.cost, project.overrun_limit), b),
        prolonged_years=b * np.maximum(lasts - (plan.opens_year - plan.start_year), 0),
    )


def _blend(inside: float, outside: Floats, b: float) -> Floats:
    return np.asarray((1.0 - b) * inside + b * outside)


def _tied(lucks: Lucks, rho: float) -> Floats:
    """Quantiles of duration, tied to those of cost."""
    pairs = zip(lucks.cost.tolist(), lucks.duration.tolist(), strict=True)
    tied = [copula_pair(u1=u1, u2=u2, rho=rho)["v2"] for u1, u2 in pairs]
    return np.clip(tied, LEAST, 1.0 - LEAST)
