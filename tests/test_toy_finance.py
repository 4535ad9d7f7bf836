"""The toy of finance through the whole program: `railsim run` writes WE-44."""

import json

import pytest

from railsim.results.reading import Run, open_run
from tests.runs import railsim
from tests.sources import PACKAGE, ROOT

TOY = ROOT / "scenarios" / "toy_finance.toml"
TOLERANCE = 1e-9  # of the specification; ten digits are written
MILLION = 1e6
FIGURES = {
    "debt_at_cod": ("owner", "debt_at_opening", MILLION),
    "idc": ("owner", "interest_capitalised", MILLION),
    "payment": ("loan", "first_instalment", MILLION),
    "min_dscr": ("owner", "dscr_min", 1.0),
    "avg_dscr": ("owner", "dscr_avg", 1.0),
    "llcr": ("owner", "llcr", 1.0),
    "project_irr": ("railway", "irr", 1.0),
    "equity_irr": ("equity", "irr", 1.0),
    "closing": ("loan", "closing", MILLION),
}
"""Key of the worked example -> scope, metric and unit of the summary."""


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Run:
    out = tmp_path_factory.mktemp("results")
    said = railsim("run", TOY, "--out", out)
    assert said.code == 0, said.err
    return open_run(next(folder for folder in out.iterdir() if folder.is_dir()))


@pytest.fixture(scope="module")
def wanted() -> dict:
    lines = (PACKAGE / "worked_examples.jsonl").read_text(encoding="utf-8").splitlines()
    (example,) = [e for e in map(json.loads, lines) if e["f"] == "toy_finance"]
    return example["out"]


def test_no_figure_of_the_worked_example_is_left_out(wanted):
    assert FIGURES.keys() == wanted.keys()


@pytest.mark.parametrize("key", FIGURES)
def test_the_summary_holds_the_figures_of_the_worked_example(run, wanted, key):
    scope, metric, unit = FIGURES[key]

    found = [
        float(row["value"]) / unit
        for row in run.rows("finance_summary")
        if (row["scope"], row["metric"]) == (scope, metric)
        and row["prices"] != "real"
        and row["alternative"] == "with"
    ]

    assert found == pytest.approx([wanted[key]], rel=TOLERANCE, abs=1e-9)


def test_cash_short_of_debt_service_is_reported_with_its_date(run):
    (least,) = [
        row
        for row in run.rows("finance_summary")
        if row["metric"] == "dscr_min" and row["alternative"] == "with"
    ]
    schedule = [r for r in run.rows("debt_schedule") if r["alternative"] == "with"]

    assert least["timing"] == "2029-06-30"
    assert float(least["value"]) < 1.0
    assert float(schedule[-1]["closing"]) == 0.0
    assert len(schedule) == 36


def test_every_check_of_the_accounts_is_met(run):
    rows = list(run.rows("finance_checks"))

    assert rows
    assert {row["is_met"] for row in rows} == {"true"}
