"""Who is paid what by the lots of a year: charges of routes times their TEU."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import Flags, Floats, Ints, floats, ints, sums
from railsim.corridor.costs import Charge
from railsim.corridor.fares import CHARGED, fares_of
from railsim.outcome import RevenueRow
from railsim.rows import Rows
from railsim.scenario.schema import Scenario
from railsim.sharing import once_for
from railsim.traffic import Payment


def storage_charge(usd_per_teu: float) -> Charge:
    """Storage as one more charge of a route, of what its lots met."""
    return Charge("whole route", "storage", "port", usd_per_teu)


def revenue_rows(
    scenario: Scenario,
    alternative: str,
    year: int,
    *,
    teu: Floats,
    storage_usd: Floats,
    is_there: Flags,
) -> Rows[RevenueRow]:
    """What each payee takes for each cause, from all routes of one mode together.

    TEU, storage per TEU, and whether it could be taken, of every chain.
    """
    charged = _charged(scenario)
    usd = charged.usd_per_teu * teu[charged.chain]
    is_open = is_there[charged.chain]
    stored = is_there & (storage_usd > 0.0)
    payment = np.concatenate([charged.payment[is_open], charged.storage[stored]])
    taken = np.concatenate([usd[is_open], (storage_usd * teu)[stored]])
    totals = sums(payment, taken, len(charged.payments))
    made = np.unique(payment)
    told = [charged.payments[p] for p in made.tolist()]
    block = {
        "alternative": [alternative] * len(told),
        "year": [year] * len(told),
        **{name: [getattr(each, name) for each in told] for name in Payment._fields},
        "revenue_usd": totals[made].tolist(),
    }
    return Rows(RevenueRow, [block])


@dataclass(frozen=True, slots=True)
class _Charged:
    """Every charge of every chain in turn, and what each chain pays for storage."""

    payments: tuple[Payment, ...]
    chain: Ints
    payment: Ints
    usd_per_teu: Floats
    storage: Ints


@once_for(*CHARGED)
def _charged(scenario: Scenario) -> _Charged:
    numbers = dict[Payment, int]()
    rows, storage = list[tuple[int, int, float]](), list[int]()

    def number(mode: str, charge: Charge) -> int:
        payment = Payment(mode, charge.payee, charge.cause)
        return numbers.setdefault(payment, len(numbers))

    for c, fare in enumerate(fares_of(scenario)):
        mode = scenario.routes[fare.route].mode
        rows += [(c, number(mode, each), each.usd_per_teu) for each in fare.charges]
        storage.append(number(mode, storage_charge(0.0)))
    return _Charged(
        payments=tuple(numbers),
        chain=ints(c for c, _, _ in rows),
        payment=ints(p for _, p, _ in rows),
        usd_per_teu=floats(usd for _, _, usd in rows),
        storage=ints(storage),
    )
