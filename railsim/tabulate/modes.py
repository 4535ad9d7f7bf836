"""What flows send by each mode, and at what cost: for the rule of a half as a check."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from railsim.appraisal.effects.users import ModeUse
from railsim.tabulate.years import YearTables
from railsim.traffic import Floats

COLUMNS = ("flow", "mode", "teu", "generalised_cost_usd_per_teu")


def mode_uses_of(tables: Sequence[YearTables]) -> dict[tuple[str, str], ModeUse]:
    """Flow and mode -> TEU and mean generalised cost, a number a table.

    The mean is over the TEU of the mode's routes; NaN where the mode carries nothing.
    """
    amounts: dict[tuple[str, str], tuple[Floats, Floats]] = {}
    for y, table in enumerate(tables):
        columns = (table.routes.cells(name) for name in COLUMNS)
        for flow, mode, carried, cost in zip(*columns, strict=True):
            zeros = (np.zeros(len(tables)), np.zeros(len(tables)))
            teu, usd = amounts.setdefault((flow, mode), zeros)
            if carried > 0.0:
                teu[y] += carried
                usd[y] += carried * cost
    return {
        key: ModeUse(
            teu, np.divide(usd, teu, out=np.full_like(teu, np.nan), where=teu > 0.0)
        )
        for key, (teu, usd) in amounts.items()
    }
