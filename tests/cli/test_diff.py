"""`railsim diff` as a reviewer uses it."""

import json
import math
import shutil

import numpy as np
import pytest

from railsim.results.comparing.evaluating import FOLDER
from railsim.results.reading import open_run
from railsim.results.tables.replications import replications_of
from tests.report.payloads import renamed
from tests.runs import contents, railsim, tiny_run, write_tiny
from tests.study.sweeps import swept, write_study

CHEAP = "services.train.tariff_usd_per_teu_km=0.3"
FAST = "stations.gate.servers=4"
PAYLOAD = "<img src=x onerror=alert(1)> | `x` [y](z) \x1b[31m"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """The tiny scenario, with a cheaper train and a wider gate, and with other luck."""
    folder = tmp_path_factory.mktemp("runs")
    file = write_tiny(folder)
    return folder / "results", {
        name: made(file, "--replications", 2, *words)
        for name, words in {
            "base": (),
            "both": ("--set", CHEAP, "--set", FAST),
            "other": ("--seed", 8),
        }.items()
    }


def made(file, *words):
    """The folder of a run."""
    said = railsim("run", file, "--out", file.parent / "results", *words)
    assert said.code == 0, said.err
    return file.parent / "results" / said.err.split("   next:")[0].split("/")[-1]


def told(*words):
    """The answer as JSON."""
    said = railsim("diff", *words, "--json")
    return said, json.loads(said.out)


def test_a_run_does_not_differ_from_itself(runs):
    _, of = runs

    said = railsim("diff", of["base"], of["base"], "--attribute")
    _, found = told(of["base"], of["base"])

    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[-1] == "nothing differs"
    assert found["is_same"]
    assert {each["difference"] for each in found["outputs"]} == {0.0}
    assert {each["result"] for each in found["outputs"]} == {"same"}


def test_inputs_and_paired_outputs_that_differ_are_named(runs):
    _, of = runs

    said, found = told(of["base"], of["both"])

    assert said.code == 1
    assert found["inputs"] == [
        {"path": "stations.gate.servers", "before": 3, "after": 4},
        {"path": "services.train.tariff_usd_per_teu_km", "before": 0.5, "after": 0.3},
    ]
    olds, news = (replications_of(open_run(of[name])) for name in ("base", "both"))
    steps = {
        key: np.nanmean(news[key] - olds[key]) for key in olds.keys() & news.keys()
    }
    shares = [o for o in found["outputs"] if o.get("column") == "share"]
    assert shares
    for output in found["outputs"]:
        key = next(k for k in steps if is_cell(k, output))
        assert output["difference"] == pytest.approx(steps[key], abs=1e-9)
        assert output["is_paired"]
    assert "changed" in {output["result"] for output in found["outputs"]}


def is_cell(key, output):
    """Whether an output is the cell of a key."""
    known = {"before", "after", "difference", "difference_ci95", "is_paired", "result"}
    words = [v for k, v in output.items() if k not in known]
    return words == [word for word in key if word is not None]


def test_parts_sum_to_the_difference_and_are_kept(runs):
    root, of = runs

    said, found = told(of["base"], of["both"], "--attribute")
    parts = contents(root / FOLDER)
    again = railsim("diff", of["base"], of["both"], "--attribute", "--md")

    assert "2 causes, 2 runs of 2 to make" in said.err
    assert "2 causes, 0 runs of 2 to make" in again.err
    assert "stations.gate.servers" in again.out
    assert (len(parts), contents(root / FOLDER)) == (2, parts)
    for output in found["outputs"]:
        known = [part["value"] for part in output["parts"] if part["value"] is not None]
        if len(known) == 2:
            size = max(abs(output["before"]), abs(output["after"]))
            assert math.fsum(known) == pytest.approx(
                output["difference"], abs=1e-12 * size
            )


def test_a_damaged_part_is_made_again(runs):
    root, of = runs
    railsim("diff", of["base"], of["both"], "--attribute")
    before = contents(root / FOLDER)
    first = root / FOLDER / next(iter(before))
    first.write_bytes(first.read_bytes()[:-20])

    said = railsim("diff", of["base"], of["both"], "--attribute")

    assert "1 runs of 2 to make" in said.err
    assert contents(root / FOLDER) == before


def test_other_luck_is_an_input_and_is_not_paired(runs):
    _, of = runs

    _, found = told(of["base"], of["other"])

    assert [change["path"] for change in found["inputs"]] == ["run.seed"]
    assert {output["is_paired"] for output in found["outputs"]} == {False}


def test_sweeps_are_compared_draw_by_draw(tmp_path):
    first = swept(write_study(tmp_path)).folder
    study = "{ 'run.simulate_years' = [2029, 2032], 'economy.vnd_per_usd' = 27000.0 }"
    second = swept(write_study(tmp_path, set=study)).folder

    said, found = told(first, second)

    assert said.code == 1
    assert "economy.vnd_per_usd" in {change["path"] for change in found["inputs"]}
    assert {output["is_paired"] for output in found["outputs"]} == {True}
    assert {output["output"] for output in found["outputs"]} == {
        "rail_share",
        "cost_saved",
    }


def test_what_cannot_be_compared_says_so_in_one_line(runs, tmp_path):
    _, of = runs
    sweep = swept(write_study(tmp_path)).folder
    three = made(write_tiny(tmp_path), "--replications", 3, "--set", CHEAP)
    base = of["base"]
    cases = {
        (base, tmp_path): (2, "is no run"),
        (base, tmp_path / "nowhere"): (5, "no such folder"),
        (base, sweep): (2, "one is a run, the other a sweep"),
        (base, base, "--json", "--md"): (2, "--json or --md, not both"),
        (base, three, "--attribute"): (2, "2 and 3 replications"),
        (base, of["both"], "--attribute", "--by", "line"): (2, "--by line: must be"),
        (base, of["both"], "--attribute", "--out", tmp_path / "no"): (5, "no such"),
    }

    for words, (code, message) in cases.items():
        said = railsim("diff", *words)
        assert (said.code, said.out) == (code, ""), words
        assert message in said.err
        assert len(said.err.splitlines()) <= 2
        assert "Traceback" not in said.err


def test_a_damaged_table_is_refused(runs, tmp_path):
    _, of = runs
    copy = tmp_path / of["both"].name
    shutil.copytree(of["both"], copy)
    table = copy / "replications.csv"
    table.write_bytes(table.read_bytes().replace(b"rail", b"road", 1))

    said = railsim("diff", of["base"], copy)

    assert said.code == 5
    assert "damaged, its checksum is not the manifest's" in said.err


def test_names_stay_text_in_markdown_and_on_the_terminal(tmp_path):
    copy = renamed(open_run(tiny_run()), tmp_path, PAYLOAD).folder

    for words in ((), ("--md",)):
        said = railsim("diff", tiny_run(), copy, *words)
        assert said.code == 1
        assert "\x1b" not in said.out
        if words:
            assert "<img" not in said.out
