"""`railsim sweep` as people and machines use it."""

import json
import os
import signal
import time

import pytest

from tests.cli.test_processes import members, start, wait_for, workers
from tests.runs import railsim
from tests.study.sweeps import GRID, OUTPUTS, files_of, swept, write_study


@pytest.fixture
def study(tmp_path):
    """A small study; its folder has `results` in it."""
    return write_study(tmp_path)


def out_of(study):
    """Where its results belong."""
    return study.parents[2] / "results"


def test_a_sweep_prints_means_with_intervals_and_where_they_are(study):
    swept(study)

    said = railsim("sweep", study, "--out", out_of(study), "--collect")

    assert said.code == 0
    assert "rail_share [1], 8 draws" in said.out
    assert "with fast" in said.out
    assert "±" in said.out
    assert "complete before" in said.err
    assert "8 draws analytic, 3 worlds each" in said.err


def test_the_answer_as_json_has_a_row_for_each_number(study):
    swept(study)

    said = railsim("sweep", study, "--out", out_of(study), "--collect", "--json")

    found = json.loads(said.out)
    assert len(found) == 3 * 2
    assert {row["ramp"] for row in found} == {"", "slow", "fast"}
    assert all(isinstance(row["mean"], float) for row in found)


def test_a_sweep_is_listed_and_shown_beside_runs(study):
    done = railsim("sweep", study, "--out", study.parent)
    folder = next(f for f in study.parent.iterdir() if (f / "parts").is_dir())

    shown, listed = railsim("show", folder), railsim("ls", study.parent)

    assert (done.code, shown.code, listed.code) == (0, 0, 0)
    assert shown.out == done.out
    assert listed.out.startswith(folder.name)
    assert "draws in" in listed.out


def test_a_rehearsal_writes_nothing(study):
    said = railsim("sweep", study, "--out", out_of(study), "--dry-run")

    assert said.code == 0
    assert list(out_of(study).iterdir()) == []


def begin(study, out, *words):
    """A sweep in a session of its own."""
    return start("sweep", study, "--out", out, *words, start_new_session=True)


WRONG = {
    "a bad shard": (("--shard", "3/2"), 2, "--shard 3/2: must be i/n"),
    "a shard that is no share": (("--shard", "half"), 2, "--shard half: must be i/n"),
    "bad failures": (("--max-failures", "few"), 2, "--max-failures few: must be"),
    "a size of nothing": (("--size", "0"), 2, "--size 0: error[E103] study.size"),
    "a bad value": (("--set", "run.seed=x"), 2, "--set run.seed=x: error[E102]"),
    "two wishes": (("--collect", "--fresh"), 2, "--collect computes nothing"),
    "a shard that forgets": (("--shard", "1/2", "--fresh"), 2, "--fresh would forget"),
    "no scheduler": (("--scheduler", "tcp://127.0.0.1:9"), 4, "no scheduler answers"),
    "no address": (("--scheduler", "localhost"), 2, "must begin with tcp://"),
    "shards that are missing": (("--collect",), 3, "4 parts are missing"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_done_is_one_line_and_a_code(study, name, monkeypatch):
    monkeypatch.setattr("railsim.study.sweep.schedulers.PATIENCE_S", 0.5)
    words, code, expected = WRONG[name]

    said = railsim("sweep", study, "--out", out_of(study), *words)

    assert said.code == code
    assert expected in said.err
    assert "Traceback" not in said.err


def test_a_results_folder_that_is_not_there_is_told_before_anything_is_drawn(study):
    said = railsim("sweep", study, "--out", study.parent / "nowhere")

    assert said.code == 5
    assert "no such folder" in said.err


def failing(folder):
    """A study of which some draws cannot be."""
    uncertain = '[uncertain]\n"openings.railway.opens_year" = { dist = "discrete", '
    uncertain += "values = [2030.0, 1.0], probabilities = [0.75, 0.25] }\n"
    return write_study(folder, uncertain=uncertain)


@pytest.mark.parametrize(
    ("most", "code"),
    [((), 3), (("--max-failures", "50%"), 0), (("--max-failures", "0"), 3)],
)
def test_failed_draws_are_counted_and_may_fail_the_sweep(tmp_path, most, code):
    study = failing(tmp_path)
    failed = swept(study).failed

    said = railsim("sweep", study, "--out", out_of(study), "--collect", *most)

    assert said.code == code
    assert f"{failed} of 8 draws failed" in said.err


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGINT, 130),
        pytest.param(signal.SIGTERM, 143, marks=pytest.mark.slow),
    ],
)
def test_an_interrupted_sweep_keeps_its_parts_and_says_how_to_go_on(
    tmp_path, number, code
):
    study = write_study(tmp_path, size=4000, draws_per_part=1)
    process = begin(study, out_of(study), "--jobs", 1)
    parts = out_of(study).glob
    assert wait_for(lambda: any(parts("*/parts/*.part")), 120.0)

    began = time.monotonic()
    os.kill(process.pid, number)
    _, err = process.communicate(timeout=30)

    assert time.monotonic() - began < 5.0
    assert process.returncode == code
    assert b"finished parts are kept, go on with: railsim sweep" in err
    assert wait_for(lambda: members(process.pid) == [], 3.0)
    assert not list(parts("*/parts/.new-*"))


def test_two_processes_one_of_them_killed_write_the_same_bytes(tmp_path):
    study = write_study(tmp_path, size=6, draws_per_part=1)
    alone, together = tmp_path / "alone", tmp_path / "together"
    alone.mkdir()
    together.mkdir()
    expected = files_of(swept(study, out=alone).folder)

    process = begin(study, together, "--jobs", 2)
    assert wait_for(lambda: any(together.glob("*/parts/*.part")), 120.0)
    os.kill(workers(process.pid)[0], signal.SIGKILL)
    _, err = process.communicate(timeout=120)

    assert process.returncode == 0, err
    assert files_of(next(together.iterdir())) == expected


@pytest.mark.slow
def test_a_dask_cluster_that_loses_a_worker_writes_the_same_bytes(tmp_path):
    from distributed import LocalCluster

    study = write_study(tmp_path, size=12, draws_per_part=1)
    alone, together = tmp_path / "alone", tmp_path / "together"
    alone.mkdir()
    together.mkdir()
    expected = files_of(swept(study, out=alone).folder)

    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None
    ) as cluster:
        address = cluster.scheduler_address
        process = begin(study, together, "--scheduler", address)
        assert wait_for(lambda: any(together.glob("*/parts/*.part")), 120.0)
        worker = next(iter(cluster.workers.values()))
        os.kill(worker.pid, signal.SIGKILL)
        _, err = process.communicate(timeout=240)

    assert process.returncode == 0, err
    assert files_of(next(together.iterdir())) == expected


def test_a_study_without_a_grid_has_a_row_for_each_world(tmp_path):
    study = write_study(tmp_path, more="", outputs=OUTPUTS)

    folder = swept(study).folder

    grid = (folder / "sweep_grid.csv").read_text("utf-8").splitlines()
    assert grid[0].startswith("fidelity,alternative,metric,p05")
    assert len(grid) == 1 + 2 * 2
    assert GRID not in study.read_text("utf-8")
