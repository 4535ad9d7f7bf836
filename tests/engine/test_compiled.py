"""The compiled engine tells the same story as the reference, row by row."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.case import evaluate
from railsim.corridor.choosing.memory import Memory
from railsim.corridor.plan import make_plan
from railsim.corridor.services import planned_state
from railsim.corridor.tables import Plan
from railsim.engine import compiled, reference
from railsim.engine.choose import prepare
from railsim.engine.compiled import filling, simulation
from railsim.engine.compiled.choosing.shares import exact_sum
from railsim.engine.compiled.filling import year
from railsim.engine.draws import Draws, draw
from railsim.engine.kernels.pages import COLUMNS
from railsim.engine.log import EventLog
from railsim.engine.measuring import meter
from railsim.engine.measuring.meter import measure
from railsim.errors import BudgetError, DeadlockError
from railsim.scenario import load_scenario
from railsim.study.verification.agreement import first_difference
from tests.contracts.test_single_track import complaints, random_line
from tests.engine.closed_forms import CASES
from tests.engine.networks import HOUR, plan_of, shortened, with_lots, with_trains
from tests.engine.random_worlds import GENERATE, worlds
from tests.sources import ROOT

SMALL = ROOT / "tests" / "small_corridor.toml"
BUSY = (ROOT / "tests" / "contracts" / "busy_world.toml").read_text(encoding="utf-8")


def test_what_is_prepared_is_what_a_year_needs() -> None:
    """Workers find the kernel on disk: a year asks for no other one."""
    prepare("compiled", lambda: None)
    scenario = load_scenario(SMALL)
    plan = make_plan(scenario, planned_state(scenario), 2026, Memory())
    draws = draw(plan, 1, 0)
    measure(plan, draws, compiled.simulate(plan, draws))
    entries = [*compiled.ENTRIES, *meter.ENTRIES]
    assert [len(entry.signatures) for entry in entries] == [1, 1, 1]  # type: ignore[attr-defined]


PREPARE = """
from railsim.engine.choose import prepare
prepare("compiled", lambda: print("compiling"))
"""


@pytest.mark.slow
def test_who_compiles_says_so_and_who_reads_does_not(tmp_path: Path) -> None:
    """Half a minute of compiling is announced once; a kernel on disk is not."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    said = [
        subprocess.run(
            [sys.executable, "-c", PREPARE],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for _ in range(2)
    ]
    assert said == ["compiling\n", ""]


def difference(plan: Plan, draws: Draws, log: EventLog | None = None) -> str:
    """Where the compiled engine parts from the reference, or from a log of it."""
    truth = log or reference.simulate(plan, draws)
    return first_difference(truth, compiled.simulate(plan, draws))


def differences_of_years(path: Path, seed: int, *overrides: str) -> tuple[int, list]:
    """Years a scenario lives through, and in which of them the engines differ."""
    years, found = [], []

    def compare(name: str, year: int, plan: Plan, draws: Draws, log: EventLog) -> None:
        years.append(year)
        if where := difference(plan, draws, log):
            found.append((name, year, where))

    scenario = load_scenario(path, ["run.engine=reference", *overrides])
    evaluate(scenario, seed, on_log=compare)
    return len(years), found


@settings(max_examples=50, phases=GENERATE)
@given(worlds(), st.integers(0, 10_000))
def test_random_worlds_are_the_same_in_both_engines(text, seed):
    plan = shortened(plan_of(text), 12)

    assert difference(plan, draw(plan, seed, 0)) == ""


@pytest.mark.slow
@settings(max_examples=500, phases=GENERATE)
@given(worlds(), st.integers(0, 10_000))
def test_many_random_worlds_are_the_same_in_both_engines(text, seed):
    plan = shortened(plan_of(text), 40)

    assert difference(plan, draw(plan, seed, 1)) == ""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_busy_fortnight_is_the_same_in_both_engines(seed):
    plan = shortened(plan_of(BUSY), 14)

    assert difference(plan, draw(plan, seed, 1)) == ""


@pytest.mark.parametrize("seed", range(30))
def test_trains_meet_in_the_same_loops_in_both_engines(seed):
    text, trains = random_line(seed)
    plan, draws = with_trains(shortened(plan_of(text), 20), trains)

    assert difference(plan, draws) == ""


@pytest.mark.parametrize("name", sorted(CASES))
def test_networks_with_closed_forms_are_the_same_in_both_engines(name):
    plan = shortened(plan_of(CASES[name].world(1.0)), 60)

    assert difference(plan, draw(plan, 3, 0)) == ""


@pytest.mark.parametrize(
    ("model", "seed"), [("nested", 1), ("nested", 2), ("mnl", 3), ("aon", 4)]
)
def test_shippers_of_a_corridor_learn_the_same_in_both_engines(model, seed):
    overrides = [f"choice.model={model}", "run.simulate_years=[2028]"]

    years, found = differences_of_years(SMALL, seed, *overrides)

    assert (years, found) == (5, [])


@pytest.mark.slow
def test_a_year_of_the_base_corridor_is_the_same_in_both_engines():
    scenario = load_scenario(ROOT / "scenarios" / "base.toml")
    plan = make_plan(scenario, planned_state(scenario), 2026, Memory())

    assert difference(plan, draw(plan, 1, 0)) == ""


@pytest.mark.slow
def test_years_of_the_base_corridor_with_choice_are_the_same_in_both_engines():
    overrides = ["run.simulate_years=[2035]", "choice.calibration_rounds=1"]

    found = differences_of_years(ROOT / "scenarios" / "base.toml", 1, *overrides)[1]

    assert found == []


