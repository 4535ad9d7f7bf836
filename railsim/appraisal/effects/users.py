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
from railsim.traffic import Floats, Traffic

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


@dataclass(frozen=True, slots=True)
class ModeUse:
    """What is sent, by one mode or by all, and its cost; a number a year each."""

    teu: Floats
    usd_per_teu: Floats


def shippers_gain(with_: Traffic, without: Traffic) -> dict[str, Gain]:
    """Flow -> its gain.

    Raises InputError if years or flows differ, or a flow has no route in a year.
    """
    if not np.array_equal(with_.years, without.years):
        raise InputError("the worlds compared must have the same years")
    if with_.flows.keys() != without.flows.keys():
        raise InputError("the worlds compared must have the same flows")
    if not with_.flows:
        return {}
    after, before = _stacked(with_, with_), _stacked(without, with_)
    saving = _known(before.usd_per_teu - after.usd_per_teu, before, after, with_)
    existing = before.teu * saving
    generated = (after.teu - before.teu) * saving / 2.0
    return {name: Gain(existing[f], generated[f]) for f, name in enumerate(with_.flows)}


def _stacked(traffic: Traffic, order: Traffic) -> ModeUse:
    """TEU and composite costs of all flows, a row each, in the order of a world's."""
    flows = [traffic.flows[name] for name in order.flows]
    return ModeUse(
        np.array([flow.teu for flow in flows]),
        np.array([flow.composite_usd_per_teu for flow in flows]),
    )


def _known(saving: Floats, before: ModeUse, after: ModeUse, traffic: Traffic) -> Floats:
    """Savings, nothing where neither world has traffic or a route."""
    is_unknown = np.isnan(saving)
    is_lost = is_unknown & (before.teu + after.teu > 0.0)
    for f, y in np.argwhere(is_lost).tolist():
        raise InputError(
            f"flow {list(traffic.flows)[f]} has no route in {traffic.years[y]} in one "
            "of the worlds compared: what it gains is not defined"
        )
    return np.where(is_unknown, 0.0, saving)


def book_shippers(
    frame: Frame, with_: Traffic, without: Traffic, gains: Mapping[str, Gain]
) -> Ledger:
    """Gains before charges, by country, and the charges that shippers pay.

    Charges are not known by flow: they are laid on countries by their share in TEU, so
    that by country only the sum of gains and charges counts. It is the gain itself.
    """
    ledger: Ledger = {}
    count = len(with_.years)
    shares = _country_shares(frame, with_)
    before, after = (total_of(t.paid_usd.values(), count) for t in (without, with_))
    teu = [with_.flows[name].teu + without.flows[name].teu for name in gains]
    both = _by_country(shares, teu, count)
    whole = total_of(both.values(), count)
    existing = _by_country(shares, [gain.existing for gain in gains.values()], count)
    generated = _by_country(shares, [gain.generated for gain in gains.values()], count)
    for country, amount in both.items():
        even = np.full(count, 1.0 / len(both))
        share = np.divide(amount, whole, out=even, where=whole > 0.0)
        charged = (after - before) * share
        add(ledger, Entry(CHARGES, SHIPPERS, country), -charged)
        add(ledger, Entry(DIVERTED, SHIPPERS, country), existing[country] + charged)
        add(ledger, Entry(GENERATED, SHIPPERS, country), generated[country])
    return ledger


def _country_shares(frame: Frame, traffic: Traffic) -> dict[str, Floats]:
    """Country -> its share of what each flow gains."""
    markets = [flow.market for flow in traffic.flows.values()]
    countries = {c: 0 for shares in frame.market_shares.values() for c in shares}
    return {
        country: np.array([frame.market_shares[m].get(country, 0.0) for m in markets])
        for country in countries
    }


def _by_country(
    shares: Mapping[str, Floats], flows: list[Floats], count: int
) -> dict[str, Floats]:
    rows, parts = np.array(flows).reshape(-1, count), np.array(list(shares.values()))
    return dict(zip(shares, parts.reshape(len(shares), -1) @ rows, strict=True))


def trades_of(traffic: Traffic) -> dict[str, Trade]:
    """Flow -> its market and commodity."""
    return {n: Trade(flow.market, flow.commodity) for n, flow in traffic.flows.items()}


def gains_by_trade(
    trades: Mapping[str, Trade], gains: Mapping[str, Gain]
) -> dict[Trade, Gain]:
    """Market and commodity -> what their flows gain."""
    found: dict[Trade, list[Gain]] = {}
    for name, gain in gains.items():
        found.setdefault(trades[name], []).append(gain)
    return {
        trade: Gain(*(np.sum(parts, axis=0) for parts in zip(*each, strict=True)))
        for trade, each in sorted(found.items())
    }


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
