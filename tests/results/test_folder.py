"""A run folder: whole, the same for everyone, readable by others, proved on reading."""

import gzip
import json
import os
import warnings
from contextlib import suppress
from dataclasses import replace

import pytest

from railsim import Run, open_run
from railsim.errors import InputError, StorageError
from railsim.results import store
from railsim.results.catalogue import TABLES
from railsim.results.explaining import TOUCHES
from railsim.results.manifest import digest, folder_name
from railsim.results.reading import list_runs, numbers
from railsim.results.running import write_run
from railsim.results.store import check_root, write_folder
from railsim.results.tables.replications import replications_of
from railsim.scenario import Scenario, load_scenario
from railsim.study.replications import Replication
from tests.runs import contents, harvest_of, tiny_job, tiny_replications, tiny_run


@pytest.fixture
def copy(tmp_path):
    """A run folder that a test may damage."""
    for name, content in contents(tiny_run()).items():
        file = tmp_path / tiny_run().name / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return tmp_path / tiny_run().name


def test_the_folder_is_a_valid_data_package():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from frictionless import Package

        package = Package(str(tiny_run() / "datapackage.json"))
        report = package.validate()

    assert report.valid, report.flatten(["fieldName", "message"])
    assert len(package.resources) == len(TABLES) + 1


def test_every_column_is_described_with_its_unit():
    package = json.loads((tiny_run() / "datapackage.json").read_text("utf-8"))

    for resource in package["resources"]:
        header = (tiny_run() / resource["path"]).read_text("utf-8").split("\n")[0]
        fields = resource["schema"]["fields"]
        assert header.split(",") == [field["name"] for field in fields]
        assert all(field["description"] and field["unit"] for field in fields)


def test_the_resolved_scenario_is_the_scenario():
    scenario = load_scenario(tiny_run() / "scenario.resolved.toml")

    parent = load_scenario(
        tiny_run().parent.parent / "tiny.toml", ["run.replications=2"]
    )
    assert scenario == parent


def test_nothing_in_the_folder_tells_where_it_was_made():
    secrets = [str(tiny_run().parent), os.uname().nodename]

    text = b"".join(
        gzip.decompress(content) if name.endswith(".gz") else content
        for name, content in contents(tiny_run()).items()
    ).decode("utf-8")

    assert [secret for secret in secrets if secret in text] == []
    assert "\r" not in text
    assert "nan" not in text.lower().replace("finance", "").split(",")


def test_assumptions_name_the_line_that_set_each_number():
    rows = list(open_run(tiny_run()).rows("assumptions"))

    origin = {row["path"]: row["origin"] for row in rows}
    assert origin["run.warmup_days"] == "tiny.toml:5"
    assert origin["services.train.capacity_teu"].startswith("small_corridor.toml:")
    assert origin["run.replications"] == "--set"


def test_numbers_come_back_as_numbers():
    rows = numbers(open_run(tiny_run()), "summary")

    assert {row["year"] for row in rows} == {2028}
    assert all(isinstance(row["tonnes"], float) for row in rows)
    assert open_run(tiny_run()).frame("summary")["tonnes"].sum() > 0.0


@pytest.mark.parametrize("damage", ["flip", "cut", "append", "zero"])
def test_a_damaged_file_is_noticed(copy, damage):
    file = copy / "routes.csv"
    good = file.read_bytes()
    file.write_bytes(
        {
            "flip": bytes([good[0] ^ 1]) + good[1:],
            "cut": good[:-1],
            "append": good + b"\n",
            "zero": bytes(len(good)),
        }[damage]
    )

    with pytest.raises(StorageError, match=r"routes\.csv: damaged"):
        open_run(copy)


def test_a_missing_file_is_noticed(copy):
    (copy / "flows.csv").unlink()

    with pytest.raises(StorageError, match=r"flows\.csv: No such file"):
        open_run(copy)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("{", StorageError),
        ("[]", InputError),
        ('{"format": 99, "model_version": "9.0"}', InputError),
        ('{"format": 1}', StorageError),
        ("[" * 100_000, StorageError),
    ],
)
def test_a_bad_manifest_is_refused_in_one_line(copy, content, error):
    (copy / "manifest.json").write_text(content, encoding="utf-8")

    with pytest.raises(error, match=r"manifest\.json") as caught:
        open_run(copy)
    assert "\n" not in str(caught.value)


def test_a_manifest_cannot_name_files_outside(copy):
    manifest = json.loads((copy / "manifest.json").read_text("utf-8"))
    manifest["files"]["../../secret"] = "0" * 64
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    with pytest.raises(StorageError, match="damaged"):
        open_run(copy)


def test_a_folder_that_is_no_run_says_which_one_was_meant(copy):
    with pytest.raises(StorageError, match=rf"did you mean .*{copy.name}"):
        open_run(copy.parent / copy.name[:-1])
    with pytest.raises(InputError, match="is no run"):
        open_run(copy.parent)


def test_runs_are_listed_by_name(copy):
    (copy.parent / "other").mkdir()

    assert [type(run) for run in list_runs(copy.parent)] == [Run]


def test_writing_the_same_again_touches_nothing(tmp_path):
    files = {"a.csv": b"1", "trace/b": b"2"}
    folder = write_folder(tmp_path, "run-1", files)
    before = (folder / "a.csv").stat().st_ino

    write_folder(tmp_path, "run-1", files)

    assert (folder / "a.csv").stat().st_ino == before
    assert contents(folder) == files


