"""All chains of a scenario with the random numbers that walking them takes.

Years differ in what resources can do, not in the way: walks are worked out once, and
plans share their arrays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from railsim.corridor.arrays import Ints, ints
from railsim.corridor.fares import CHARGED, Fare, fares_of
from railsim.corridor.network import (
    directions_of,
    resource_name,
    resource_numbers,
)
from railsim.corridor.routes import (
    UNDISTURBED,
    ChainBuilder,
    Columns,
    visits_of_service,
)
from railsim.corridor.tables import Chains, Steps, Stream
from railsim.scenario.schema import Scenario
from railsim.sharing import once_for

# tables that say what steps there are
WALKED = (*CHARGED, "places", "lines", "stations", "fleets", "regimes")
Streams = tuple[tuple[Stream, ...], ...]


@dataclass(frozen=True, slots=True)
class Walks:
    """Chains of flows, then of services and directions.

    `streams` and `visits` have an entry a flow, `service_streams` and `service_chain`
    one a service and direction, in the order of `directions_of`.
    """

    steps: Steps
    chains: Chains
    streams: Streams
    visits: tuple[tuple[str, ...], ...]
    service_streams: Streams
    service_chain: Ints


@once_for(*WALKED)
def walks_of(scenario: Scenario) -> Walks:
    """The chains of a scenario as arrays."""
    of_flows = [Columns() for _ in scenario.flows]
    old = [fare for fare in fares_of(scenario) if not _is_new(scenario, fare)]
    _add_flows(scenario, _builder(scenario), old, of_flows)
    builder = _builder(scenario)
    _add_flows(scenario, builder, fares_of(scenario), of_flows)
    begin = len(builder.flow)
    of_services = _add_services(scenario, builder)
    return Walks(
        steps=builder.steps(),
        chains=builder.chains(),
        streams=tuple(tuple(columns.streams) for columns in of_flows),
        visits=tuple(tuple(columns.visits) for columns in of_flows),
        service_streams=tuple(tuple(columns.streams) for columns in of_services),
        service_chain=ints(range(begin, begin + len(of_services))),
    )


def _builder(scenario: Scenario) -> ChainBuilder:
    return ChainBuilder(
        scenario,
        number=resource_numbers(scenario),
        place={name: p for p, name in enumerate(scenario.places)},
        regimes={name: i for i, name in enumerate(scenario.regimes)},
    )


def _is_new(scenario: Scenario, fare: Fare) -> bool:
    """Does the route wait for an opening? Its own columns stand behind the others."""
    return scenario.routes[fare.route].opening is not None


def _add_flows(
    scenario: Scenario,
    builder: ChainBuilder,
    fares: Iterable[Fare],
    columns: list[Columns],
) -> None:
    number = {name: f for f, name in enumerate(scenario.flows)}
    for fare in fares:
        f = number[fare.name]
        builder.add(fare.visits, columns[f], flow=f, route=fare.route)


def _add_services(scenario: Scenario, builder: ChainBuilder) -> list[Columns]:
    found = []
    for name, service, is_back in directions_of(scenario):
        found.append(Columns())
        builder.add(
            visits_of_service(service, is_back=is_back),
            found[-1],
            flow=-1,
            route=resource_name("services", name, is_back=is_back),
            speed_km_per_h=service.speed_km_per_h or 0.0,
            disturbance=service.disturbance or UNDISTURBED,
        )
    return found
