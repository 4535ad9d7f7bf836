"""Metrics are the cells of the tables, with the noise that the tables tell."""

import csv

import numpy as np
import pytest
from scipy import stats

from railsim.errors import InputError
from railsim.results.gates.baselines import baseline_text, read_baseline
from railsim.results.gates.measuring import Measured, measure_all, measured_of
from railsim.results.gates.schema import Metric
from railsim.results.reading import open_run
from tests.runs import tiny_run
from tests.study.sweeps import swept, write_study

ROAD = {"alternative": "with", "year": 2028, "market": "bilateral", "mode": "road"}


def metric_of(**told):
    """A metric of the tiny run's summary, unless it says otherwise."""
    return Metric(**{"table": "summary", "column": "share", "where": ROAD, **told})


def found_in_run(**told):
    """What a metric of the tiny run is."""
    return measure_all(open_run(tiny_run()), {"x": metric_of(**told)})["x"]


def cell(**where):
    """The row of the summary's file."""
    with (tiny_run() / "summary.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if all(row[k] == str(v) for k, v in where.items())
        ]
    (row,) = rows
    return row


def test_a_cell_has_the_standard_error_of_its_interval():
    found, row = found_in_run(), cell(**ROAD)

    assert found.mean == float(row["share"])
    assert found.count == 2
    low, high = found.interval()
    assert (high - low) / 2 == pytest.approx(float(row["share_ci95"]), rel=1e-9)


def test_a_difference_of_cells_is_paired_by_replication():
    found = found_in_run(less={"mode": "rail"})
    rail, road = (found_in_run(where={**ROAD, "mode": m}) for m in ("rail", "road"))

    steps = np.array(road.draws) - np.array(rail.draws)
    assert len(steps) == 2
    assert found.mean == pytest.approx(road.mean - rail.mean, rel=1e-8)
    assert found.error == pytest.approx(steps.std(ddof=1) / np.sqrt(2), rel=1e-9)


def test_a_difference_of_cells_without_replications_adds_their_noise():
    told = {"table": "routes", "column": "time_mean_h"}
    first, second = list(open_run(tiny_run()).rows("routes"))[:2]
    keys = ("alternative", "flow", "route")
    where, less = ({key: row[key] for key in keys} for row in (first, second))

    found = found_in_run(**told, where=where, less=less)
    parts = [found_in_run(**told, where=each) for each in (where, less)]

    assert found.mean == parts[0].mean - parts[1].mean
    assert found.error == pytest.approx(np.hypot(*(p.error for p in parts)), rel=1e-12)


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (
            {"table": "summery"},
            "no table is called 'summery' (did you mean 'summary'?)",
        ),
        ({"column": "shares"}, "no column in summary is called 'shares' (did you"),
        ({"where": {"yeer": 1}}, "no column in summary is called 'yeer' (did you mean"),
        ({"where": {"year": 2028}}, "rows where year = 2028, not one"),
        ({"where": {"year": 1999}}, "summary has 0 rows where year = 1999, not one"),
        ({"where": {**ROAD, "year": "2028"}}, "summary has 0 rows where"),
        ({"column": "mode"}, "summary.mode is empty there, or no number"),
        ({"table": "../summary"}, "no table is called '../summary'"),
        (
            {"table": None, "column": None, "where": {}, "output": "x"},
            "is no sweep (railsim sweep",
        ),
    ],
)
def test_what_a_run_does_not_have_is_named(told, message):
    with pytest.raises(InputError) as caught:
        found_in_run(**told)

    assert str(caught.value).startswith("metrics.x: ")
    assert message in str(caught.value)


def test_an_output_of_a_sweep_is_its_draws(tmp_path):
    run = open_run(swept(write_study(tmp_path)).folder)
    rows = [
        float(row["value"])
        for row in run.rows("outputs")
        if (row["cell"], row["metric"]) == ("fast", "rail_share")
    ]

    found = measure_all(run, {"x": Metric(output="rail_share", cell="fast")})["x"]

    assert list(found.draws) == rows
    assert found.mean == pytest.approx(np.mean(rows), rel=1e-14)
    assert found.interval() == pytest.approx(
        stats.t.interval(0.95, 7, np.mean(rows), stats.sem(rows)), rel=1e-12
    )


def test_draws_that_failed_keep_their_place_and_do_not_count():
    found = measured_of(np.array([1.0, np.nan, 3.0, np.inf]))

    assert (found.mean, found.count) == (2.0, 2)
    assert found.error == pytest.approx(1.0)
    np.testing.assert_array_equal(found.draws, [1.0, np.nan, 3.0, np.nan])


def test_no_draw_at_all_is_no_metric():
    with pytest.raises(InputError, match="no value in any draw"):
        measured_of(np.array([np.nan, np.inf]))


ODD = 'a "b" \\ [c] \u1ea1\n'


def test_a_baseline_comes_back_as_it_went(tmp_path):
    run = open_run(tiny_run())
    found = {
        "x": Measured(1.0 / 3.0, 0.1 + 0.2, 5),
        ODD: measured_of(np.array([1e-100, np.nan, 1e100])),
        "z": Measured(-2.0, np.nan, 1),
    }
    file = tmp_path / "base.toml"
    file.write_text(baseline_text(run, found), encoding="utf-8")

    stored = read_baseline(file)

    assert repr(stored.metrics) == repr(found)
    assert stored.has_futures_of(run)


def test_other_seeds_have_other_futures(tmp_path):
    run = open_run(tiny_run())
    text = baseline_text(run, {})
    file = tmp_path / "base.toml"
    for old, new in (("seed = ", "seed = 1"), ("size = ", "size = 1")):
        file.write_text(text.replace(old, new) + "[metrics]\n", encoding="utf-8")

        assert not read_baseline(file).has_futures_of(run)


@pytest.mark.parametrize(
    "change",
    [
        ("format = 1", "format = 'x'"),
        ("format = 1", ""),
        ("seed = ", "sead = "),
        ("size = ", "size = 'x' # "),
        ("[metrics.", "[metricks."),
        ("mean = ", "mean = [] # "),
        ("mean = ", "mean = inf # "),
        ("error = ", "error = -1 # "),
        ("count = ", "count = {} # "),
        ("count = ", "count = inf # "),
        ("count = ", "count = 0 # "),
        ("draws = ", "draws = 7 # "),
        ("draws = ", "draws = ['x'] # "),
    ],
)
def test_what_is_no_baseline_is_refused(tmp_path, change):
    found = {"x": measured_of(np.array([1.0, 2.0]))}
    file = tmp_path / "base.toml"
    text = baseline_text(open_run(tiny_run()), found).replace(*change)
    file.write_text(text, encoding="utf-8")

    with pytest.raises(InputError, match="is no baseline"):
        read_baseline(file)


def test_a_baseline_of_a_newer_railsim_is_refused(tmp_path):
    file = tmp_path / "base.toml"
    file.write_text("format = 2\n", encoding="utf-8")

    with pytest.raises(InputError, match="newer railsim"):
        read_baseline(file)
