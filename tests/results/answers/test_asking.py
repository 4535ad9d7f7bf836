"""A sweep folder answers what matters, where, what to do and where it turns."""

import json

import numpy as np
import pytest

from railsim.errors import InputError
from railsim.results.answers.asking import (
    boxes_of,
    chances_of,
    decision_of,
    payoffs_of,
    sensitivity_of,
    waiting_of,
)
from railsim.results.answers.choosing import beliefs_of, cheapest_of, exceedance_of
from railsim.results.answers.reading import open_sweep
from railsim.results.answers.turning import Range, breakeven_of, breakeven_on_axis
from railsim.results.sweeps.planning import plan_sweep
from railsim.results.sweeps.running import run_sweep
from railsim.study.sweep.expressions import condition_of, verdict_of
from tests.runs import railsim, tiny_run
from tests.study.sweeps import HERE, OPENS, OUTPUTS, Counting, swept, write_study

SOBOL = "[design]\nkind = 'sobol'\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Sixty-four draws of the toy study."""
    file = write_study(tmp_path_factory.mktemp("asked"), design=SOBOL, size=64)
    return swept(file).folder


@pytest.fixture(scope="module")
def answers(folder):
    """The same read back."""
    return open_sweep(folder)


def test_numbers_are_those_of_the_table_by_draw(answers):
    world = answers.world("with", "fast")
    rows = [
        row
        for row in answers.run.rows("outputs")
        if (row["cell"], row["metric"]) == ("fast", "rail_share")
    ]

    found = answers.numbers("rail_share", world)

    assert found.tolist() == [float(row["value"]) for row in rows]
    assert [int(row["draw"]) for row in rows] == list(range(64))


def test_without_names_the_reference_cell_of_the_grid_is_meant(answers):
    assert answers.world(None, None).name == "with slow"
    assert answers.world("without", None).name == "without"


def test_the_date_of_opening_explains_the_share_and_the_yuan_does_not(answers):
    rows = sensitivity_of(answers, ["rail_share"], answers.world(None, None))

    src = {row.param: row.value for row in rows if row.method == "src"}
    assert src[OPENS] == pytest.approx(-1.0, abs=0.02)
    assert src["economy.cny_per_usd"] is None


def test_a_box_finds_the_early_openings(answers):
    world = answers.world(None, None)
    middle = float(np.median(answers.numbers("rail_share", world)))

    rows = list(boxes_of(answers, condition_of(f"rail_share > {middle}"), world))

    first = rows[0]
    assert first.param == OPENS
    assert first.low is None
    assert first.high == pytest.approx(2030.75, abs=0.05)
    assert (first.density, first.coverage) >= (0.95, 0.95)


def test_a_cell_that_is_better_in_every_draw_has_no_regret(answers):
    payoffs = payoffs_of(answers, "rail_share", "with")

    rows = {
        (r.metric, r.alternative): r.value for r in decision_of(answers, payoffs, 0.05)
    }

    assert list(payoffs) == ["slow", "fast"]
    assert rows["regret_max", "fast"] == 0.0
    assert rows["best_share", "fast"] == 1.0
    assert rows["evpi", ""] == 0.0


def test_chances_are_told_of_every_world(answers):
    rows = chances_of(answers, condition_of("rail_share > 0"))

    assert {r.alternative: r.value for r in rows} == {
        "without": 0.0,
        "with slow": 1.0,
        "with fast": 1.0,
    }


def test_waiting_for_a_better_cell_is_worth_the_difference(answers):
    payoffs = payoffs_of(answers, "rail_share", "with")
    gain = float(np.mean(payoffs["fast"] - payoffs["slow"]))

    rows = {
        r.metric: r.value for r in waiting_of(answers, payoffs, "slow", "fast", None)
    }

    assert rows["delay_option"] == pytest.approx(gain)


def test_a_break_even_lies_where_the_mean_crosses_the_level(tmp_path):
    file = write_study(tmp_path, size=4, more="")
    key = "openings.railway.ramp_up_years"

    def plan(value):
        return plan_sweep(file, settings={}, overrides=[f"{key}={value!r}"])

    found = breakeven_of(
        plan,
        verdict_of("rail_share > 0.3"),
        "with",
        Range(0.5, 4.0, 3),
        folder=tmp_path,
        crew=HERE,
        progress=Counting(),
    )

    assert found.turn == "once"
    there = run_sweep(plan(found.estimate.value), tmp_path, HERE, Counting())
    answers = open_sweep(there.folder)
    share = answers.numbers("rail_share", answers.named("with")).mean()
    assert share == pytest.approx(0.3, abs=1e-3)


def test_a_break_even_that_is_asked_again_draws_nothing(tmp_path):
    file = write_study(tmp_path, size=4, more="")
    key = "openings.railway.ramp_up_years"
    drawn = []

    def ask():
        progress = Counting()
        found = breakeven_of(
            lambda x: plan_sweep(file, settings={}, overrides=[f"{key}={x!r}"]),
            verdict_of("rail_share > 0.3"),
            "with",
            Range(0.5, 4.0, 3),
            folder=tmp_path,
            crew=HERE,
            progress=progress,
        )
        drawn.append(progress.done)
        return found

    assert ask() == ask()
    assert drawn[0] >= 12
    assert drawn[1] == 0


