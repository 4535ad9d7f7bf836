"""Storage charges: tiers of days that lots waited for a departure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from railsim.corridor.arrays import Floats, Ints, ints, sums
from railsim.corridor.choosing.memory import RouteOfFlow
from railsim.corridor.costs import usd
from railsim.corridor.fares import CHARGED, fares_of
from railsim.corridor.routes import Visit
from railsim.corridor.tables import Plan
from railsim.formulas import tiered_charge
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.money import Economy, StorageClock
from railsim.sharing import once_for

TeuByDays = NDArray[np.int64] | NDArray[np.float64]


def storage_paid(
    scenario: Scenario, plan: Plan, waited_days: TeuByDays
) -> dict[RouteOfFlow, float]:
    """Storage met on every route, US$ per TEU.

    `waited_days[s, d]` is the TEU that waited d days, rounded up, at step s.
    """
    clocks = _clocks(scenario, waited_days.shape[1])
    step = plan.chains.begin[clocks.chain] + clocks.place
    teu = waited_days[step].astype(np.float64)
    total = teu.sum(axis=1)
    charged = (teu * clocks.usd_per_teu[clocks.clock]).sum(axis=1)
    mean = np.divide(charged, total, out=np.zeros(len(step)), where=total > 0.0)
    paid = sums(clocks.chain, mean, len(clocks.keys))
    return dict(zip(clocks.keys, paid.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class _Clocks:
    """Where lots wait on the clock: at step `place` of a chain, by which `clock`.

    `usd_per_teu[clock, d]` is charged after d days.
    """

    keys: tuple[RouteOfFlow, ...]
    chain: Ints
    place: Ints
    clock: Ints
    usd_per_teu: Floats


@once_for(*CHARGED, "storage")
def _clocks(scenario: Scenario, days: int) -> _Clocks:
    fares, names = fares_of(scenario), [*scenario.storage]
    rows = [
        (c, i, names.index(name))
        for c, fare in enumerate(fares)
        for i, visit in enumerate(fare.visits)
        if (name := _clock(scenario, visit)) is not None
    ]
    chain, place, clock = (ints(row[i] for row in rows) for i in range(3))
    usd_per_teu = [
        [storage_usd_per_teu(each, float(d), scenario.economy) for d in range(days)]
        for each in scenario.storage.values()
    ]
    keys = tuple((fare.name, fare.route) for fare in fares)
    return _Clocks(keys, chain, place, clock, np.array(usd_per_teu).reshape(-1, days))


def storage_usd_per_teu(clock: StorageClock, days: float, economy: Economy) -> float:
    """Storage of a TEU after so many days, tier by tier beyond the free days."""
    ends = (*clock.tier_days, None)
    tiers = [
        [end, rate] for end, rate in zip(ends, clock.tier_rate_per_teu_day, strict=True)
    ]
    total = tiered_charge(days=days, free_days=clock.free_days, tiers=tiers)
    return usd(total, clock.currency, economy)


def _clock(scenario: Scenario, visit: Visit) -> str | None:
    """The clock that runs while a lot waits for this step, if there is one."""
    if visit.step.service is None:
        return None
    service = scenario.services[visit.step.service]
    place = service.destination if visit.is_reversed else service.origin
    return service.storage.get(place)
