"""The proof passes on the model as it is, and fails on one that is wrong."""

from dataclasses import replace

import numpy as np
import pytest

from railsim.engine.analytic import Kappa, prepare_year
from railsim.engine.choose import engine_of
from railsim.engine.draws import draw
from railsim.engine.log import Event
from railsim.scenario import load_scenario, overlay
from railsim.study.verification import closed_forms, queues
from railsim.study.verification.agreement import (
    check_agreement,
    first_difference,
    random_plan,
)
from railsim.study.verification.conservation import check_conservation
from railsim.study.verification.examples import agrees, check_examples
from railsim.study.verification.proof import CORRIDOR, prove


@pytest.fixture(scope="module")
def year():
    """A year of the small corridor with little traffic."""
    laid = {
        "flows.fruit_south.arrivals": {"kind": "annual", "tonnes": 6000.0},
        "flows.ore_north.arrivals": {"kind": "annual", "tonnes": 3000.0},
    }
    return queues.run_year(overlay(load_scenario(CORRIDOR), laid), 1)


def failures(plan, draws, log):
    """The laws of conservation that do not hold."""
    checks = check_conservation("world", plan, draws, log)
    return [check.claim for check in checks if not check.is_passed]


def test_every_worked_example_passes():
    checks = list(check_examples())

    assert len(checks) == 49
    assert [check.claim for check in checks if not check.is_passed] == []


@pytest.mark.parametrize(
    ("found", "expected", "tolerance", "is_same"),
    [
        (1.0 + 1e-12, 1.0, {"rel": 1e-9, "abs": 0.0}, True),
        (1.1, 1.0, {"rel": 1e-9, "abs": 0.0}, False),
        ([1.0], [1.0, 2.0], {"rel": 1e-9, "abs": 0.0}, False),
        ({1: 2.0}, {"1": 2.0}, {"rel": 1e-9, "abs": 0.0}, True),
        (1.0 + 1e-12, 1.0, {"exact": True}, False),
        ("run", "run", {}, True),
    ],
)
def test_answers_are_compared_number_by_number(found, expected, tolerance, is_same):
    assert agrees(found, expected, tolerance) is is_same


def test_a_queue_is_found_to_be_what_it_should_be(monkeypatch):
    first = next(queues.cases(2.0))
    monkeypatch.setattr(queues, "cases", lambda _: [first])

    (check,) = queues.check_queues(is_quick=True, seed=1)

    assert check.is_passed
    assert check.claim.startswith("M/M/1: mean wait")


def test_a_wrong_expectation_is_found_to_be_wrong(monkeypatch):
    wrong = replace(next(queues.cases(2.0)), expected_h=0.4)
    monkeypatch.setattr(queues, "cases", lambda _: [wrong])

    (check,) = queues.check_queues(is_quick=True, seed=1)

    assert not check.is_passed


def test_closed_forms_of_single_queues_are_the_textbooks_and_near_events():
    checks = list(closed_forms.check_closed_forms(is_quick=True, seed=1))

    assert len(checks) == 14
    assert [check.claim for check in checks if not check.is_passed] == []


def scaled_failures(monkeypatch, factor: float) -> list[str]:
    """What fails of all queues when every kappa is wrong by a factor."""
    kappa = Kappa(shut=factor, queue=factor)
    kappas = dict.fromkeys(("stations.desk", "services.train"), kappa)
    monkeypatch.setattr(
        closed_forms, "prepare_year", lambda plan, _: prepare_year(plan, kappas)
    )
    checks = closed_forms.check_closed_forms(is_quick=True, seed=1)
    return [check.claim for check in checks if not check.is_passed]


def test_a_kappa_a_tenth_too_large_fails_beside_every_textbook(monkeypatch):
    failed = scaled_failures(monkeypatch, 1.1)

    assert len([claim for claim in failed if "by closed forms" in claim]) == 7


def test_a_kappa_a_quarter_too_large_fails_beside_all_events_too(monkeypatch):
    assert len(scaled_failures(monkeypatch, 1.25)) == 14


def test_a_year_of_the_corridor_loses_nothing(year):
    assert failures(*year) == []


@pytest.mark.parametrize(
    ("event", "becomes", "claim"),
    [
        (Event.CHOSE, Event.WAIT, "lots created, of those drawn"),
        (Event.DEPART, Event.ARRIVE, "TEU aboard departures, of those boarded"),
        (Event.CLEAR, Event.ENTER, "trains in a section they are in already"),
        (Event.GIVE, Event.TAKE, "tokens lent beyond those there are"),
        (Event.END, Event.LOST, "lots that act after their end"),
    ],
)
def test_a_lost_event_breaks_a_law(year, event, becomes, claim):
    plan, draws, log = year
    events = np.where(log.event == event, becomes, log.event).astype(log.event.dtype)

    assert f"world: {claim}" in failures(plan, draws, replace(log, event=events))


@pytest.mark.slow
def test_the_quick_proof_passes_whole():
    assert [c.claim for c in prove(is_quick=True) if not c.is_passed] == []


def test_engines_agree_on_random_networks_and_a_difference_is_located():
    (check,) = check_agreement(count=3, seed=5)
    assert check.is_passed
    assert check.found == "3"

    plan = random_plan(5)
    log = engine_of("compiled").simulate(plan, draw(plan, 5, 0))
    late = log.at_ms.copy()
    late[7] += 1
    where = first_difference(log, replace(log, at_ms=late))
    assert where == f"at_ms of event 7 is {late[7]}, not {log.at_ms[7]}"
