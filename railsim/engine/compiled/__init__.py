"""The compiled engine: the reference engine's rules on tables, with numba.

Read `tables` first, then `loop`, the `lives` of units and what the `words` do; the
reference engine is the truth and says why.
"""

from railsim.engine.compiled.simulation import ENTRIES, pages, simulate

__all__ = ["ENTRIES", "pages", "simulate"]