def test_a_log_that_is_too_short_is_lengthened(monkeypatch):
    plan = shortened(plan_of(BUSY), 14)
    monkeypatch.setattr(simulation, "expected_rows", lambda *_: 1)

    assert difference(plan, draw(plan, 1, 0)) == ""


def joined(pages: Iterator[EventLog]) -> tuple[EventLog, list[int]]:
    """Pages put together, and the row at which each ends."""
    copies = [
        (page.lot_count, [getattr(page, c).copy() for c in COLUMNS]) for page in pages
    ]
    columns = [
        np.concatenate(part) for part in zip(*(c for _, c in copies), strict=True)
    ]
    ends = np.cumsum([len(page[0]) for _, page in copies]).tolist()
    return EventLog(copies[0][0], *columns), ends


@pytest.mark.parametrize("page_rows", [1, 50, 1000, 10**6])
def test_pages_are_the_log_cut_between_instants(page_rows):
    plan = shortened(plan_of(BUSY), 14)
    draws = draw(plan, 1, 0)
    truth = compiled.simulate(plan, draws)

    log, ends = joined(compiled.pages(plan, draws, page_rows))

    assert first_difference(truth, log) == ""
    assert all(log.at_ms[end - 1] < log.at_ms[end] for end in ends[:-1])
    assert len(ends) == 1 or page_rows < len(log)


def test_a_page_that_cannot_hold_an_instant_is_lengthened(monkeypatch):
    plan = shortened(plan_of(BUSY), 14)
    draws = draw(plan, 1, 0)
    truth, lengthened = compiled.simulate(plan, draws), []
    lengthen_log = simulation.lengthen_log
    monkeypatch.setattr(
        simulation, "lengthen_log", lambda t: (lengthened.append(1), lengthen_log(t))
    )

    log, _ = joined(compiled.pages(plan, draws, page_rows=0))

    assert lengthened
    assert first_difference(truth, log) == ""


@pytest.mark.parametrize("page_rows", [50, 10**6])
def test_the_budget_of_events_is_that_of_all_pages(page_rows):
    plan = shortened(plan_of(BUSY), 14)
    draws = draw(plan, 1, 0)
    count = len(compiled.simulate(plan, draws))

    joined(compiled.pages(replace(plan, max_events=count), draws, page_rows))

    with pytest.raises(BudgetError, match="events in one year"):
        joined(compiled.pages(replace(plan, max_events=count - 1), draws, page_rows))


def test_what_does_not_fit_into_its_field_is_refused_not_cut_off():
    plan = shortened(plan_of("stations.gate = {}"), 1)
    draws = with_lots(plan, [0], times_ms=[[HOUR]], teu=[214_749])

    with pytest.raises(BudgetError, match="kg 2147490000 does not fit into the 32"):
        compiled.simulate(plan, draws)


def test_there_is_room_for_thirty_one_regimes():
    plan = shortened(plan_of("stations.gate = {}"), 1)
    draws = with_lots(plan, [0], times_ms=[[HOUR]])
    ruling = {n: with_regimes(draws, (1 << n) - 1) for n in (31, 32)}

    assert difference(plan, ruling[31]) == ""
    with pytest.raises(BudgetError, match="regimes 4294967295 does not fit"):
        compiled.simulate(plan, ruling[32])


def with_regimes(draws: Draws, bits: int) -> Draws:
    """All lots are created while these regimes rule."""
    regimes = np.full_like(draws.lots.regimes, bits)
    return replace(draws, lots=replace(draws.lots, regimes=regimes))


def test_the_most_events_of_the_kernel_bound_those_of_the_run(monkeypatch):
    plan = replace(shortened(plan_of(BUSY), 14), max_events=10**12)
    monkeypatch.setattr(simulation, "MOST_EVENTS", 1000)
    monkeypatch.setattr(year, "MOST_EVENTS", 1000)

    with pytest.raises(BudgetError, match="more than 1000 events"):
        compiled.simulate(plan, draw(plan, 1, 0))


def test_without_the_direction_cap_the_compiled_engine_reports_a_deadlock(monkeypatch):
    def fill(plan, draws, log_rows):
        tables = filling.fill(plan, draws, log_rows)
        tables["stations"]["most_one_way"] = tables["stations"]["tracks"]
        return tables

    monkeypatch.setattr(simulation, "fill", fill)

    with pytest.raises(DeadlockError, match=r"lines\.line: \(train, section"):
        complaints(compiled.simulate, range(150))


@numba.njit
def sum_exactly(values):
    """A door for Python to a part of the kernel."""
    return exact_sum(values)


@given(st.lists(st.floats(-1e12, 1e12) | st.floats(-1.0, 1.0), max_size=40))
def test_kernels_add_as_exactly_as_fsum(values):
    assert sum_exactly(np.array(values, dtype=np.float64)) == math.fsum(values)


def test_riders_may_take_many_steps_of_no_time_at_one_instant():
    names = [f"road_{i}" for i in range(40)]
    links = "\n".join(
        f'links.{n}.time = {{ dist = "deterministic", value_h = 0.0 }}' for n in names
    )
    steps = ", ".join(f'{{ link = "{name}" }}' for name in names)
    plan = shortened(
        plan_of(f"""
        {links}
        [links.rail]
        time = {{ dist = "deterministic", value_h = 1.0 }}
        [services.train]
        timetable.listed_h = [2.0]
        steps = [{{ link = "rail" }}]
        [routes.only]
        steps = [{{ service = "train" }}, {steps}]
        [flows.jobs]
        arrivals = {{ kind = "listed", at_h = [1.0, 1.0, 1.5] }}
    """),
        1,
    )

    assert difference(plan, draw(plan, 1, 0)) == ""
