"""A sweep is computed once, goes on where it stopped, and says the same to everyone."""

import errno
import os
import random

import pytest

from railsim.errors import StorageError
from railsim.results.reading import open_run
from railsim.results.sweeps import keeping
from railsim.results.sweeps.keeping import open_keep
from railsim.results.sweeps.planning import Shard
from railsim.results.sweeps.running import run_sweep
from railsim.results.sweeps.spill import Spill
from tests.study.sweeps import (
    GRID,
    HERE,
    OPENS,
    OUTPUTS,
    THREADS,
    UNCERTAIN,
    Counting,
    files_of,
    planned,
    swept,
    write_study,
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """What an undisturbed sweep writes."""
    return files_of(swept(write_study(tmp_path_factory.mktemp("whole"))).folder)


def rows(folder, table="outputs"):
    """The rows of a table, as lists of cells."""
    lines = (folder / f"{table}.csv").read_text(encoding="utf-8").splitlines()
    return [line.split(",") for line in lines[1:]]


def numbers(folder):
    """Every number by its keys."""
    return {tuple(row[:-1]): row[-1] for row in rows(folder)}


def test_a_sweep_writes_every_number_of_every_world_and_draw(tmp_path):
    done = swept(write_study(tmp_path))

    found = rows(done.folder)
    worlds = {(row[3], row[4]) for row in found}
    assert worlds == {("", "without"), ("slow", "with"), ("fast", "with")}
    assert len(found) == 8 * 3 * 2
    assert (done.draws, done.failed, done.missing) == (8, 0, 0)


def test_a_sweep_again_computes_and_writes_nothing(tmp_path):
    file = write_study(tmp_path)
    folder = swept(file).folder
    before = {f: f.stat().st_mtime_ns for f in folder.rglob("*") if f.is_file()}
    progress = Counting()

    done = swept(file, crew=None, progress=progress)

    assert progress.expected == 0
    assert not done.is_new
    after = {f: f.stat().st_mtime_ns for f in folder.rglob("*") if f.is_file()}
    assert {f for f in after if after[f] != before[f]} <= {folder / ".railsim.lock"}


def test_threads_and_a_single_worker_write_the_same_bytes(tmp_path, whole):
    assert files_of(swept(write_study(tmp_path), THREADS).folder) == whole


def test_a_sweep_goes_on_with_the_parts_that_are_there(tmp_path, whole):
    file = write_study(tmp_path)
    parts = swept(file).folder / "parts"
    for part in sorted(parts.iterdir())[:2]:
        part.unlink()
    progress = Counting()

    done = swept(file, progress=progress)

    assert (progress.expected, progress.done) == (4, 4)
    assert files_of(done.folder) == whole


def truncate(content):
    """Half of it."""
    return content[: len(content) // 2]


def flip(content):
    """One bit changed."""
    place = random.Random(1).randrange(len(content))
    return content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :]


def zero(content):
    """Nothing but zeros."""
    return bytes(len(content))


def append(content):
    """A line too many."""
    return content + content.splitlines(keepends=True)[-1]


def empty(_content):
    """Nothing."""
    return b""


@pytest.mark.parametrize("damage", [truncate, flip, zero, append, empty])
def test_a_damaged_part_is_computed_again(tmp_path, whole, damage):
    file = write_study(tmp_path)
    part = min((swept(file).folder / "parts").iterdir())
    part.write_bytes(damage(part.read_bytes()))
    progress = Counting()

    done = swept(file, progress=progress)

    assert progress.expected == 2
    assert files_of(done.folder) == whole


@pytest.mark.parametrize("name", ["outputs.csv", "sweep_grid.csv", "manifest.json"])
def test_a_damaged_table_is_collected_again(tmp_path, whole, name):
    file = write_study(tmp_path)
    table = swept(file).folder / name
    table.write_bytes(flip(table.read_bytes()))

    done = swept(file, crew=None)

    assert files_of(done.folder) == whole


def test_a_part_of_another_draw_is_not_taken(tmp_path, whole):
    file = write_study(tmp_path)
    first, second, *_ = sorted((swept(file).folder / "parts").iterdir())
    first.write_bytes(second.read_bytes())

    assert files_of(swept(file).folder) == whole


def test_shards_collected_are_the_same_bytes(tmp_path, whole):
    file = write_study(tmp_path)
    for number in (3, 1, 2):
        swept(file, shard=Shard(number, 3))

    done = swept(file, crew=None)

    assert files_of(done.folder) == whole


def test_collecting_before_all_shards_are_done_says_what_is_missing(tmp_path):
    file = write_study(tmp_path)
    swept(file, shard=Shard(1, 2))

    done = swept(file, crew=None)

    assert done.missing == 2
    assert not (done.folder / "outputs.csv").exists()


class BrokenDisk:
    """Lets so many writes through, then the disk is full."""

    def __init__(self, monkeypatch, good):
        self.left = good
        for owner, name in ((os, "fsync"), (os, "replace"), (Spill, "_flush")):
            monkeypatch.setattr(owner, name, self._breaking(getattr(owner, name)))

    def _breaking(self, write):
        def broken(*arguments):
            self.left -= 1
            if self.left < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return write(*arguments)

        return broken


def test_a_disk_that_is_full_at_any_write_harms_nothing(tmp_path):
    file, writes = write_study(tmp_path, size=2, draws_per_part=1), 0
    with pytest.MonkeyPatch.context() as patch:
        disk = BrokenDisk(patch, 10_000)
        expected = files_of(swept(file, out=_results(tmp_path, "whole")).folder)
        writes = 10_000 - disk.left
    assert writes > 20

    for good in range(writes):
        out = _results(tmp_path, f"after {good}")
        with pytest.MonkeyPatch.context() as patch:
            BrokenDisk(patch, good)
            with pytest.raises(StorageError, match="No space left"):
                swept(file, out=out)
        assert files_of(swept(file, out=out).folder) == expected


def _results(folder, name):
    (folder / name).mkdir()
    return folder / name


def test_a_second_sweep_waits_and_then_names_the_first(tmp_path, monkeypatch):
    file = write_study(tmp_path)
    monkeypatch.setattr("railsim.results.store.PATIENCE_S", 0.1)
    name = planned(file).name

    with (
        open_keep(tmp_path / "results", name),
        pytest.raises(StorageError, match=f"in use by process {os.getpid()}"),
    ):
        swept(file)


def test_two_shards_of_one_number_do_not_mix(tmp_path, monkeypatch):
    file = write_study(tmp_path)
    monkeypatch.setattr("railsim.results.store.PATIENCE_S", 0.1)
    name, out = planned(file).name, tmp_path / "results"

    with open_keep(out, name, "1/2"), open_keep(out, name, "2/2"):
        with pytest.raises(StorageError, match="in use"):
            swept(file, shard=Shard(1, 2))
        with pytest.raises(StorageError, match="in use"):
            swept(file)


def test_what_a_killed_sweep_left_half_written_is_removed(tmp_path, whole):
    file = write_study(tmp_path)
    folder = swept(file).folder
    left = [folder / "parts" / ".new-1-x.part", folder / ".new-2-outputs.csv"]
    for each in left:
        each.write_bytes(b"half")

    assert files_of(swept(file).folder) == whole


def test_starting_afresh_computes_everything(tmp_path, whole):
    file = write_study(tmp_path)
    swept(file)
    progress = Counting()

    done = swept(file, is_fresh=True, progress=progress)

    assert progress.expected == 8
    assert files_of(done.folder) == whole


def test_more_draws_leave_the_earlier_ones_and_their_parts_alone(tmp_path):
    few = swept(write_study(tmp_path))
    before, progress = numbers(few.folder), Counting()

    many = swept(write_study(tmp_path, size=12), progress=progress)

    assert many.folder == few.folder
    assert progress.expected == 4
    after = numbers(many.folder)
    assert len(after) == 12 * 3 * 2
    assert {key: after[key] for key in before} == before


def test_another_input_leaves_the_values_of_the_others_alone(tmp_path):
    dong = '"economy.vnd_per_usd" = { dist = "uniform", low = 25e3, high = 27e3 }\n'

    def inputs(uncertain):
        done = swept(write_study(tmp_path, uncertain=uncertain))
        return {tuple(row[:2]): row[2:] for row in rows(done.folder, "inputs_draws")}

    before, after = inputs(UNCERTAIN), inputs(UNCERTAIN + dong)

    assert len(after) == len(before) + 8
    assert {key: after[key] for key in before} == before


def test_another_cell_leaves_the_numbers_of_the_others_alone(tmp_path):
    quick = "quick = { 'openings.railway.ramp_up_years' = 0.1 }\n"

    before = numbers(swept(write_study(tmp_path)).folder)
    after = numbers(swept(write_study(tmp_path, more=GRID + quick)).folder)

    assert len(after) == len(before) + 8 * 2
    assert {key: after[key] for key in before} == before


def test_the_numbers_are_those_of_runs_one_by_one(tmp_path):
    from railsim.case import evaluate
    from railsim.scenario import overlay
    from railsim.study.files.loading import load_study
    from railsim.study.uncertainty.sampling import value_at

    file = write_study(tmp_path)
    found = numbers(swept(file).folder)
    study = load_study(file)
    values = value_at(study.sample, 3)

    for ramp, years in (("slow", 3), ("fast", 0.5)):
        world = overlay(
            study.base.scenario, {**values, "openings.railway.ramp_up_years": years}
        )
        routes = evaluate(world, 7, replication=3).routes
        rows_of = [r for r in routes if r.alternative == "with" and r.year == 2032]
        rail = sum(r.tonnes for r in rows_of if r.mode == "rail")
        share = rail / sum(r.tonnes for r in rows_of)
        key = ("3", "0", "analytic", ramp, "with", "rail_share")
        assert float(found[key]) == pytest.approx(share, rel=1e-9)


def test_a_draw_that_the_scenario_refuses_is_one_failed_row(tmp_path):
    uncertain = f'[uncertain]\n"{OPENS}" = {{ dist = "discrete", '
    uncertain += "values = [2030.0, 1.0], probabilities = [0.75, 0.25] }\n"

    done = swept(write_study(tmp_path, uncertain=uncertain))

    refused = [row for row in rows(done.folder, "draws") if row[-1]]
    assert 0 < done.failed < 8
    assert len(refused) == done.failed
    assert all("must be at least" in ",".join(row) for row in refused)
    assert len(rows(done.folder)) == (8 - done.failed) * 3 * 2


STOPPING = """
[stopping]
least = 10
every = 3
[[stopping.rules]]
metric = "rail_share"
alternative = "with"
of = "mean"
half_width = 0.02
"""


def test_a_sweep_stops_when_enough_is_known_whoever_computes_it(tmp_path):
    file = write_study(tmp_path, size=40, more=GRID + STOPPING)
    progress = Counting()

    one = swept(file, progress=progress)
    alone = files_of(one.folder)
    for part in sorted((one.folder / "parts").iterdir())[::2]:
        part.unlink()
    two = files_of(swept(file, THREADS).folder)

    assert one.is_enough
    assert 10 <= one.draws < 40
    assert (one.draws - 10) % 3 == 0
    assert progress.done < 40
    tables = {name for name in alone if not name.startswith("parts/")}
    assert {name: two[name] for name in tables} == {n: alone[n] for n in tables}


def test_a_sweep_that_never_knows_enough_says_so(tmp_path):
    strict = STOPPING.replace("0.02", "1e-9")

    done = swept(write_study(tmp_path, more=GRID + strict))

    assert not done.is_enough
    assert done.draws == 8


def test_the_manifest_proves_every_file(tmp_path):
    run = open_run(swept(write_study(tmp_path)).folder)

    assert set(run.manifest["files"]) == {
        *("inputs_draws.csv", "draws.csv", "metrics.csv", "outputs.csv"),
        *("sweep_grid.csv", "assumptions.csv", "datapackage.json", "study.json"),
        "scenario.resolved.toml",
    }
    assert str(tmp_path) not in (run.folder / "manifest.json").read_text("utf-8")


def test_the_tables_are_a_valid_data_package(tmp_path):
    from frictionless import Package

    folder = swept(write_study(tmp_path)).folder

    report = Package(str(folder / "datapackage.json")).validate()

    assert report.valid, report.flatten(["title", "fieldName", "message"])


def test_a_part_that_cannot_be_read_stops_the_sweep_in_one_line(tmp_path, monkeypatch):
    file = write_study(tmp_path)
    swept(file)

    def broken(_path):
        raise PermissionError(errno.EACCES, "Permission denied")

    sweep = planned(file)
    monkeypatch.setattr(keeping.Path, "read_bytes", broken)
    with pytest.raises(StorageError, match=r"part: Permission denied"):
        run_sweep(sweep, tmp_path / "results", HERE, Counting())


def test_both_fidelities_are_put_together(tmp_path):
    outputs = OUTPUTS.partition("[outputs.cost_saved]")[0]
    file = write_study(
        tmp_path, fidelity="'both'", event_draws=3, size=6, outputs=outputs
    )

    done = swept(file)

    found = rows(done.folder, "two_levels")
    assert done.draws == 9
    with_slow = next(r for r in found if r[:3] == ["slow", "with", "rail_share"])
    analytic, _, n, correction, _, n_event, mean, *_ = map(float, with_slow[3:])
    assert (n, n_event) == (6, 3)
    assert mean == pytest.approx(analytic + correction, abs=1e-9)
    assert abs(correction) < 0.05
