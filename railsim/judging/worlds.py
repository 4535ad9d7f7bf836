"""A world's money: what is built in it, who pays for that, what society makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from railsim.appraisal.appraising import Appraisal, appraise, book_side
from railsim.appraisal.effects.users import ModeUse
from railsim.appraisal.ledger import Ledger, Side
from railsim.finance.accounts import Accounts, account
from railsim.finance.fx import FxLuck, draw_fx
from railsim.horizon.years import horizon_of
from railsim.judging.funding import funding_of
from railsim.judging.sides import side_of
from railsim.project import Delivery, Works, build
from railsim.scenario import Scenario
from railsim.tabulate import YearTables, mode_uses_of, traffic_of
from railsim.traffic import Traffic


class Carried(NamedTuple):
    """What a world carries; worlds with one traffic share it."""

    traffic: Traffic
    uses: Mapping[tuple[str, str], ModeUse]
    """Flow and mode -> TEU, and at what mean cost."""


@dataclass(frozen=True, slots=True)
class Case:
    """One world with its traffic, what is built there and the accounts of that."""

    name: str
    world: Scenario
    traffic: Traffic
    uses: Mapping[tuple[str, str], ModeUse]
    """Flow and mode -> what it carries, and at what mean cost."""
    works: Works
    accounts: Accounts | None
    """None where the scenario says nothing of finance."""


def carried_by(world: Scenario, tables: Sequence[YearTables]) -> Carried:
    """What a world carries in all its years."""
    return Carried(traffic_of(world, tables), mode_uses_of(tables))


def has_money(scenario: Scenario) -> bool:
    """Does a scenario ask for accounts or an appraisal?"""
    return scenario.finance is not None or scenario.appraisal is not None


def is_whole(world: Scenario) -> bool:
    """Does a world report every year, as accounts and appraisals need it?"""
    run = world.run
    return horizon_of(world).reported == tuple(range(run.first_year, run.last_year + 1))


def case_of(
    name: str,
    world: Scenario,
    deliveries: Mapping[str, Delivery],
    carried: Carried,
    *,
    seed: int,
    replication: int,
) -> Case:
    """Build and account for a world of which every year is known."""
    traffic = carried.traffic
    works = build(world, deliveries, traffic)
    luck = draw_fx(world, seed, replication)
    accounts = accounts_of(world, works, traffic, luck)
    return Case(name, world, traffic, carried.uses, works, accounts)


def accounts_of(
    world: Scenario, works: Works, traffic: Traffic, luck: FxLuck | None = None
) -> Accounts | None:
    """The accounts of a world, None if the scenario says nothing of finance.

    Without `luck` exchange rates go as the scenario states.
    """
    if world.finance is None:
        return None
    return account(
        world,
        works,
        traffic,
        fares_usd_per_passenger_km={
            name: each.yield_usd_per_passenger_km
            for name, each in world.passengers.items()
        },
        luck=luck,
        lending_shares=_lending_shares(world, works),
    )


def _lending_shares(world: Scenario, works: Works) -> dict[str, float]:
    """Lender -> the part of its share that rivals leave it to lend."""
    if world.budget is None:
        return {}
    return {world.budget.lender: works.lender_share_left}


@dataclass(frozen=True, slots=True)
class Reference:
    """The world that others are judged against, booked once for all of them."""

    world: Scenario
    side: Side
    booked: Ledger | None
    """By the rules of that world; None where it has none."""

    def by_rules_of(self, world: Scenario) -> Ledger | None:
        """The bookings if that world has the same rules, else they are not known."""
        ours, theirs = self.world.services, world.services
        is_same = self.world.appraisal == world.appraisal and all(
            name in ours and ours[name].payee == each.payee
            for name, each in theirs.items()
        )
        return self.booked if is_same else None


def reference_of(case: Case) -> Reference:
    """A world as others are judged against it."""
    side, world = side_of(case.world, case.works, case.traffic), case.world
    booked = None if world.appraisal is None else book_side(world, side)
    return Reference(world, side, booked)


def judge(case: Case, reference: Reference) -> Appraisal | None:
    """What society gains by a world against another; None if nobody asks."""
    world = case.world
    if world.appraisal is None:
        return None
    funding = None if case.accounts is None else funding_of(world, case.accounts)
    return appraise(
        world,
        side_of(world, case.works, case.traffic),
        reference.side,
        funding,
        booked=reference.by_rules_of(world),
    )