def test_a_folder_with_other_bytes_is_replaced_whole(tmp_path):
    write_folder(tmp_path, "run-1", {"a.csv": b"1", "old.csv": b"2"})

    write_folder(tmp_path, "run-1", {"a.csv": b"3"})

    assert contents(tmp_path / "run-1") == {"a.csv": b"3"}
    assert [p.name for p in tmp_path.iterdir() if p.is_dir()] == ["run-1"]


@pytest.mark.parametrize("failing", range(8))
def test_a_write_error_leaves_what_was_there(tmp_path, monkeypatch, failing):
    files = {"a.csv": b"1", "b.csv": b"2"}
    write_folder(tmp_path, "run-1", files)
    calls = []
    fsync = os.fsync

    def full(handle):
        calls.append(handle)
        if len(calls) == failing + 1:
            raise OSError(28, "No space left on device")
        fsync(handle)

    monkeypatch.setattr(os, "fsync", full)
    new = {"a.csv": b"3", "b.csv": b"4"}
    with suppress(StorageError):
        write_folder(tmp_path, "run-1", new)

    assert contents(tmp_path / "run-1") in (files, new)


def test_what_a_killed_command_left_is_swept(tmp_path):
    (tmp_path / ".new-run-1").mkdir()
    (tmp_path / ".new-run-1" / "a.csv").write_bytes(b"half")
    (tmp_path / ".old-run-2").mkdir()
    (tmp_path / ".old-run-2" / "a.csv").write_bytes(b"whole")

    write_folder(tmp_path, "run-1", {"a.csv": b"1"})

    assert contents(tmp_path / "run-1") == {"a.csv": b"1"}
    assert contents(tmp_path / "run-2") == {"a.csv": b"whole"}


def test_a_folder_in_use_names_its_holder(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "PATIENCE_S", 0.0)

    with store.locked(tmp_path), pytest.raises(StorageError, match="by process"):
        write_folder(tmp_path, "run-1", {"a.csv": b"1"})

    assert write_folder(tmp_path, "run-1", {"a.csv": b"1"}).is_dir()


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(StorageError, match="not a folder"):
        check_root(tmp_path / "file")
    with pytest.raises(StorageError, match="no such folder"):
        check_root(tmp_path / "none")
    with pytest.raises(StorageError, match="name too long"):
        check_root(tmp_path / ("x" * 300))
    with pytest.raises(StorageError, match=r"."):
        check_root(type(tmp_path)("/proc"))


def test_names_of_flows_cannot_become_formulas(tmp_path):
    done = [
        Replication(renamed(one.outcome, "fruit_south", "=cmd"), ())
        for one in tiny_replications()
    ]

    folder = write_run(tiny_job(), harvest_of(done), tmp_path).folder

    text = (folder / "flows.csv").read_text("utf-8")
    assert ",'=cmd," in text
    assert ",=cmd," not in text
    assert {row["flow"] for row in open_run(folder).rows("flows")} >= {"=cmd"}


def renamed(outcome, old, new):
    """The same outcome, but a flow has another name."""
    tables = {
        name: tuple(
            replace(row, flow=new) if getattr(row, "flow", "") == old else row
            for row in getattr(outcome, name)
        )
        for name in ("routes", "steps", "costs", "emissions", "calibration")
    }
    return replace(outcome, **tables)


@pytest.mark.parametrize(
    ("stem", "start"), [("-evil name", "evil_name-"), ("昆明", "昆明-"), (".", "run-")]
)
def test_names_of_folders_are_harmless(stem, start):
    assert folder_name(stem, {"a": 1}).startswith(start)


def test_inputs_touch_columns_that_exist():
    known = {
        f"{table.name}.{column.name}"
        for table in TABLES.values()
        for column in table.columns
    }

    assert TOUCHES.keys() == Scenario.model_fields.keys()
    assert {column for columns in TOUCHES.values() for column in columns} <= known


def swap(old, new):
    """Another text for one that is there."""

    def swapped(content):
        assert old in content
        return content.replace(old, new)

    return swapped


@pytest.mark.parametrize(
    ("name", "change", "ask"),
    [
        ("datapackage.json", swap(b'"resources"', b'"r"'), lambda run: run.tables),
        ("datapackage.json", swap(b'"fields"', b"fields"), lambda run: run.kinds),
        ("scenario.resolved.toml", swap(b"[run]", b"[run"), lambda run: run.scenario),
        ("summary.csv", swap(b"2028", b"20x8"), lambda run: numbers(run, "summary")),
        ("summary.csv", lambda c: c + 99 * b"x,", lambda run: run.frame("summary")),
        ("replications.csv", swap(b",1,", b",7,"), replications_of),
        ("replications.csv", swap(b",1,", b",,"), replications_of),
    ],
)
def test_what_was_changed_and_signed_again_is_refused_in_one_line(
    copy, name, change, ask
):
    (copy / name).write_bytes(change((copy / name).read_bytes()))
    manifest = json.loads((copy / "manifest.json").read_text("utf-8"))
    manifest["files"][name] = digest((copy / name).read_bytes())
    (copy / "manifest.json").write_text(json.dumps(manifest), "utf-8")

    with pytest.raises(StorageError, match=f"{name}: damaged"):
        ask(open_run(copy))
