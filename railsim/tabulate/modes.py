"""What flows send by each mode, and at what cost: for the rule of a half as a check."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from railsim.appraisal.effects.users import ModeUse
from railsim.tabulate.years import YearTables
from railsim.traffic import Floats


def mode_uses_of(tables: Sequence[YearTables]) -> dict[tuple[str, str], ModeUse]:
    """Flow and mode -> TEU and mean generalised cost, a number a table.

    The mean is over the TEU of the mode's routes; NaN where the mode carries nothing.
    """
    amounts: dict[tuple[str, str], tuple[Floats, Floats]] = {}
    for y, table in enumerate(tables):
        for row in table.routes:
            zeros = (np.zeros(len(tables)), np.zeros(len(tables)))
            teu, usd = amounts.setdefault((row.flow, row.mode), zeros)
            if row.teu > 0.0:
                teu[y] += row.teu
                usd[y] += row.teu * row.generalised_cost_usd_per_teu
    return {
        key: ModeUse(
            teu, np.divide(usd, teu, out=np.full_like(teu, np.nan), where=teu > 0.0)
        )
        for key, (teu, usd) in amounts.items()
    }
