"""How many units lots count: boxes, TEU, trucks and tonnes, as moments."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import Floats
from railsim.corridor.tables import Cargo, Plan, Unit
from railsim.sharing import once_for
from railsim.units import KG_PER_TONNE


@dataclass(frozen=True, slots=True)
class Counts:
    """Units that a lot counts, a row a flow and a column a `Unit`.

    Means over lots, over TEU, and mean squares over lots.
    """

    mean: Floats
    by_teu: Floats
    square: Floats


@once_for("flows")
def counts_of_lots(plan: Plan) -> Counts:
    """What the lots of every flow count; as `engine.lots` counts them, on the mean.

    Of a lot that may hold one 40-ft box more or less the mean is taken.
    """
    found = [_counts_of_flow(plan.flows.cargo, f) for f in range(len(plan.flows.names))]
    columns = np.array(found).reshape(-1, 3, len(Unit))
    return Counts(*(columns[:, i] for i in range(3)))


def _counts_of_flow(cargo: Cargo, f: int) -> Floats:
    """Rows for means over lots, over TEU, and for mean squares."""
    sizes, chances = cargo.size_teu[f], cargo.size_probability[f]
    units = np.array([[*_units(cargo, f, n).values()] for n in sizes.tolist()])
    teu = units[:, Unit.TEU] * chances
    rows = (
        chances[:, None] * units,
        teu[:, None] * units / teu.sum(),
        chances[:, None] * units * units,
    )
    return np.array([row.sum(axis=0) for row in rows])


def _units(cargo: Cargo, f: int, teu: int) -> dict[Unit, float]:
    """In the order of `Unit`."""
    if cargo.is_bulk[f]:
        kg, truck = teu * int(cargo.kg_per_teu[f]), int(cargo.kg_per_truck[f])
        boxes, trucks = float(teu), float(-(-kg // truck))
    else:
        boxes, trucks = _boxes_and_trucks(
            float(cargo.forty_foot_share[f]), teu, is_heavy=bool(cargo.is_heavy[f])
        )
    return {
        Unit.ONE: 1.0,
        Unit.BOX: boxes,
        Unit.TEU: float(teu),
        Unit.TRUCK: trucks,
        Unit.TONNE: teu * float(cargo.kg_per_teu[f]) / KG_PER_TONNE,
    }


def _boxes_and_trucks(share: float, teu: int, *, is_heavy: bool) -> tuple[float, float]:
    """The number of 40-ft boxes is rounded up or down by chance, to keep the share."""
    wanted = share * teu / 2.0
    low, chance = math.floor(wanted), wanted - math.floor(wanted)
    boxes = trucks = 0.0
    for forty, p in ((low, 1.0 - chance), (low + 1, chance)):
        forty_ft = min(forty, teu // 2)
        twenty = teu - 2 * forty_ft
        boxes += p * (forty_ft + twenty)
        trucks += p * (forty_ft + (twenty if is_heavy else (twenty + 1) // 2))
    return boxes, trucks
