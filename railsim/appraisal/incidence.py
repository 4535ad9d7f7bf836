"""Who gains and who loses: parties against items, in present values.

What one party pays another stands twice, so such an item sums to nothing. The finance
of the project is part of it: the row of a lender shows what its loan gives away.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from railsim.appraisal.indicators import worths
from railsim.appraisal.ledger import Funding, Ledger, move
from railsim.errors import InputError
from railsim.scenario.schema.worth.appraisal import Appraisal as Frame
from railsim.traffic import Ints

Key = TypeVar("Key")


class Party(NamedTuple):
    """Who, and where."""

    name: str
    country: str


@dataclass(frozen=True, slots=True)
class Incidence:
    """Present values by party and item, US$."""

    cells: Mapping[tuple[Party, str], float]

    @property
    def by_party(self) -> dict[Party, float]:
        """What every party gains in all, in order of name and country."""
        sums = _summed((party, v) for (party, _), v in self.cells.items())
        return dict(sorted(sums.items()))

    @property
    def by_item(self) -> dict[str, float]:
        """What all parties gain of every item."""
        return _summed((item, v) for (_, item), v in self.cells.items())

    @property
    def by_country(self) -> dict[str, float]:
        """What the parties of every country gain in all."""
        return _summed((p.country, v) for (p, _), v in self.cells.items())

    @property
    def total(self) -> float:
        """What all parties gain in all."""
        return math.fsum(self.cells.values())


def _summed(parts: Iterable[tuple[Key, float]]) -> dict[Key, float]:
    found: dict[Key, list[float]] = {}
    for key, value in parts:
        found.setdefault(key, []).append(value)
    return {key: math.fsum(values) for key, values in found.items()}


def incidence_of(ledger: Ledger, rate: float, timing: str) -> Incidence:
    """Present values of a ledger."""
    keys = [(Party(e.party, e.country), e.item) for e in ledger]
    return Incidence(
        dict(zip(keys, worths(ledger.values(), rate, timing), strict=True))
    )


def book_funding(frame: Frame, funding: Funding, years: Ints) -> Ledger:
    """What finance moves between parties.

    Raises InputError if a party has no country or amounts do not fit the years.
    """
    ledger: Ledger = {}
    countries = {p.party: p.country for p in frame.payees.values()}
    countries |= {frame.builder: frame.home_country}
    countries |= {frame.fleet_owner: frame.home_country, **funding.countries}
    for transfer, paid in funding.paid_usd.items():
        for party in (transfer.payer, transfer.payee):
            if party not in countries:
                raise InputError(f"funding: party {party!r} has no country")
        if len(paid) != len(years):
            raise InputError(f"funding: {transfer.item} needs {len(years)} years")
        payer = (transfer.payer, countries[transfer.payer])
        payee = (transfer.payee, countries[transfer.payee])
        move(ledger, transfer.item, payer, payee, paid)
    return ledger


def gifts_usd(
    ledger: Ledger, lenders: Iterable[str], rate: float, timing: str
) -> dict[str, float]:
    """The grant element of each lender's money: what it pays out less what it gets.

    A present value at the rate of the appraisal, positive where the loan is a gift in
    part; with all flows of the loan booked, face times grant element stands in it once.
    """
    cells = incidence_of(ledger, rate, timing).cells
    sums = _summed((party.name, value) for (party, _), value in cells.items())
    return {name: -sums.get(name, 0.0) for name in lenders}
