"""Everything a scenario may say, with unit, meaning and range."""

from __future__ import annotations

from railsim.quantity import Record, label
from railsim.scenario.schema.chance import Disruption, Opening, Regime
from railsim.scenario.schema.choosing import Choice, Emission
from railsim.scenario.schema.demand import (
    Commodity,
    Flow,
    Growth,
    Loading,
    LotSize,
    Season,
)
from railsim.scenario.schema.fidelity import Kappa
from railsim.scenario.schema.money import Economy, StorageClock, Tariff
from railsim.scenario.schema.movement import Route, Service
from railsim.scenario.schema.network import Fleet, Line, Link, Place, Station
from railsim.scenario.schema.run import Alternative, Run
from railsim.scenario.schema.timing import Calendar, Holiday
from railsim.scenario.schema.worth.appraisal import Appraisal
from railsim.scenario.schema.worth.budget import Budget
from railsim.scenario.schema.worth.finance import Finance, Operator, Package
from railsim.scenario.schema.worth.passengers import Passengers
from railsim.scenario.schema.worth.projects import Project, ReferenceClass, Vehicle

__all__ = ["Scenario"]


class Scenario(Record):
    """One complete set of assumptions."""

    run: Run = label("what to simulate")
    economy: Economy = label("exchange rates and price year")
    choice: Choice = label("how shippers choose")
    loading: Loading = label("how lots fill trucks")
    alternatives: dict[str, Alternative] = label("worlds compared", min_length=1)
    places: dict[str, Place] = label("points of the map")
    calendars: dict[str, Calendar] = label("working hours", default={})
    holidays: dict[str, Holiday] = label("yearly holidays", default={})
    openings: dict[str, Opening] = label("what will be built", default={})
    links: dict[str, Link] = label("travel", default={})
    lines: dict[str, Line] = label("railways in sections", default={})
    stations: dict[str, Station] = label("servers with queues", default={})
    fleets: dict[str, Fleet] = label("tokens", default={})
    services: dict[str, Service] = label("departures", default={})
    routes: dict[str, Route] = label("chains of steps")
    tariffs: dict[str, Tariff] = label("prices", default={})
    storage: dict[str, StorageClock] = label("storage clocks", default={})
    commodities: dict[str, Commodity] = label("goods")
    lot_sizes: dict[str, LotSize] = label("sizes of lots")
    seasons: dict[str, Season] = label("shapes of the year", default={})
    growth: dict[str, Growth] = label("growth paths", default={})
    flows: dict[str, Flow] = label("what is shipped")
    disruptions: dict[str, Disruption] = label("storms, floods, closures", default={})
    regimes: dict[str, Regime] = label("rules that come and go", default={})
    emissions: dict[str, Emission] = label("emission factors", default={})
    kappa: Kappa | None = label(
        "event delays over closed-form delays, for the analytic fidelity", default=None
    )
    projects: dict[str, Project] = label("new lines", default={})
    reference_classes: dict[str, ReferenceClass] = label(
        "how like projects turned out", default={}
    )
    vehicles: dict[str, Vehicle] = label("rolling stock to be bought", default={})
    budget: Budget | None = label("the public purse and its rivals", default=None)
    passengers: dict[str, Passengers] = label(
        "passengers of new lines, by project", default={}
    )
    operators: dict[str, Operator] = label("who runs new services", default={})
    packages: dict[str, Package] = label("ways to pay for works", default={})
    finance: Finance | None = label("how works are paid for", default=None)
    appraisal: Appraisal | None = label("how society counts", default=None)
