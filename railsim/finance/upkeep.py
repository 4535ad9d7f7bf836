"""What the owner of a line spends: works, maintenance, renewals; and what ages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from railsim.finance.lines import straight_line, total
from railsim.finance.prices import Prices
from railsim.project.halves import PER_YEAR
from railsim.project.works import Item, Works
from railsim.scenario.schema.worth.finance import Asset, Finance
from railsim.traffic import Floats


@dataclass(frozen=True, slots=True)
class Books:
    """Depreciation of works by half-year, and what is left after the last."""

    depreciation: Floats
    book_value: float
    cost: float
    """Of all that is written off, financing included."""


def opening_of(works: Works, finance: Finance) -> float:
    """First day on which anything opens; after the last half of stated spending."""
    if finance.stated_spending_usd:
        halves = works.halves
        return halves.first_year + len(finance.stated_spending_usd) / PER_YEAR
    return works.opening


def completion_of(works: Works, finance: Finance) -> float:
    """Day on which the last line opens: until then works go on."""
    days = [d for each in works.deliveries.values() for d in each.openings.values()]
    if finance.stated_spending_usd or not days:
        return opening_of(works, finance)
    return max(days)


def spending_of(works: Works, finance: Finance, prices: Prices) -> dict[Item, Floats]:
    """Nominal US dollars of each component, on the halves of the horizon."""
    count = works.halves.count
    stated = finance.stated_spending_usd[:count]
    if stated:
        spent = np.zeros(count)
        spent[: len(stated)] = stated
        return {Item("stated", "works"): spent}
    level = prices.works[:count]
    return {item: usd * level for item, usd in works.spent_usd.items()}


def maintenance_of(works: Works, finance: Finance, prices: Prices) -> Floats:
    """By length of track and by cost of works, from the opening of each line."""
    halves = works.halves
    real = [np.zeros(halves.count)]
    for project, km in finance.upkeep.track_km.items():
        if project in works.deliveries:
            is_open = halves.open_share(_opening(works, project)) / PER_YEAR
            real.append(finance.upkeep.usd_per_track_km * km * is_open)
    for item, asset, cost in _aging(works, finance):
        is_open = halves.open_share(_opening(works, item.project)) / PER_YEAR
        real.append(asset.maintenance_share * cost * is_open)
    return total(real) * prices.running[: halves.count]


def renewals_of(works: Works, finance: Finance, prices: Prices) -> Floats:
    """A yearly share of cost, and replacement like for like when a life ends."""
    halves = works.halves
    real = [np.zeros(halves.count)]
    for item, asset, cost in _aging(works, finance):
        opening = _opening(works, item.project)
        begun = halves.open_share(opening + asset.renewal_after_years) / PER_YEAR
        real.append(asset.renewal_share * cost * begun)
        if asset.life_years is not None:
            real.append(_replacements(halves.ends, opening, asset.life_years, cost))
    return total(real) * prices.works[: halves.count]


def depreciation_of(
    spending: dict[Item, Floats],
    finance: Finance,
    count: int,
    *,
    opened: int,
    financing: float,
) -> Books:
    """Straight lines from the opening on; what financing cost is spread over works."""
    books = dict(_lives(finance))
    written = {item: usd for item, usd in spending.items() if item.component in books}
    depreciation, left, cost = np.zeros(count), 0.0, 0.0
    whole = float(np.sum([usd.sum() for usd in written.values()])) if written else 0.0
    added = 1.0 + financing / whole if whole > 0.0 else 1.0
    for life in sorted(set(books.values())):
        spent = total(
            [np.zeros(count)]
            + [usd for i, usd in written.items() if books[i.component] == life]
        )
        in_use = _from_opening(spent * added, opened)
        parts, value = straight_line(in_use, round(life * PER_YEAR))
        depreciation += parts
        left, cost = left + float(value.sum()), cost + float(in_use.sum())
    return Books(depreciation, left, cost)


def _from_opening(spent: Floats, opened: int) -> Floats:
    """Costs enter the books at the end of the half before operation."""
    in_use = spent.copy()
    last = min(opened, len(spent)) - 1
    if last > 0:
        in_use[last] = spent[: last + 1].sum()
        in_use[:last] = 0.0
    return in_use


def _lives(finance: Finance) -> Iterator[tuple[str, float]]:
    """Component -> years in the books."""
    for asset in finance.assets.values():
        if asset.depreciation_years is not None:
            for component in asset.components:
                yield component, asset.depreciation_years


def _aging(works: Works, finance: Finance) -> Iterator[tuple[Item, Asset, float]]:
    """Components of works that need upkeep, with their real cost."""
    if finance.stated_spending_usd:
        return
    kept = {c: asset for asset in finance.assets.values() for c in asset.components}
    for item, usd in works.spent_usd.items():
        if item.component in kept:
            yield item, kept[item.component], float(usd.sum())


def _opening(works: Works, project: str) -> float:
    """A project's upkeep begins with its first section."""
    return min(works.deliveries[project].openings.values(), default=float("inf"))


def _replacements(ends: Floats, opening: float, life: float, cost: float) -> Floats:
    """The cost in each half in which a whole number of lives ends."""
    if not np.isfinite(opening):
        return np.zeros(len(ends))
    lives = np.floor(np.maximum(ends - opening, 0.0) / life)
    return cost * np.diff(lives, prepend=0.0)
