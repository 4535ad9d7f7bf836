"""How resources, sections and departures were used."""

from __future__ import annotations

from collections.abc import Iterator

from railsim.corridor.tables import Plan, Word
from railsim.engine.log import Cause
from railsim.engine.measuring.service import (
    Service,
)
from railsim.outcome import (
    DepartureRow,
    ResourceRow,
    SectionRow,
)
from railsim.scenario.schema import Scenario
from railsim.tabulate.ratios import ratio
from railsim.units import KG_PER_TONNE


def resource_rows(
    alternative: str, year: int, plan: Plan, service: Service
) -> Iterator[ResourceRow]:
    """Every resource that anybody used or waited for."""
    use = service.resources
    for r, name in enumerate(plan.resources.names):
        if use.units[r] == 0 and use.queue_max[r] == 0:
            continue
        yield ResourceRow(
            alternative=alternative,
            year=year,
            resource=name,
            kind=Word(plan.resources.word[r]).name.lower(),
            units=float(use.units[r]),
            trucks=float(use.trucks[r]),
            wait_mean_h=float(use.wait_mean_h[r]),
            wait_p95_h=float(use.wait_p95_h[r]),
            closed_wait_h=float(use.closed_wait_h[r]),
            queue_mean=float(use.queue_mean[r]),
            queue_max=float(use.queue_max[r]),
            open_server_h=float(use.open_h[r]),
            utilisation=float(use.utilisation[r]),
        )


def section_rows(
    scenario: Scenario, alternative: str, year: int, service: Service
) -> Iterator[SectionRow]:
    """Every section that a train passed."""
    names, use = list(scenario.lines), service.sections
    for i, line in enumerate(use.line.tolist()):
        if use.trains[i] > 0:
            yield SectionRow(
                alternative=alternative,
                year=year,
                line=names[line],
                section=int(use.section[i]),
                trains=int(use.trains[i]),
                occupied_share=float(use.occupied_share[i]),
                conflict_h=float(use.conflict_h[i]),
            )


def departure_rows(
    scenario: Scenario, alternative: str, year: int, plan: Plan, service: Service
) -> Iterator[DepartureRow]:
    """Every direction of a service that ran or was cancelled."""
    services, met = plan.services, service.departures
    for v, r in enumerate(services.resource.tolist()):
        run, cancelled = int(met.run[v]), met.cancelled[v]
        if run + int(cancelled.sum()) == 0:
            continue
        offered_teu = run * int(services.capacity_teu[v])
        offered_kg = run * int(services.capacity_kg[v])
        name = plan.resources.names[r].removeprefix("services.")
        yield DepartureRow(
            alternative=alternative,
            year=year,
            service=name,
            km=scenario.services[name.removesuffix(".back")].length_km,
            departures_run=run,
            run_h=float(met.run_h[v]),
            cancelled_low_load=int(cancelled[Cause.LOW_LOAD]),
            cancelled_dropped=int(cancelled[Cause.DROPPED]),
            cancelled_closed=int(cancelled[Cause.CLOSED]),
            cancelled_no_token=int(cancelled[Cause.NO_TOKEN]),
            teu=float(met.teu[v]),
            tonnes=float(met.kg[v]) / KG_PER_TONNE,
            slot_load_factor=ratio(float(met.slots[v]), offered_teu),
            tonne_load_factor=ratio(float(met.kg[v]), offered_kg),
        )
