"""The integration toy: `railsim run` must write what a formula says (WE-43)."""

import json
from pathlib import Path

import pytest

from railsim import formulas
from railsim.results.reading import Run, open_run
from tests.runs import railsim
from tests.sources import ROOT

TOY = ROOT / "scenarios" / "toy_corridor.toml"
EXAMPLES = Path(formulas.__file__).parent.parent / "worked_examples.jsonl"
TOLERANCE = 1e-9  # of the specification; ten digits are written


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Run:
    out = tmp_path_factory.mktemp("results")
    said = railsim("run", TOY, "--out", out)
    assert said.code == 0, said.err
    return open_run(next(folder for folder in out.iterdir() if folder.is_dir()))


@pytest.fixture(scope="module")
def wanted() -> dict:
    for line in EXAMPLES.read_text(encoding="utf-8").splitlines():
        example = json.loads(line)
        if example["f"] == "toy_corridor":
            return example["out"]
    raise AssertionError("no worked example of the toy")


def of_world(run: Run, table: str) -> list[dict[str, str]]:
    return [row for row in run.rows(table) if row["alternative"] == "with"]


def test_flows_of_every_route_and_year_are_those_of_the_formula(run, wanted):
    found = {(r["year"], r["route"]): float(r["teu"]) for r in of_world(run, "flows")}

    for year, answer in wanted.items():
        for route, teu in answer["flows"].items():
            assert found.get((year, route), 0.0) == pytest.approx(teu, rel=TOLERANCE)


def test_the_railway_earns_what_the_formula_says(run, wanted):
    found = {
        row["year"]: float(row["revenue_usd"])
        for row in of_world(run, "revenues")
        if row["payee"] == "railway"
    }

    for year, answer in wanted.items():
        revenue = answer["rail_revenue_usd"]
        assert found.get(year, 0.0) == pytest.approx(revenue, rel=TOLERANCE)


@pytest.mark.parametrize(
    ("column", "key"),
    [
        ("teu", "teu"),
        ("consumer_surplus_usd", "consumer_surplus_usd"),
        ("t_co2e", "emissions_t"),
        ("t_co2e_saved", "emissions_saved_t"),
    ],
)
def test_surplus_and_emissions_are_those_of_the_formula(run, wanted, column, key):
    found = {row["year"]: float(row[column]) for row in of_world(run, "effects")}

    assert found.keys() == wanted.keys()
    for year, answer in wanted.items():
        assert found[year] == pytest.approx(answer[key], rel=TOLERANCE, abs=1e-6)


def test_the_run_says_which_fidelity_made_it(run):
    assert run.manifest["fidelity"] == "analytic"
    assert run.manifest["is_converged"] is True
    assert run.manifest["warnings"] == []