NUMBERED = """
[grid]
alternatives = ["with"]
reference = { ramp = "3" }

[grid.axes.ramp]
"3" = { "openings.railway.ramp_up_years" = 3 }
"0.5" = { "openings.railway.ramp_up_years" = 0.5 }
"2" = { "openings.railway.ramp_up_years" = 2 }
"""


def test_along_an_axis_a_verdict_turns_between_its_levels(tmp_path):
    answers = open_sweep(swept(write_study(tmp_path, more=NUMBERED)).folder)
    mean = {
        level: answers.numbers("rail_share", answers.world("with", level)).mean()
        for level in ("0.5", "2", "3")
    }
    level = float(mean["2"] + mean["3"]) / 2

    found = breakeven_on_axis(
        answers, "ramp", verdict_of(f"rail_share > {level!r}"), answers.named(None)
    )

    assert found.turn == "once"
    assert found.asked == (0.5, 2.0, 3.0)
    assert found.estimate.value == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("axis", "expected"),
    [("ramp", "levels are not numbers"), ("start", "has no axis 'start': ramp")],
)
def test_an_axis_without_numbers_has_no_break_even(answers, axis, expected):
    with pytest.raises(InputError, match=expected):
        breakeven_on_axis(answers, axis, verdict_of("x > 1"), answers.named(None))


def test_exceedance_falls_from_all_to_none_in_every_world(answers):
    rows = list(exceedance_of(answers, "rail_share", answers.worlds))

    by_world = {name: [] for name in ("without", "with slow", "with fast")}
    for row in rows:
        by_world[row.alternative].append((row.level, row.probability))
    values = answers.numbers("rail_share", answers.named("with slow"))
    for level, probability in by_world["with slow"]:
        assert probability == np.mean(values > level)
    assert [len(curve) for curve in by_world.values()] == [41, 41, 41]
    assert [p for _, p in by_world["without"]] == [0.0] * 41


BY_MODE = """
[outputs.cost]
table = "routes"
column = "generalised_cost_usd_per_teu"
aggregate = "mean"
weight = "teu"
where = { year = 2032 }
by = ["commodity", "mode"]
"""


def test_the_cheapest_mode_is_counted_over_the_draws(tmp_path):
    file = write_study(tmp_path, outputs=OUTPUTS + BY_MODE, size=8)
    answers = open_sweep(swept(file).folder)
    world = answers.named("with fast")

    rows = list(cheapest_of(answers, "cost", world))

    table = {
        mode: answers.numbers(f"cost.boxes.{mode}", world)
        for mode in ("rail", "road", "sea")
    }
    least = np.argmin(np.stack(list(table.values())), axis=0)
    expected = {
        f"p_{mode}_cheapest": np.mean(least == k) for k, mode in enumerate(table)
    }
    assert {row.metric: row.value for row in rows} == expected
    assert {row.commodity for row in rows} == {"boxes"}
    assert sum(expected.values()) == 1.0


def test_an_output_that_is_not_by_mode_has_no_cheapest(answers):
    with pytest.raises(InputError, match="must be an output with by"):
        list(cheapest_of(answers, "rail_share", answers.named(None)))


BELIEFS = f"""
[uncertain."{OPENS}"]
dist = "mixture"
drawn = "by_part"

[[uncertain."{OPENS}".parts]]
weight = 0.5
of = {{ dist = "uniform", low = 2030.0, high = 2030.1 }}
source = "law"

[[uncertain."{OPENS}".parts]]
weight = 0.5
of = {{ dist = "uniform", low = 2031.0, high = 2031.1 }}
"""


def test_whom_one_believes_is_most_of_the_spread(tmp_path):
    file = write_study(tmp_path, uncertain=BELIEFS, design=SOBOL, size=64)
    answers = open_sweep(swept(file).folder)
    world = answers.named(None)

    rows = {r.metric: r.value for r in beliefs_of(answers, "rail_share", world, OPENS)}

    values = answers.numbers("rail_share", world)
    early = answers.sample.values[OPENS] < 2030.5
    assert rows["mean if law is right"] == pytest.approx(values[early].mean())
    assert rows["mean if part 2 is right"] == pytest.approx(values[~early].mean())
    assert rows[f"disagreement {OPENS}"] > 0.9


def test_an_input_of_one_source_has_no_disagreement(answers):
    world = answers.named(None)
    with pytest.raises(InputError, match="drawn = 'by_part'"):
        list(beliefs_of(answers, "rail_share", world, OPENS))


def test_repeated_draws_tell_how_much_is_luck(tmp_path):
    file = write_study(tmp_path, size=8, replications=2)
    answers = open_sweep(swept(file).folder)

    rows = list(sensitivity_of(answers, ["rail_share"], answers.named(None)))

    table = answers.by_replication("rail_share", answers.named(None))
    assert table.shape == (8, 2)
    assert np.array_equal(table[:, 0], table[:, 1])  # closed forms know no luck
    assert (rows[0].method, rows[0].param, rows[0].value) == ("noise_share", "luck", 0)


