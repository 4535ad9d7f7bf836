"""Replications: the same answers for any number of processes, in order."""

from railsim.study.replications import run_replications, usual_jobs
from tests.runs import tiny_job, tiny_replications


def test_replications_have_luck_of_their_own():
    first, second = tiny_replications()

    assert (first.outcome.replication, second.outcome.replication) == (0, 1)
    assert first.outcome.routes != second.outcome.routes


def test_a_replication_does_not_depend_on_those_before_it():
    (alone,) = run_replications(
        tiny_job().scenario, 7, [1], jobs=4, advance=lambda: None
    )

    assert repr(alone.outcome) == repr(tiny_replications()[1].outcome)
    assert alone.traces == ()


def test_there_are_no_more_processes_than_replications():
    assert usual_jobs(1) == 1
    assert 1 <= usual_jobs(1000) < 1000
