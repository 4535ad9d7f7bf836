"""A world's traffic over all its years, from the rows of its years.

Amounts by country follow from the tonnes of each route and the legs it has, in every
year. Departures are known of simulated years; between two of them they are linear in
time, and what services carry follows the tonnes that routes send over them.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from railsim.appraisal.emissions import intensity_g_per_t_km, km_by_factor
from railsim.appraisal.legs import Leg as RouteLeg
from railsim.appraisal.legs import legs_of_fares
from railsim.corridor.costs import trucks_per_teu
from railsim.corridor.fares import Fare, fares_of
from railsim.errors import InputError
from railsim.horizon.years import Horizon, horizon_of
from railsim.outcome import DepartureRow
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.demand import Flow
from railsim.tabulate.years import YearTables
from railsim.traffic import Floats, FlowTraffic, Leg, Payment, ServiceTraffic, Traffic
from railsim.units import GRAMS_PER_KG, KG_PER_TONNE

BACK = ".back"
USD = "revenue_usd"
GRAMS_PER_TONNE = GRAMS_PER_KG * KG_PER_TONNE


def traffic_of(world: Scenario, tables: Sequence[YearTables]) -> Traffic:
    """The traffic of one world; `tables` are its reported years, ascending.

    Raises InputError if the reported years have a gap.
    """
    horizon = horizon_of(world)
    years = _years_without_gap(horizon)
    fares = fares_of(world)
    tonnes, teu = _amounts(fares, tables)
    per_tonne = _per_tonne(world, fares)
    return Traffic(
        years=np.array(years, dtype=np.int64),
        paid_usd=_payments(tables),
        services=_services(world, fares, horizon, tables, (teu, tonnes)),
        flows=_flows(world, fares, tables, (teu, tonnes)),
        t_km={
            Leg(key[1], key[2]): _total(amounts, tonnes)
            for key, amounts in sorted(per_tonne.items())
            if key[0] == "t_km"
        },
        truck_km=_by_country(per_tonne, "truck_km", tonnes),
        lifted_t=_by_country(per_tonne, "lifted", tonnes),
        t_co2e=_emissions(world, per_tonne, tonnes, years),
    )


def _years_without_gap(horizon: Horizon) -> tuple[int, ...]:
    years = horizon.reported
    for year, following in itertools.pairwise(years):
        if following != year + 1:
            raise InputError(
                f"run.simulate_years leaves out {year + 1}: delivery, finance and "
                'appraisal need every year (write "all" or "anchors")'
            )
    return years


def _amounts(
    fares: Sequence[Fare], tables: Sequence[YearTables]
) -> tuple[Floats, Floats]:
    """Tonnes and TEU, a row a year and a column a flow's route."""
    column = {(fare.name, fare.route): c for c, fare in enumerate(fares)}
    tonnes = np.zeros((len(tables), len(fares)))
    teu = np.zeros_like(tonnes)
    for y, table in enumerate(tables):
        names = zip(*map(table.routes.cells, ("flow", "route")), strict=True)
        chains = [column[name] for name in names]
        tonnes[y, chains] = table.routes.cells("tonnes")
        teu[y, chains] = table.routes.cells("teu")
    return tonnes, teu


def _payments(tables: Sequence[YearTables]) -> dict[Payment, Floats]:
    paid: dict[Payment, Floats] = defaultdict(lambda: np.zeros(len(tables)))
    for y, table in enumerate(tables):
        columns = (table.revenues.cells(name) for name in (*Payment._fields, USD))
        for *payment, usd in zip(*columns, strict=True):
            paid[Payment(*payment)][y] += usd
    return dict(sorted(paid.items()))


Amounts = dict[tuple[str, ...], Floats]


def _per_tonne(world: Scenario, fares: Sequence[Fare]) -> Amounts:
    """What a tonne on each route makes: kilometres, trucks, lifts, emissions.

    Keys are ("t_km", mode, country), ("truck_km", country), ("lifted", country),
    and ("hub", country) in kg CO2e.
    """
    made: Amounts = defaultdict(lambda: np.zeros(len(fares)))
    for c, (fare, legs) in enumerate(zip(fares, legs_of_fares(world), strict=True)):
        for leg in legs:
            for key, amount in _made_on(world, fare.flow, leg):
                made[key][c] += amount
    return made


def _made_on(
    world: Scenario, flow: Flow, leg: RouteLeg
) -> Iterator[tuple[tuple[str, ...], float]]:
    """What a tonne of a flow makes on one leg or in one hub."""
    hub, km = leg.hub_kg_co2e_per_t, leg.km * leg.share
    if leg.mode is None:
        if hub > 0.0:
            yield ("lifted", leg.country), leg.share
            yield ("hub", leg.country), leg.share * hub
        return
    yield ("t_km", leg.mode, leg.country), km
    if leg.mode == "road":
        per_teu = world.commodities[flow.commodity].tonnes_per_teu
        yield ("truck_km", leg.country), km * trucks_per_teu(world, flow) / per_teu


def _total(weights: Floats, rows: Floats) -> Floats:
    """Weighted sums of rows, added in an order that no linear algebra library picks."""
    total: Floats = (rows * weights).sum(axis=1)
    return total


def _by_country(per_tonne: Amounts, kind: str, tonnes: Floats) -> dict[str, Floats]:
    return {
        key[1]: _total(amounts, tonnes)
        for key, amounts in sorted(per_tonne.items())
        if key[0] == kind
    }


