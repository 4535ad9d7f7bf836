"""The reference engine: a year in SimPy, written to be read.

Read `simulation` first, then the lives of `lots` and `vehicles`, then the six `words`;
`resources`, `platform` and `track` say who may go on and in which order.
"""

from railsim.engine.reference.simulation import pages, simulate

__all__ = ["pages", "simulate"]
