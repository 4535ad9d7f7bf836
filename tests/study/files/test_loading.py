"""A study file is checked whole; each mistake is one line at its place."""

import pytest

from railsim.scenario import ScenarioError
from railsim.study.files.loading import load_study
from railsim.study.uncertainty.distributions import Constant
from tests.study.sweeps import DESIGN, GRID, OPENS, OUTPUTS, UNCERTAIN, write_study

SOBOL = "[design]\nkind = 'sobol'\n"
LHS = "[design]\nkind = 'lhs'\nwithin = 'random'\n"
UNIFORM = '"{}" = {{ dist = "uniform", low = {}, high = {} }}\n'
PAIR = "{{ one = '{}', other = '{}', rank_correlation = {} }}"
STOPPING = """
[stopping]
least = 4
every = 2
rules = [{ metric = "rail_share", alternative = "with", of = "mean", half_width = 0.1 }]
"""


def tied(*pairs):
    """Correlations of the openings' year, the yuan and the dong."""
    dong = UNIFORM.format("economy.vnd_per_usd", 20000.0, 30000.0)
    short = {"y": OPENS, "c": "economy.cny_per_usd", "d": "economy.vnd_per_usd"}
    written = ", ".join(PAIR.format(short[a], short[b], r) for a, b, r in pairs)
    return (
        UNCERTAIN + dong,
        f"\n[correlations]\nmethod = 'copula'\npairs = [{written}]\n",
    )


