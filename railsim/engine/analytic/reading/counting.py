"""How many units lots count: boxes, TEU, trucks and tonnes, as moments."""

from __future__ import annotations

import math
from dataclasses import dataclass

from railsim.corridor.tables import Cargo, Plan, Unit
from railsim.units import KG_PER_TONNE


@dataclass(frozen=True, slots=True)
class Count:
    """Units a lot counts: mean over lots, over TEU, and mean square over lots."""

    mean: float
    by_teu: float
    square: float


def counts_of_flow(plan: Plan, f: int) -> dict[Unit, Count]:
    """What the lots of a flow count; as `engine.lots` counts them, on the mean.

    Of a lot that may hold one 40-ft box more or less the mean is taken.
    """
    cargo = plan.flows.cargo
    sizes = cargo.size_teu[f].tolist()
    chances = cargo.size_probability[f].tolist()
    rows = [_units(cargo, f, int(teu)) for teu in sizes]
    teu_of_lot = math.fsum(p * n for p, n in zip(chances, sizes, strict=True))
    return {
        unit: Count(
            mean=math.fsum(p * r[unit] for p, r in zip(chances, rows, strict=True)),
            by_teu=math.fsum(
                p * r[unit] * r[Unit.TEU] for p, r in zip(chances, rows, strict=True)
            )
            / teu_of_lot,
            square=math.fsum(
                p * r[unit] ** 2 for p, r in zip(chances, rows, strict=True)
            ),
        )
        for unit in Unit
    }


def _units(cargo: Cargo, f: int, teu: int) -> dict[Unit, float]:
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
