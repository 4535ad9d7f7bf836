"""What users gain: shippers by the logsum, passengers by the rule of a half.

Gain of a flow = (T0 + T1) / 2 (C0 - C1), C its composite cost -logsum / theta, which
holds for a new route as well (Small & Rosen 1981; Williams 1977). T0 (C0 - C1) falls to
traffic that moves anyway and changes its way, the rest to traffic that is generated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from railsim.appraisal.ledger import (
    CHARGES,
    FARES,
    PASSENGERS,
    SHIPPERS,
    Entry,
    Ledger,
    Side,
    add,
    move,
    total_of,
)
from railsim.errors import InputError
from railsim.formulas import rule_of_half
from railsim.scenario.schema.worth.appraisal import Appraisal as Frame
from railsim.traffic import Floats, FlowTraffic, Traffic

DIVERTED, GENERATED, RIDING = "existing traffic", "generated traffic", "travel"


class Trade(NamedTuple):
    """Flows that are alike to the reader."""

    market: str
    commodity: str


class Gain(NamedTuple):
    """What existing and generated traffic gain, a number a year each, in US$."""

    existing: Floats
    generated: Floats

    @property
    def total(self) -> Floats:
        """Both."""
        return self.existing + self.generated


def shippers_gain(with_: Traffic, without: Traffic) -> dict[str, Gain]:
    """Flow -> its gain.

    Raises InputError if years or flows differ, or a flow has no route in a year.
    """
    if not np.array_equal(with_.years, without.years):
        raise InputError("the worlds compared must have the same years")
    if with_.flows.keys() != without.flows.keys():
        raise InputError("the worlds compared must have the same flows")
    return {
        name: _gain(name, flow, without.flows[name], with_)
        for name, flow in with_.flows.items()
    }


def _gain(name: str, after: FlowTraffic, before: FlowTraffic, traffic: Traffic) -> Gain:
    saving = before.composite_usd_per_teu - after.composite_usd_per_teu
    is_unknown = np.isnan(saving)
    if is_unknown.any():
        if (before.teu + after.teu)[is_unknown].any():
            year = int(traffic.years[is_unknown][0])
            raise InputError(
                f"flow {name} has no route in {year} in one of the worlds compared: "
                "what it gains is not defined"
            )
        saving = np.where(is_unknown, 0.0, saving)
    return Gain(before.teu * saving, (after.teu - before.teu) * saving / 2.0)


def book_shippers(
    frame: Frame, with_: Traffic, without: Traffic, gains: Mapping[str, Gain]
) -> Ledger:
    """Gains before charges, by country, and the charges that shippers pay.

    Charges are not known by flow: they are laid on countries by their share in TEU, so
    that by country only the sum of gains and charges counts. It is the gain itself.
    """
    ledger: Ledger = {}
    existing, generated = _by_country(frame, with_, gains)
    count = len(with_.years)
    before, after = (total_of(t.paid_usd.values(), count) for t in (without, with_))
    weights = _weights(frame, with_, without)
    for country, share in weights.items():
        charged = (after - before) * share
        add(ledger, Entry(CHARGES, SHIPPERS, country), -charged)
        add(ledger, Entry(DIVERTED, SHIPPERS, country), existing[country] + charged)
        add(ledger, Entry(GENERATED, SHIPPERS, country), generated[country])
    return ledger


def _by_country(
    frame: Frame, traffic: Traffic, gains: Mapping[str, Gain]
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    countries = {c: 0 for shares in frame.market_shares.values() for c in shares}
    zeros = np.zeros(len(traffic.years))
    existing = dict.fromkeys(countries, zeros)
    generated = dict.fromkeys(countries, zeros)
    for market, gain in gains_by_market(traffic, gains).items():
        for country, share in frame.market_shares[market].items():
            existing[country] = existing[country] + share * gain.existing
            generated[country] = generated[country] + share * gain.generated
    return existing, generated


def _weights(frame: Frame, with_: Traffic, without: Traffic) -> dict[str, Floats]:
    """Country -> its share in TEU of each year, over both worlds; sums to one."""
    count = len(with_.years)
    teu: dict[str, Floats] = {}
    for shares in frame.market_shares.values():
        for country in shares:
            teu.setdefault(country, np.zeros(count))
    for name, flow in with_.flows.items():
        both = flow.teu + without.flows[name].teu
        for country, share in frame.market_shares[flow.market].items():
            teu[country] = teu[country] + share * both
    whole = total_of(teu.values(), count)
    even = np.full(count, 1.0 / max(len(teu), 1))
    return {
        country: np.divide(amount, whole, out=even.copy(), where=whole > 0.0)
        for country, amount in teu.items()
    }


def gains_by_market(traffic: Traffic, gains: Mapping[str, Gain]) -> dict[str, Gain]:
    """Market -> what its flows gain."""
    found: dict[str, Gain] = {}
    for name, gain in gains.items():
        market = traffic.flows[name].market
        found[market] = _plus(found.get(market), gain)
    return found


def gains_by_trade(traffic: Traffic, gains: Mapping[str, Gain]) -> dict[Trade, Gain]:
    """Market and commodity -> what their flows gain."""
    found: dict[Trade, Gain] = {}
    for name, gain in gains.items():
        flow = traffic.flows[name]
        trade = Trade(flow.market, flow.commodity)
        found[trade] = _plus(found.get(trade), gain)
    return dict(sorted(found.items()))


def _plus(a: Gain | None, b: Gain) -> Gain:
    if a is None:
        return b
    return Gain(a.existing + b.existing, a.generated + b.generated)


@dataclass(frozen=True, slots=True)
class ModeUse:
    """What a flow sends by one mode, and its mean generalised cost; a year each."""

    teu: Floats
    usd_per_teu: Floats


def half_rule_gain(before: ModeUse, after: ModeUse) -> Floats:
    """Gain by the rule of a half, NaN in years in which one world lacks the mode.

    Only a check: a route that is new has no cost before.
    """
    gains = [
        rule_of_half(q0=q0, q1=q1, gc0=gc0, gc1=gc1)["total"]
        if np.isfinite(gc0) and np.isfinite(gc1)
        else np.nan
        for q0, q1, gc0, gc1 in zip(
            before.teu.tolist(),
            after.teu.tolist(),
            before.usd_per_teu.tolist(),
            after.usd_per_teu.tolist(),
            strict=True,
        )
    ]
    return np.array(gains)


def book_passengers(frame: Frame, side: Side) -> Ledger:
    """What passengers of new lines gain before fares, and the fares they pay."""
    ledger: Ledger = {}
    for project, travel in side.works.passengers.items():
        riders = side.riders[project]
        fares = travel.trips * riders.fare_usd_per_trip
        counted = travel.trips * (1.0 - riders.generated_share / 2.0)
        gain = counted * riders.saving_usd_per_trip
        home = (PASSENGERS, frame.home_country)
        add(ledger, Entry(RIDING, *home), gain + fares)
        payee = frame.payees[riders.payee]
        move(ledger, FARES, home, (payee.party, payee.country), fares)
    return ledger