BAD = {
    "a size of nothing": ({"size": 0}, "study.size: must be at least 1"),
    "a size that is no power of two": (
        {"design": SOBOL, "size": 9},
        "error[E103] study.size: must be a power of two",
    ),
    "an unknown design": (
        {"design": "[design]\nkind = 'sobl'\n"},
        "did you mean 'sobol'?",
    ),
    "a path that leads nowhere": (
        {"uncertain": "[uncertain]\n" + UNIFORM.format("economy.cny_per_us", 1.0, 2.0)},
        "did you mean 'economy.cny_per_usd'?",
    ),
    "a low above its high": (
        {"uncertain": "[uncertain]\n" + UNIFORM.format(OPENS, 2032.0, 2031.0)},
        "low <= high must hold",
    ),
    "a middle that the scenario refuses": (
        {"uncertain": "[uncertain]\n" + UNIFORM.format(OPENS, -9.0, -8.0)},
        "must be at least",
    ),
    "a path without evidence": (
        {"uncertain": f"[uncertain]\n'{OPENS}' = {{ from = 'sources' }}\n"},
        "sources.csv has no row for this path",
    ),
    "a path that is drawn twice": (
        {
            "uncertain": UNCERTAIN
            + f"[scaled.all]\npaths = ['{OPENS}']\n"
            + "factor = { dist = 'uniform', low = 0.9, high = 1.1 }\n"
        },
        "is drawn twice",
    ),
    "a factor on a word": (
        {
            "uncertain": UNCERTAIN
            + "[scaled.all]\npaths = ['run.title']\n"
            + "factor = { dist = 'uniform', low = 0.9, high = 1.1 }\n"
        },
        "is no number in the scenario",
    ),
    "an unknown table of answers": (
        {"outputs": "[outputs.x]\ntable = 'route'\ncolumn = 'tonnes'\n"},
        "did you mean 'routes'?",
    ),
    "an unknown column": (
        {"outputs": "[outputs.x]\ntable = 'routes'\ncolumn = 'tons'\n"},
        "there is no column of numbers in routes 'tons'",
    ),
    "a filter on an unknown column": (
        {"outputs": OUTPUTS.replace("mode =", "modus =")},
        "did you mean 'mode'?",
    ),
    "a mode the scenario has not": (
        {"outputs": OUTPUTS.replace('"rail"', '"rial"')},
        "did you mean 'rail'?",
    ),
    "a year that nobody reports": (
        {
            "outputs": OUTPUTS.replace(
                "{ year = 2032 }\nagainst", "{ year = 2033 }\nagainst"
            )
        },
        "the scenario has no year 2033",
    ),
    "a unit that the column has not": (
        {"outputs": OUTPUTS + "unit = 'EUR'\n"},
        "error[E111] outputs.cost_saved.unit: "
        "routes.generalised_cost_usd_per_teu has the unit 'USD/TEU'",
    ),
    "a comparison with an unknown world": (
        {"outputs": OUTPUTS.replace('"without"', '"withoux"')},
        "did you mean 'without'?",
    ),
    "a world that the grid does not know": (
        {"more": GRID.replace('["with"]', '["witg"]')},
        "did you mean 'with'?",
    ),
    "a reference that is no level": (
        {"more": GRID.replace('"slow" }', '"slwo" }')},
        "did you mean 'slow'?",
    ),
    "a level that the scenario refuses": (
        {"more": GRID.replace("0.5 }", "-0.5 }")},
        "must be above 0, found -0.5",
    ),
    "two axes for one path": (
        {
            "more": GRID.replace("ramp =", "other = 'a', ramp =")
            + "[grid.axes.other]\na = { 'openings.railway.ramp_up_years' = 1 }\n"
        },
        "is also written by the axis 'ramp'",
    ),
    "a scenario that is not there": (
        {"scenario": "'../toy_coridor.toml'"},
        "did you mean '../toy_corridor.toml'?",
    ),
    "a scenario outside": (
        {"scenario": "'../../../elsewhere.toml'"},
        "lies outside the folder of scenarios",
    ),
    "a value that the scenario refuses": (
        {"set": "{ 'run.simulate_years' = [2029, 2032], 'run.first_year' = 1 }"},
        "toy.toml:4:",
    ),
    "an unknown key": ({"sed": 3}, "study.sed: unknown key"),
    "events that are not asked for": (
        {"event_draws": 3},
        "event_draws belongs to fidelity 'both'",
    ),
    "a rule for a design whose beginning is no sample": (
        {"design": LHS, "more": STOPPING},
        "needs a design whose first draws stand alone",
    ),
    "a rule for an unknown output": (
        {"more": STOPPING.replace("rail_share", "rail_shere")},
        "did you mean 'rail_share'?",
    ),
    "a mean with two precisions": (
        {"more": STOPPING.replace("half_width", "relative = 0.1, half_width")},
        "needs either half_width or relative",
    ),
    "correlations that contradict each other": (
        dict(
            zip(
                ("uncertain", "more"),
                tied(("y", "c", 0.95), ("c", "d", 0.95), ("y", "d", -0.95)),
                strict=True,
            )
        ),
        "contradict each other",
    ),
    "a correlation with what is certain": (
        {
            "more": "\n[correlations]\nmethod = 'copula'\npairs = ["
            + PAIR.format(OPENS, "economy.vnd_per_usd", 0.5)
            + "]\n"
        },
        "there is no uncertain input 'economy.vnd_per_usd'",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_mistake_is_one_line_at_its_place(tmp_path, name):
    changes, expected = BAD[name]
    file = write_study(tmp_path, **changes)

    with pytest.raises(ScenarioError) as caught:
        load_study(file)

    text = str(caught.value)
    assert expected in text
    assert "toy.toml:" in text
    assert text.count("error[") == 1, text


def test_all_mistakes_are_told_at_once(tmp_path):
    file = write_study(
        tmp_path,
        outputs=OUTPUTS.replace('"rail"', '"rial"'),
        more=GRID.replace('"slow" }', '"slwo" }'),
        uncertain="[uncertain]\n" + UNIFORM.format("economy.cny_per_us", 1.0, 2.0),
    )

    with pytest.raises(ScenarioError) as caught:
        load_study(file)

    assert caught.value.count == 3


def test_a_mistake_in_an_option_names_the_option(tmp_path):
    with pytest.raises(ScenarioError, match="--size 0: error"):
        load_study(write_study(tmp_path), settings={"size": 0})


def test_evidence_becomes_a_distribution(tmp_path):
    rows = (
        "path,low,mode,high,distribution,source,publisher,address,date,grade,remark\n"
        f"{OPENS},2030.5,2030.5,2030.5,const,x,,,,judged,\n"
    )
    file = write_study(
        tmp_path, uncertain=f"[uncertain]\n'{OPENS}' = {{ from = 'sources' }}\n"
    )
    (tmp_path / "scenarios" / "sources.csv").write_text(rows, encoding="utf-8")

    study = load_study(file).study

    assert study.uncertain[OPENS] == Constant(dist="const", value=2030.5)


def test_a_missing_file_is_one_line(tmp_path):
    with pytest.raises(ScenarioError, match="no such file"):
        load_study(tmp_path / "nothing.toml")


def test_the_design_of_the_file_is_the_one_that_is_drawn(tmp_path):
    planned = load_study(write_study(tmp_path, design=DESIGN, size=5))

    assert len(planned.sample) == 5
    assert planned.study.design.kind == "monte_carlo"
