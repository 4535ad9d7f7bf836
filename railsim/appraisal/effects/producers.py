"""What those who are paid gain: what they take, less what they use up and hand on.

Resource costs follow from what services do (MODEL specification 4.6), or are a share of
the price; a price is its own cost only where competition makes it so.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from railsim.appraisal.ledger import (
    CHARGES,
    LEVIES,
    TREASURY,
    Entry,
    Ledger,
    add,
    move,
    total_of,
)
from railsim.errors import InputError
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.worth.appraisal import (
    Appraisal as Frame,
)
from railsim.scenario.schema.worth.appraisal import (
    CompetitivePayee,
    MarginPayee,
    Payee,
    ResourcePayee,
)
from railsim.traffic import Floats, Traffic

RESOURCES = "resource costs"


def book_producers(world: Scenario, frame: Frame, traffic: Traffic) -> Ledger:
    """Revenue, resource costs and levies of every payee in one world.

    Raises InputError if `appraisal.payees` lacks somebody who is paid.
    """
    ledger: Ledger = {}
    revenues = revenues_by_payee(traffic)
    for name in revenues:
        if name not in frame.payees:
            raise InputError(f"appraisal.payees has no entry for {name!r}, who is paid")
    zeros = np.zeros(len(traffic.years))
    for name, payee in frame.payees.items():
        if name not in revenues and not isinstance(payee, ResourcePayee):
            continue
        revenue = revenues.get(name, zeros)
        cost = resource_cost(world, traffic, name, payee, revenue)
        home = (payee.party, payee.country)
        add(ledger, Entry(CHARGES, *home), revenue)
        add(ledger, Entry(RESOURCES, *home), -cost)
        if payee.levy_share > 0.0:
            levies = payee.levy_share * revenue
            move(ledger, LEVIES, home, (TREASURY, payee.country), levies)
    return ledger


def revenues_by_payee(traffic: Traffic) -> dict[str, Floats]:
    """Payee -> what it is paid in each year, over all modes and causes."""
    revenues: dict[str, Floats] = {}
    for payment, paid in traffic.paid_usd.items():
        before = revenues.get(payment.payee)
        revenues[payment.payee] = paid if before is None else before + paid
    return revenues


def resource_cost(
    world: Scenario, traffic: Traffic, name: str, payee: Payee, revenue: Floats
) -> Floats:
    """What a payee uses up in each year, US$."""
    match payee:
        case CompetitivePayee():
            return (1.0 - payee.levy_share) * revenue
        case MarginPayee():
            return (1.0 - payee.levy_share - payee.margin_share) * revenue
        case ResourcePayee():
            return _cost_of_services(world, traffic, name, payee)


def _cost_of_services(
    world: Scenario, traffic: Traffic, name: str, payee: ResourcePayee
) -> Floats:
    runs = [
        run
        for key, run in traffic.services.items()
        if world.services[key].payee == name or key in payee.also_runs
    ]
    count = len(traffic.years)
    rates = {
        "vehicle_km": payee.usd_per_vehicle_km,
        "vehicle_h": payee.usd_per_vehicle_h,
        "t_km": payee.usd_per_t_km,
        "teu": payee.usd_per_teu,
    }
    parts = (
        rate * total_of((getattr(run, amount) for run in runs), count)
        for amount, rate in rates.items()
        if rate != 0.0
    )
    return total_of(parts, count)


def resource_costs(world: Scenario, traffic: Traffic) -> Mapping[str, Floats]:
    """Payee -> what it uses up in each year, US$."""
    frame = world.appraisal
    assert frame is not None
    revenues, zeros = revenues_by_payee(traffic), np.zeros(len(traffic.years))
    return {
        name: resource_cost(world, traffic, name, payee, revenues.get(name, zeros))
        for name, payee in frame.payees.items()
    }


def resource_gain(world: Scenario, with_: Traffic, without: Traffic) -> Floats:
    """Gain by the other way of counting: (T0 + T1) / 2 times what a TEU saves.

    What a TEU uses up is the mean over all flows, so this holds where all TEU are
    alike. Where every price is its cost it equals the gain of shippers and producers.
    """
    means, amounts = [], []
    for traffic in (without, with_):
        count = len(traffic.years)
        teu = total_of((flow.teu for flow in traffic.flows.values()), count)
        used = total_of(resource_costs(world, traffic).values(), count)
        means.append(np.divide(used, teu, out=np.zeros(count), where=teu > 0.0))
        amounts.append(teu)
    gain: Floats = (amounts[0] + amounts[1]) / 2.0 * (means[0] - means[1])
    return gain