def _emissions(
    world: Scenario, per_tonne: Amounts, tonnes: Floats, years: Iterable[int]
) -> dict[str, Floats]:
    """Tonnes of CO2e by country: hubs as they are, legs by the factor of the year."""
    emitted: dict[str, Floats] = defaultdict(lambda: np.zeros(len(tonnes)))
    for name, km in km_by_factor(world).items():
        factor = world.emissions[name]
        grams = np.array([intensity_g_per_t_km(factor, year) for year in years])
        emitted[factor.country] += _total(km, tonnes) * grams / GRAMS_PER_TONNE
    for (kind, name, *_), kg in sorted(per_tonne.items()):
        if kind == "hub":
            emitted[name] += _total(kg, tonnes) / KG_PER_TONNE
    return dict(sorted(emitted.items()))


def _flows(
    world: Scenario,
    fares: Sequence[Fare],
    tables: Sequence[YearTables],
    amounts: tuple[Floats, Floats],
) -> dict[str, FlowTraffic]:
    """Composite costs are NaN in years in which a flow has no route."""
    composite = {name: np.full(len(tables), np.nan) for name in world.flows}
    for y, table in enumerate(tables):
        cells = map(table.flows.cells, ("flow", "composite_usd_per_teu"))
        for name, usd_per_teu in zip(*cells, strict=True):
            composite[name][y] = usd_per_teu
    teu, tonnes = amounts
    found = {}
    for name, flow in world.flows.items():
        chains = [c for c, fare in enumerate(fares) if fare.name == name]
        found[name] = FlowTraffic(
            market=flow.market,
            commodity=flow.commodity,
            direction=flow.direction,
            origin_country=world.places[flow.origin].country,
            destination_country=world.places[flow.destination].country,
            teu=teu[:, chains].sum(axis=1),
            tonnes=tonnes[:, chains].sum(axis=1),
            composite_usd_per_teu=composite[name],
        )
    return found


def _services(
    world: Scenario,
    fares: Sequence[Fare],
    horizon: Horizon,
    tables: Sequence[YearTables],
    amounts: tuple[Floats, Floats],
) -> dict[str, ServiceTraffic]:
    """Every service that ever left, both directions together."""
    weights = _interpolation(horizon)
    rows: dict[str, list[DepartureRow | None]] = {}
    for y, table in enumerate(tables):
        for row in table.departures:
            rows.setdefault(row.service, [None] * len(tables))[y] = row
    sent = _sent(fares, rows, amounts)
    runs: dict[str, list[Floats]] = {}
    for name, found in sorted(rows.items()):
        ran = _column(found, "departures_run")
        runs[name] = [
            _total(ran, weights),
            _total(ran * _column(found, "run_h"), weights),
            _carried(weights, _column(found, "teu"), sent[name][0]),
            _carried(weights, _column(found, "tonnes"), sent[name][1]),
        ]
    names = sorted({name.removesuffix(BACK) for name in runs})
    nothing = [np.zeros(len(tables))] * 4
    return {
        name: _both_ways(
            world.services[name].length_km,
            runs.get(name, nothing),
            runs.get(name + BACK, nothing),
        )
        for name in names
    }


def _interpolation(horizon: Horizon) -> Floats:
    """A row a reported year: its weights on the simulated years."""
    place = {year: i for i, year in enumerate(horizon.reported)}
    weights = np.eye(len(place))
    for year, (before, after) in horizon.between.items():
        share = (year - before) / (after - before)
        weights[place[year]] = 0.0
        weights[place[year], place[before]] = 1.0 - share
        weights[place[year], place[after]] = share
    return weights


def _sent(
    fares: Sequence[Fare], names: Iterable[str], amounts: tuple[Floats, Floats]
) -> dict[str, tuple[Floats, Floats]]:
    """TEU and tonnes that routes send over each direction of a service, a year each."""
    shares = {name: np.zeros(len(fares)) for name in names}
    for c, fare in enumerate(fares):
        for visit in fare.visits:
            if visit.step.service is None:
                continue
            name = visit.step.service + (BACK if visit.is_reversed else "")
            if name in shares:
                shares[name][c] += min(visit.high, 1.0) - visit.low
    teu, tonnes = amounts
    return {
        name: (_total(share, teu), _total(share, tonnes))
        for name, share in shares.items()
    }


def _column(rows: Sequence[DepartureRow | None], name: str) -> Floats:
    """One column over all years; nothing ran where there is no row."""
    found = [0.0 if row is None else float(getattr(row, name)) for row in rows]
    amounts: Floats = np.nan_to_num(np.array(found))
    return amounts


def _carried(weights: Floats, known: Floats, sent: Floats) -> Floats:
    """Loads as measured; between simulated years they go with what routes send."""
    loads, expected = _total(known, weights), _total(sent, weights)
    growth = np.divide(sent, expected, out=np.ones_like(sent), where=expected > 0.0)
    carried: Floats = loads * growth
    return carried


def _both_ways(
    length_km: float, out: Sequence[Floats], back: Sequence[Floats]
) -> ServiceTraffic:
    ran, hours, teu, tonnes = (a + b for a, b in zip(out, back, strict=True))
    return ServiceTraffic(
        departures=ran,
        vehicle_km=ran * length_km,
        vehicle_h=hours,
        teu=teu,
        tonnes=tonnes,
        teu_km=teu * length_km,
        t_km=tonnes * length_km,
        peak_teu=np.maximum(out[2], back[2]),
        peak_t=np.maximum(out[3], back[3]),
    )
