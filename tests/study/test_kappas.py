"""Factors learnt from events make closed forms meet the events they come from."""

import tomllib

import numpy as np
import pytest

from railsim.engine import analytic, compiled
from railsim.engine.analytic.kappas import kappas_of_year
from railsim.engine.draws import draw
from railsim.engine.measuring.meter import measure
from railsim.results.kappas import renewed_sources, source_rows, write_kappas
from railsim.scenario.schema.fidelity import Kappa, StationKappa
from railsim.study.kappas import Learnt, learn_kappas
from railsim.study.verification.worlds import small_world
from tests.engine.networks import plan_of

WORLD = """
    [calendars.day]
    utc_offset_h = 7
    windows_h = [[6, 18]]
    [stations.gate]
    servers = 1
    calendar = "day"
    time = { dist = "lognormal", mean_h = 0.2, cv = 0.9 }
    [services.train]
    capacity_teu = 20
    steps = [{ link = "way" }]
    timetable = { per_day = { 2020 = 3 } }
    cutoff_h = 1.0
    [links.way]
    time = { dist = "uniform", low_h = 9.0, high_h = 12.0 }
    [routes.only]
    steps = [{ station = "gate" }, { service = "train" }]
    [flows.jobs.arrivals]
    kind = "poisson"
    rate_per_h = 1.8
"""
REPLICATION = 0


@pytest.fixture(scope="module")
def learnt() -> Learnt:
    return learn_kappas(small_world(WORLD), jobs=1, advance=lambda: None)


def read_back(learnt: Learnt) -> Kappa:
    """The table as a scenario would hold it."""
    raw = tomllib.loads(write_kappas(learnt, "world"))["kappa"]
    raw["years"], raw["event_runs"] = tuple(raw["years"]), tuple(raw["event_runs"])
    for rows in (raw["stations"], raw["services"]):
        for name, row in rows.items():
            rows[name] = {kind: tuple(values) for kind, values in row.items()}
    return Kappa.model_validate(raw)


def test_with_its_factors_a_year_waits_as_long_as_its_events(learnt):
    plan = plan_of(WORLD)
    draws = draw(plan, learnt.seed, REPLICATION)
    met = measure(plan, draws, compiled.simulate(plan, draws))

    year = analytic.prepare_year(plan, kappas_of_year(read_back(learnt), plan))
    found = analytic.answer(year.model, met.routes.lots[:1].astype(np.float64))

    gate, train = year.model.nodes["resource"]
    assert found.wait_h[0] == pytest.approx(met.resources.wait_mean_h[gate], rel=1e-3)
    assert found.shut_h[0] == pytest.approx(met.resources.closed_wait_h[gate], rel=1e-3)
    wait = met.resources.wait_mean_h[train] - 1.0  # the cut-off is no delay
    assert found.wait_h[1] == pytest.approx(wait, rel=1e-3)


def test_factors_between_two_years_are_log_linear_and_constant_outside():
    table = Kappa(
        years=(2026, 2036),
        event_runs=("by hand",),
        stations={"gate": StationKappa(shut=(1.0, 1.0), queue=(1.0, 4.0))},
    )

    def queue(year: int) -> float:
        return kappas_of_year(table, plan_of(WORLD, year=year))["stations.gate"].queue

    assert [queue(y) for y in (2026, 2031, 2036, 2050)] == pytest.approx([1, 2, 4, 4])


def test_every_list_of_factors_has_a_row_of_evidence(learnt):
    rows = {row[0]: row[2] for row in source_rows(learnt)}
    raw = tomllib.loads(write_kappas(learnt, "world"))["kappa"]

    assert rows.pop("kappa.years") == "2026"
    assert rows == {
        f"kappa.{table}.{name}.{kind}": f"{values[0]:.4g}"
        for table in ("stations", "services")
        for name, row in raw[table].items()
        for kind, values in row.items()
    }


def test_old_evidence_of_factors_gives_way_to_the_new(learnt):
    content = "path,low\nkappa.stations.old.queue,1\nother.path,2\n"

    renewed = renewed_sources(content, learnt).splitlines()

    assert renewed[:2] == ["path,low", "other.path,2"]
    assert not any(line.startswith("kappa.stations.old") for line in renewed)
    assert len(renewed) == 2 + len(list(source_rows(learnt)))


def test_a_table_needs_a_factor_for_each_year():
    with pytest.raises(ValueError, match="needs a number for each of years"):
        Kappa(
            years=(2026, 2036),
            event_runs=(),
            stations={"gate": StationKappa(shut=(1.0,))},
        )
