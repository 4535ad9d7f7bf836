"""What a lot pays on a route: every charge with its place, cause and payee."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from railsim.corridor.demand import mean_lot_teu
from railsim.corridor.routes import Visit
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.demand import Commodity, Flow
from railsim.scenario.schema.money import Currency, Economy, Tariff


@dataclass(frozen=True, slots=True)
class Charge:
    """A price that a TEU of a flow pays at a step of its route."""

    step: str
    cause: str
    payee: str
    usd_per_teu: float


def charges(
    scenario: Scenario, flow: Flow, route_name: str, visits: Iterable[Visit]
) -> Iterator[Charge]:
    """All charges of a route, expected over the chance of visiting each step.

    `visits` are the flow's on that route.
    """
    commodity = scenario.commodities[flow.commodity]
    for visit in visits:
        for charge in _step_charges(scenario, flow, commodity, visit):
            share = visit.high - visit.low
            if charge.usd_per_teu != 0.0 and share > 0.0:
                yield Charge(
                    charge.step, charge.cause, charge.payee, charge.usd_per_teu * share
                )
    nest = scenario.choice.nests[scenario.routes[route_name].nest]
    insurance = value_usd_per_teu(commodity) * commodity.insurance_rate
    if insurance * nest.insurance_factor > 0.0:
        yield Charge(
            "whole route", "insurance", "insurer", insurance * nest.insurance_factor
        )


def value_usd_per_teu(commodity: Commodity) -> float:
    """Worth of a TEU of cargo."""
    return commodity.value_usd_per_t * commodity.tonnes_per_teu


def usd(amount: float, currency: Currency, economy: Economy) -> float:
    """An amount in US dollars of the price year."""
    match currency:
        case "USD":
            return amount
        case "CNY":
            return amount / economy.cny_per_usd
        case "VND":
            return amount / economy.vnd_per_usd


def trucks_per_teu(scenario: Scenario, flow: Flow) -> float:
    """Trucks that a TEU fills: one 40-ft, one heavy 20-ft or two light 20-ft each."""
    commodity, loading = scenario.commodities[flow.commodity], scenario.loading
    if flow.form == "bulk":
        return commodity.tonnes_per_teu / loading.truck_payload_t
    is_heavy = commodity.tonnes_per_teu > loading.heavy_box_t
    forty = commodity.forty_foot_share / 2.0
    return forty + (1.0 - commodity.forty_foot_share) * (1.0 if is_heavy else 0.5)


def price_usd_per_teu(
    tariff: Tariff, scenario: Scenario, flow: Flow, length_km: float
) -> float:
    """A tariff for the expected mix of boxes, or for the tonnes, of a TEU."""
    km = length_km if tariff.length_km is None else tariff.length_km
    commodity = scenario.commodities[flow.commodity]
    trucks = trucks_per_teu(scenario, flow)
    amount = trucks * (tariff.per_truck + tariff.per_truck_km * km)
    surcharge = 0.0
    if flow.form == "bulk":
        tonnes = commodity.tonnes_per_teu
        amount += tonnes * (tariff.per_t + tariff.per_t_km * km)
        surcharge = tonnes * tariff.surcharge_per_t_km * km
    else:
        twenty = 1.0 - commodity.forty_foot_share
        forty = commodity.forty_foot_share / 2.0
        amount += tariff.per_teu + tariff.per_teu_km * km
        amount += twenty * (tariff.per_box20 + tariff.per_box20_km * km)
        amount += forty * (tariff.per_box40 + tariff.per_box40_km * km)
        surcharge = twenty * tariff.surcharge_per_box20_km * km
        surcharge += forty * tariff.surcharge_per_box40_km * km
    amount += tariff.per_lot / mean_lot_teu(scenario, flow)
    net = amount * (1.0 - tariff.discount_share) + surcharge
    return usd(net, tariff.currency, scenario.economy)


def _step_charges(
    scenario: Scenario, flow: Flow, commodity: Commodity, visit: Visit
) -> Iterator[Charge]:
    step = visit.step
    name, length_km = step_label(scenario, visit)
    tariffs = list(step.tariffs)
    if step.service is not None:
        service = scenario.services[step.service]
        discount = service.back_discount_share if visit.is_reversed else 0.0
        if flow.form == "bulk":
            price = commodity.tonnes_per_teu * (
                service.terminal_usd_per_t + service.tariff_usd_per_t_km * length_km
            )
        else:
            price = service.terminal_usd_per_teu
            price += service.tariff_usd_per_teu_km * length_km
        yield Charge(
            name, "line_haul", service.payee or "carrier", price * (1.0 - discount)
        )
        tariffs += service.tariffs
    for tariff_name in tariffs:
        tariff = scenario.tariffs[tariff_name]
        price = price_usd_per_teu(tariff, scenario, flow, length_km)
        yield Charge(name, tariff.cause, tariff.payee, price)


def step_label(scenario: Scenario, visit: Visit) -> tuple[str, float]:
    """A step's name in tables and its length in km."""
    step = visit.step
    if step.link is not None:
        return f"links.{step.link}", scenario.links[step.link].length_km
    if step.service is not None:
        return f"services.{step.service}", scenario.services[step.service].length_km
    if step.station is not None:
        return f"stations.{step.station}", 0.0
    return f"fleets.{step.take or step.give}", 0.0
