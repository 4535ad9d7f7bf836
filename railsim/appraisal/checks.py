"""What must hold of every appraisal, whatever the scenario says."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from railsim.appraisal.effects.users import Gain
from railsim.appraisal.incidence import Incidence
from railsim.appraisal.indicators import WINDOW, Indicator, discount_factors
from railsim.appraisal.ledger import (
    SHIPPERS,
    TRANSFERS,
    AppraisalError,
    Ledger,
    total_of,
)
from railsim.balance import Check
from railsim.traffic import Floats

TOLERANCE = 1e-9
"""Of the gross amounts: what rounding may leave."""


def require(checks: Iterable[Check]) -> None:
    """Raise AppraisalError if a check is not met."""
    for check in checks:
        if not check.is_met:
            raise AppraisalError(
                f"{check.name} ({check.scope}): {check.residual:g} is more than "
                f"{check.tolerance:g}"
            )


def check_transfers(ledger: Ledger, funding: Ledger) -> Iterator[Check]:
    """What one party pays another cancels, in every year."""
    amounts = [(e.item, a) for e, a in ledger.items() if e.item in TRANSFERS]
    amounts += [(e.item, a) for e, a in funding.items()]
    for item in dict.fromkeys(name for name, _ in amounts):
        paid = np.array([a for name, a in amounts if name == item])
        left = float(np.abs(paid.sum(axis=0)).max(initial=0.0))
        gross = float(np.abs(paid).sum(axis=0).max(initial=0.0))
        yield Check("transfer cancels", item, left, TOLERANCE * max(gross, 1.0))


def check_totals(
    net: Floats, ledger: Ledger, effects: Ledger, gains: Mapping[str, Gain]
) -> Iterator[Check]:
    """Parts sum to what they are parts of, in every year."""
    count = len(net)
    gross = _gross(ledger)
    for scope, parts in (("ledger", ledger), ("effects", effects)):
        left = float(np.abs(total_of(parts.values(), count) - net).max(initial=0.0))
        yield Check("parts sum to the net gain", scope, left, TOLERANCE * gross)
    users = total_of((a for e, a in effects.items() if e.party == SHIPPERS), count)
    whole = total_of((gain.total for gain in gains.values()), count)
    left = float(np.abs(users - whole).max(initial=0.0))
    yield Check("countries sum to all shippers", "years", left, TOLERANCE * gross)


def check_present_values(
    incidence: Incidence, net: Floats, indicators: Iterable[Indicator], timing: str
) -> Iterator[Check]:
    """The matrix sums to the net present value, whichever way it is added."""
    (enpv,) = [
        i for i in _first_rate(indicators) if (i.metric, i.timing) == ("enpv", timing)
    ]
    gross = math.fsum(map(abs, incidence.cells.values()))
    tolerance = TOLERANCE * max(gross, 1.0)
    sums = {
        "parties": math.fsum(incidence.by_party.values()),
        "items": math.fsum(incidence.by_item.values()),
        "countries": math.fsum(incidence.by_country.values()),
    }
    for scope, total in sums.items():
        left = total - (enpv.value or 0.0)
        yield Check("incidence sums to the net present value", scope, left, tolerance)
    yield from _check_roots(net, indicators)


def _check_roots(net: Floats, indicators: Iterable[Indicator]) -> Iterator[Check]:
    """At its internal rates the net gain is worth nothing."""
    for found in indicators:
        is_root = found.scope == WINDOW and found.metric in ("eirr", "eirr root")
        if not is_root or found.value is None:
            continue
        worth = net * discount_factors(found.value, len(net), "start")
        yield Check(
            "net present value at the internal rate is nothing",
            f"{found.metric} {found.value:.6g}",
            float(worth.sum()),
            TOLERANCE * max(float(np.abs(worth).sum()), 1.0),
        )


def _first_rate(indicators: Iterable[Indicator]) -> list[Indicator]:
    found = [i for i in indicators if i.scope == WINDOW and i.rate is not None]
    return [i for i in found if i.rate == found[0].rate]


def _gross(ledger: Ledger) -> float:
    if not ledger:
        return 1.0
    amounts = np.array(list(ledger.values()))
    return max(float(np.abs(amounts).sum(axis=0).max(initial=0.0)), 1.0)
