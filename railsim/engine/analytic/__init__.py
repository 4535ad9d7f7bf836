"""The analytic fidelity: a year by closed forms and a fixed point, no lot is followed.

`prepare_year` reads a plan, `solve` finds lots and delays that agree, `serve` says what
the year offered in the terms of the engines.
"""

from railsim.engine.analytic.building import Year, prepare_year
from railsim.engine.analytic.kappas import Kappa
from railsim.engine.analytic.serving import serve, serve_routes
from railsim.engine.analytic.solving import ENTRIES, Solution, answer, solve
from railsim.engine.analytic.years import AnalyticYears

__all__ = [
    "ENTRIES",
    "AnalyticYears",
    "Kappa",
    "Solution",
    "Year",
    "answer",
    "prepare_year",
    "serve",
    "serve_routes",
    "solve",
]