ASKED = [
    (("sensitivity",), "sensitivity", "src"),
    (("sensitivity", "--output", "rail_share"), "sensitivity", "rail_share of with"),
    (("discover", "--when", "rail_share > 18%"), "boxes", OPENS),
    (("discover", "--when", "rail_share > 18%", "--method", "cart"), "tree", OPENS),
    (
        ("discover", "--when", "rail_share > 18%", "--method", "peeling"),
        "peeling",
        OPENS,
    ),
    (("decide", "--output", "rail_share"), "exceedance", "payoff_mean"),
    (("decide", "--when", "rail_share > 0.2"), "decision", "P(rail_share > 0.2)"),
    (("decide", "--wait", "slow,fast"), "decision", "delay_option"),
    (("decide", "--wait", "slow,fast", "--learn", f"{OPENS}=0.5"), "decision", "act"),
]


@pytest.mark.parametrize(("words", "table", "expected"), ASKED)
def test_commands_show_and_keep_what_they_find(folder, words, table, expected):
    command, *options = words

    said = railsim(command, folder, *options)

    assert said.code == 0, said.err
    assert expected in said.out
    assert (folder / f"{table}.csv").read_text("utf-8").count("\n") > 1
    listed = railsim(command, folder, *options, "--json")
    assert len(json.loads(listed.out)) > 0


WRONG = [
    (("sensitivity", "--output", "rail_shar"), "did you mean 'rail_share'?"),
    (("sensitivity", "--alternative", "witx"), "did you mean 'with'?"),
    (("sensitivity", "--cell", "slo"), "did you mean 'slow'?"),
    (("discover", "--when", "rail_share"), "must be like"),
    (("discover", "--when", "rail_share > 7"), "boxes need draws"),
    (("decide", "--cheapest", "rail_share"), "must be an output with by"),
    (("decide", "--believe", OPENS), "drawn = 'by_part'"),
    (("breakeven", "--key", "ramp", "--when", "rail_share > 1"), "not numbers"),
    (("breakeven", "--key", "rump", "--when", "rail_share > 1"), "has no axis 'rump'"),
    (("decide", "--wait", "slow,never"), "the sweep has no cell 'never'"),
    (("decide", "--wait", "slow,fast", "--learn", "x"), "must be INPUT=correlation"),
    (("decide", "--wait", "slow,fast", "--learn", "x=0.5"), "is no uncertain input"),
]


@pytest.mark.parametrize(("words", "expected"), WRONG)
def test_what_cannot_be_asked_is_one_line(folder, words, expected):
    command, *options = words

    said = railsim(command, folder, *options)

    assert said.code == 2
    assert expected in said.err


def test_an_input_that_is_drawn_has_no_break_even(tmp_path):
    file = write_study(tmp_path)

    said = railsim("breakeven", file, "--key", OPENS, "--when", "rail_share > 0.3")

    assert said.code == 2
    assert "the study draws it" in said.err


def test_a_run_is_no_sweep():
    said = railsim("sensitivity", tiny_run())

    assert said.code == 2
    assert "is no sweep" in said.err


def test_verdicts_are_means_or_chances():
    mean, chance = verdict_of("x >= 3"), verdict_of("P(eirr > 9%) > 50 %")

    assert (mean.metric, mean.of, mean.level) == ("x", "mean", 3.0)
    assert (chance.metric, chance.of, chance.level) == ("eirr", "share", 0.09)
    assert chance.least_share == 0.5


@pytest.mark.parametrize(
    "text", ["x", "P(x) > 1", "P(x > 1) > 2", "x ~ 3", "__import__"]
)
def test_a_verdict_that_says_nothing_is_refused(text):
    with pytest.raises(InputError, match="--when"):
        verdict_of(text)


@pytest.mark.parametrize(
    ("sign", "expected"),
    [(">", [0, 0, 1]), (">=", [0, 1, 1]), ("<", [1, 0, 0]), ("<=", [1, 1, 0])],
)
def test_a_condition_holds_where_its_sign_says(sign, expected):
    found = condition_of(f"x {sign} 2").holds(np.array([1.0, 2.0, 3.0]))

    assert found.tolist() == [bool(one) for one in expected]


def test_outputs_of_a_folder_are_those_of_its_study(answers):
    assert answers.metrics == ["rail_share", "cost_saved"]
    assert set(answers.study.outputs) == set(answers.metrics)
    assert OUTPUTS.count("[outputs.") == 2


def test_parquet_holds_the_rows_of_the_tables(folder):
    import duckdb

    study = folder.parents[1] / "scenarios" / "studies" / "toy.toml"

    said = railsim("sweep", study, "--out", folder.parent, "--collect", "--parquet")

    assert said.code == 0, said.err
    found = duckdb.read_parquet(str(folder / "outputs.parquet")).fetchall()
    assert len(found) == 64 * 3 * 2
    total = sum(row[-1] for row in found)
    told = [row["value"] for row in open_sweep(folder).run.rows("outputs")]
    assert total == pytest.approx(sum(map(float, told)))
