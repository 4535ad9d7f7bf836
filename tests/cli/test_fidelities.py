"""The analytic fidelity from the command line, and both fidelities side by side."""

import pytest

from railsim.errors import InputError
from railsim.report.validation.fidelities import NONE_NAMED, compare_runs
from railsim.results.reading import Run, open_run
from tests.runs import railsim, shared_folder, tiny_run, write_tiny


@pytest.fixture(scope="module")
def file():
    return write_tiny(shared_folder())


@pytest.fixture(scope="module")
def run(file, tmp_path_factory) -> Run:
    out = tmp_path_factory.mktemp("results")
    said = railsim("run", file, "--fidelity", "analytic", "--out", out)
    assert said.code == 0, said.err
    assert "analytic fidelity" in said.err.splitlines()[0]
    assert "closed forms, not events" in said.out
    return open_run(next(folder for folder in out.iterdir() if folder.is_dir()))


def test_a_run_by_closed_forms_says_so_and_has_no_intervals(run):
    assert run.manifest["fidelity"] == "analytic"
    assert run.manifest["replications"] == 1
    assert all(row["teu_ci95"] == "" for row in run.rows("routes"))


def test_closed_forms_without_factors_are_doubted(run):
    codes = {text.partition(" ")[0] for text in run.manifest["warnings"]}

    assert "W031" in codes


def test_longest_queues_are_left_empty(run):
    assert {row["queue_max"] for row in run.rows("resources")} <= {"", "0"}


@pytest.mark.parametrize("option", [["--trace"], ["--until-ci", "1%"]])
def test_what_needs_chance_needs_events(file, option):
    said = railsim("run", file, "--fidelity", "analytic", *option)

    assert said.code == 2
    assert "need --fidelity event" in said.err


def test_expected_lots_are_written_as_they_are_not_rounded(run):
    lots = [float(row["lots"]) for row in run.rows("routes")]

    assert any(count != round(count) for count in lots)


def test_the_comparison_lists_years_modes_and_the_worst_routes(run):
    text = compare_runs(open_run(tiny_run()), run)

    assert "| with | 2028 |" in text
    assert "| bilateral |" in text
    assert "mean absolute error, h" in text


def test_the_comparison_wants_one_run_of_each_kind():
    event = open_run(tiny_run())

    assert compare_runs(event, None) == NONE_NAMED
    with pytest.raises(InputError, match="must be of the analytic fidelity"):
        compare_runs(event, event)
