"""How results change when lots are half and twice the size.

The same tonnes in other parcels: one year of the base corridor with the line, for each
size, on the same seed. What should not depend on the parcel (shares, times by road)
must hardly move; waiting for trains and ships may.

    uv run python benchmarks/lot_sizes.py [YEAR]
"""

from __future__ import annotations

import math
import sys
import time
from pathlib import Path
from typing import Any

from railsim.case import evaluate
from railsim.outcome import RouteRow
from railsim.scenario import Scenario, load_scenario, overlay

BASE = Path(__file__).resolve().parents[1] / "scenarios" / "base.toml"
MODES = ("rail", "road", "sea")


def main() -> None:
    """Print a line for each size: lots, and share, days and cost of the modes."""
    year = int(sys.argv[1]) if len(sys.argv) > 1 else 2035
    chosen = {"run.simulate_years": [year]}
    base = overlay(load_scenario(BASE, ['alternatives={with={title="with"}}']), chosen)
    print(f"bilateral {year}; of each mode: share of tonnes, days, USD/TEU in all")
    for title, factor in (("half", 0.5), ("as they are", 1.0), ("twice", 2.0)):
        begin = time.perf_counter()
        outcome = evaluate(overlay(base, resized(base, factor)), base.run.seed)
        seconds = time.perf_counter() - begin
        rows = [r for r in outcome.routes if r.market == "bilateral"]
        lots = sum(row.lots for row in outcome.routes)
        teu = math.fsum(row.teu for row in outcome.routes)
        cells = "   ".join(describe(rows, mode) for mode in MODES)
        size = f"{lots:>9,} lots of {teu / lots:4.1f} TEU"
        print(f"{title:12} {size}   {cells}   {seconds:.0f} s")


def resized(scenario: Scenario, factor: float) -> dict[str, Any]:
    """All lot sizes times a factor; the smallest lot is a TEU."""
    return {
        f"lot_sizes.{name}.teu": [max(1, round(n * factor)) for n in size.teu]
        for name, size in scenario.lot_sizes.items()
    }


def describe(rows: list[RouteRow], mode: str) -> str:
    """Share, days and generalised cost of a mode, weighted by TEU."""
    whole = math.fsum(row.tonnes for row in rows)
    mine = [r for r in rows if r.mode == mode and math.isfinite(r.time_mean_h)]
    share = math.fsum(row.tonnes for row in rows if row.mode == mode) / whole
    teu = math.fsum(row.teu for row in mine)
    days = math.fsum(row.teu * row.time_mean_h for row in mine) / teu / 24.0
    cost = math.fsum(r.teu * r.generalised_cost_usd_per_teu for r in mine) / teu
    return f"{mode} {share:6.1%} {days:5.2f} d {cost:6,.0f}"


if __name__ == "__main__":
    main()
