"""How often `railsim check` is wrong: uv run python benchmarks/gates.py [PAIRS].

The smoke study of the toy corridor by plain chance, 16 draws, its baseline gate at the
default level. Pairs of seeds between which nothing changed should raise as few alarms
as the level says; a dearer railway should be found as often as the textbook says: t of
15 degrees of freedom where draws pair off, Welch's where seeds differ.
"""

from __future__ import annotations

import math
import statistics
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

from scipy import stats

from railsim.results.gates.judging import change_of
from railsim.results.gates.measuring import Measured, measure_all
from railsim.results.gates.schema import Baseline, Metric
from railsim.results.reading import open_run
from railsim.results.sweeps.planning import plan_sweep
from railsim.results.sweeps.running import run_sweep
from railsim.study.sweep.crews import Crew

SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"
STUDY, TOY = SCENARIOS / "studies" / "ci_smoke.toml", SCENARIOS / "toy_corridor.toml"
DRAWS = 16
SHARE = Metric(output="rail_share_2032")
TARIFF_USD_PER_TEU = 417.0
DEARER = (0.02, 0.05, 0.10)
FAR = 20.0  # standard errors: found for sure, and beyond it scipy's t may fail
LEVEL = Baseline().level


class Silent:
    """A progress that nobody looks at."""

    def expect(self, draws: int, /) -> None:
        """Nothing is shown."""

    def advance(self, draws: int = 1, /) -> None:
        """Nothing is shown."""


def share_of(seed: int, dearer: float) -> Measured:
    """Rail's share under a seed when its tariff is dearer by a part."""
    tariff = f"tariffs.railway.per_teu={TARIFF_USD_PER_TEU * (1.0 + dearer)!r}"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / TOY.name).write_bytes(TOY.read_bytes())
        study = Path(folder) / STUDY.name
        text = STUDY.read_text(encoding="utf-8").replace('"sobol"', '"monte_carlo"')
        study.write_text(text.replace(f"../{TOY.name}", TOY.name), encoding="utf-8")
        sweep = plan_sweep(
            study, settings={"size": DRAWS, "seed": seed}, overrides=[tariff]
        )
        done = run_sweep(sweep, Path(folder), Crew(ThreadPoolExecutor, 1), Silent())
        return measure_all(open_run(done.folder), {"share": SHARE})["share"]


def pair_of(number: int) -> tuple[Measured, Measured, list[Measured]]:
    """Two seeds, and the first once more with each dearer tariff."""
    first, second = 2 * number, 2 * number + 1
    planted = [share_of(first, dearer) for dearer in DEARER]
    return share_of(first, 0.0), share_of(second, 0.0), planted


def main() -> None:
    """Print alarms where nothing changed, and what of planted changes was found."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with ProcessPoolExecutor() as pool:
        pairs = list(pool.map(pair_of, range(1, count + 1)))
    alarms = sum(_is_alarm(b, a, is_paired=False) for a, b, _ in pairs)
    low, high = stats.binomtest(alarms, count).proportion_ci(0.95, "wilson")
    print(f"{count} pairs of seeds, nothing changed, level {LEVEL:g}: {alarms} alarms")
    print(f"  rate {alarms / count:.3f} ({low:.3f} to {high:.3f})")
    print(f"{'tariff':>7}{'share':>9}{'paired':>8}{'textbook':>10}", end="")
    print(f"{'unpaired':>10}{'textbook':>10}")
    for k, dearer in enumerate(DEARER):
        now, before = [p[2][k] for p in pairs], [p[0] for p in pairs]
        other = [p[1] for p in pairs]
        moved = statistics.fmean(
            n.mean / b.mean - 1.0 for n, b in zip(now, before, strict=True)
        )
        line = f"{dearer:>+7.0%}{moved:>+9.1%}"
        for against, is_paired in ((before, True), (other, False)):
            line += _found(now, against, is_paired=is_paired)
        print(line)


def _found(now: list[Measured], before: list[Measured], *, is_paired: bool) -> str:
    """Share of planted changes that raise an alarm, and what the textbook expects."""
    both = list(zip(now, before, strict=True))
    found = statistics.fmean(_is_alarm(n, b, is_paired=is_paired) for n, b in both)
    changes = [change_of(n, b, is_paired=is_paired) for n, b in both]
    shift = statistics.fmean(c.difference for c in changes)
    error = math.sqrt(statistics.fmean(c.error**2 for c in changes))
    freedom = statistics.fmean(c.freedom for c in changes)
    bound = float(stats.t.isf(LEVEL / 2.0, freedom))
    tails = stats.nct(freedom, min(abs(shift) / error, FAR))
    power = float(tails.sf(bound) + tails.cdf(-bound))
    return f"{found:>{8 if is_paired else 10}.2f}{power:>10.2f}"


def _is_alarm(now: Measured, before: Measured, *, is_paired: bool) -> bool:
    return change_of(now, before, is_paired=is_paired).chance(0.0) <= LEVEL


if __name__ == "__main__":
    main()
