"""What experience adds to closed forms, resource by resource."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from railsim.corridor.network import resource_name
from railsim.corridor.tables import Plan
from railsim.scenario.schema import fidelity
from railsim.sharing import once_for


@dataclass(frozen=True, slots=True)
class Kappa:
    """Event delay over closed-form delay of a resource.

    `shut` is of waits before closed doors and to the next departure, `queue` of waits
    for others, `ride` of what a run loses on the way.
    """

    shut: float = 1.0
    queue: float = 1.0
    ride: float = 1.0


PLAIN = Kappa()
Kappas = Mapping[str, Kappa]


def kappas_of_year(table: fidelity.Kappa | None, plan: Plan) -> Kappas:
    """Factors of a year, log-linear between those that are known, constant outside.

    Resources without a row have none of their own: 1.
    """
    if table is None:
        return {}
    return _known(table, plan.span.year)


@once_for(most=128)
def _known(table: fidelity.Kappa, year: int) -> Kappas:
    return dict(_read(table, year))


def _read(table: fidelity.Kappa, year: int) -> Iterator[tuple[str, Kappa]]:
    def at(values: Sequence[float]) -> float:
        if not values:
            return 1.0
        logs = [math.log(value) for value in values]
        return math.exp(float(np.interp(year, table.years, logs)))

    for name, station in table.stations.items():
        shut, queue = at(station.shut), at(station.queue)
        yield resource_name("stations", name), Kappa(shut, queue)
    for name, service in table.services.items():
        wait, back = at(service.wait), at(service.wait_back)
        yield resource_name("services", name), Kappa(wait, wait, at(service.ride))
        behind = Kappa(back, back, at(service.ride_back))
        yield resource_name("services", name, is_back=True), behind
