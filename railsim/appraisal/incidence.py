"""Who gains and who loses: parties against items, in present values.

What one party pays another stands twice, so such an item sums to nothing. The finance
of the project is part of it: the row of a lender shows what its loan gives away.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from railsim.appraisal.indicators import discount_factors
from railsim.appraisal.ledger import Funding, Ledger, move
from railsim.errors import InputError
from railsim.scenario.schema.worth.appraisal import Appraisal as Frame
from railsim.traffic import Ints


class Party(NamedTuple):
    """Who, and where."""

    name: str
    country: str


@dataclass(frozen=True, slots=True)
class Incidence:
    """Present values by party and item, US$."""

    cells: Mapping[tuple[Party, str], float]

    @property
    def parties(self) -> tuple[Party, ...]:
        """All parties, in order of name and country."""
        return tuple(sorted({party for party, _ in self.cells}))

    @property
    def items(self) -> tuple[str, ...]:
        """All items, in the order in which they were booked."""
        return tuple(dict.fromkeys(item for _, item in self.cells))

    def of_party(self, party: Party) -> float:
        """What a party gains in all."""
        return math.fsum(v for (p, _), v in self.cells.items() if p == party)

    def of_item(self, item: str) -> float:
        """What all parties gain of an item."""
        return math.fsum(v for (_, i), v in self.cells.items() if i == item)

    def of_country(self, country: str) -> float:
        """What the parties of a country gain in all."""
        return math.fsum(v for (p, _), v in self.cells.items() if p.country == country)

    @property
    def total(self) -> float:
        """What all parties gain in all."""
        return math.fsum(self.cells.values())


def incidence_of(ledger: Ledger, rate: float, timing: str) -> Incidence:
    """Present values of a ledger."""
    if not ledger:
        return Incidence({})
    factors = discount_factors(rate, len(next(iter(ledger.values()))), timing)
    return Incidence(
        {
            (Party(entry.party, entry.country), entry.item): float(
                (amounts * factors).sum()
            )
            for entry, amounts in ledger.items()
        }
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


def gift_usd(ledger: Ledger, lender: str, rate: float, timing: str) -> float:
    """The grant element of a lender's money: what it pays out less what it gets back.

    A present value at the rate of the appraisal, positive where the loan is a gift in
    part; with all flows of the loan booked, face times grant element stands in it once.
    """
    incidence = incidence_of(ledger, rate, timing)
    return -math.fsum(v for (p, _), v in incidence.cells.items() if p.name == lender)
