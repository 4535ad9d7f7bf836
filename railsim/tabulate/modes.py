"""What flows send by each mode, and at what cost: for the rule of a half as a check."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from railsim.appraisal.effects.users import ModeUse
from railsim.corridor.arrays import floats, ints, sums
from railsim.tabulate.years import YearTables

COLUMNS = ("flow", "mode", "teu", "generalised_cost_usd_per_teu")


def mode_uses_of(tables: Sequence[YearTables]) -> dict[tuple[str, str], ModeUse]:
    """Flow and mode -> TEU and mean generalised cost, a number a table.

    The mean is over the TEU of the mode's routes; NaN where the mode carries nothing.
    """
    places: dict[tuple[str, str], int] = {}
    flow, mode, *numbers = (
        [cell for table in tables for cell in table.routes.cells(name)]
        for name in COLUMNS
    )
    keys = zip(flow, mode, strict=True)
    own = ints(places.setdefault(key, len(places)) for key in keys)
    year = np.repeat(np.arange(len(tables)), [len(table.routes) for table in tables])
    amount, cost = map(floats, numbers)
    spent = np.where(amount > 0.0, amount * cost, 0.0)
    shape = (len(places), len(tables))
    teu, usd = (
        sums(own * shape[1] + year, each, shape[0] * shape[1]).reshape(shape)
        for each in (amount, spent)
    )
    mean = np.divide(usd, teu, out=np.full(shape, np.nan), where=teu > 0.0)
    return {key: ModeUse(teu[k], mean[k]) for key, k in places.items()}
