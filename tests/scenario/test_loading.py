"""From files to a scenario: parents, merging, overrides, origins."""

import subprocess
import sys

from railsim.scenario import load_scenario, resolve

from .conftest import MINIMAL

HEAVY = ("pandas", "scipy", "numpy", "numba", "matplotlib", "pint")


def test_the_smallest_scenario_loads():
    scenario = load_scenario(MINIMAL)

    assert scenario.links["road"].length_km == 400
    assert scenario.places["hai_phong"].name == "Hải Phòng"


def test_a_child_changes_only_what_it_says(write_child):
    child = write_child("[stations.gate]\nservers = 5\n")

    changed, base = load_scenario(child), load_scenario(MINIMAL)

    assert changed.stations["gate"].servers == 5
    assert changed.stations["gate"].time == base.stations["gate"].time
    assert changed.flows == base.flows


def test_a_later_parent_wins_over_an_earlier_one(write_child):
    write_child("[run]\nseed = 2\nreplications = 2\n", "a.toml")
    write_child("[run]\nseed = 3\n", "b.toml")
    child = write_child("", extends='["a.toml", "b.toml"]')

    run = load_scenario(child).run

    assert (run.seed, run.replications) == (3, 2)


def test_the_child_wins_over_all_its_parents(write_child):
    write_child("[run]\nseed = 2\n", "a.toml")
    child = write_child("[run]\nseed = 9\n", extends='["a.toml"]')

    assert load_scenario(child).run.seed == 9


def test_a_common_grandparent_does_not_undo_a_parent(write_child):
    write_child("[run]\nseed = 2\n", "a.toml")
    write_child("[run]\nreplications = 4\n", "b.toml")
    child = write_child("", extends='["a.toml", "b.toml"]')

    run = load_scenario(child).run

    assert (run.seed, run.replications) == (2, 4)


def test_a_list_replaces_the_list_below_whole(write_child):
    child = write_child("[lot_sizes.one]\nteu = [4]\nprobability = [1]\n")

    assert load_scenario(child).lot_sizes["one"].teu == (4,)


def test_a_time_of_another_kind_replaces_the_one_below(write_child):
    time = '{ dist = "gamma", mean_h = 2, cv = 1 }'
    write_child(f"[stations.gate]\ntime = {time}\n", "a.toml")
    child = write_child(
        '[stations.gate]\ntime = { dist = "exponential", mean_h = 3 }\n',
        extends='"a.toml"',
    )

    assert load_scenario(child).stations["gate"].time.mean_h == 3


def test_a_time_of_the_same_kind_merges_with_the_one_below(write_child):
    child = write_child("[stations.gate.time]\nmean_h = 2\n")

    time = load_scenario(child).stations["gate"].time

    assert (time.dist, time.mean_h) == ("exponential", 2)


def test_an_option_wins_over_every_file(write_child):
    child = write_child("[run]\nseed = 2\n")

    assert load_scenario(child, ["run.seed=7"]).run.seed == 7


def test_an_option_takes_a_bare_word_as_text():
    scenario = load_scenario(MINIMAL, ["choice.model=aon", "run.title=Hải Phòng"])

    assert (scenario.choice.model, scenario.run.title) == ("aon", "Hải Phòng")


def test_an_option_may_change_an_element_of_a_list():
    scenario = load_scenario(MINIMAL, ["routes.R1.steps.0.share=0.25"])

    assert scenario.routes["R1"].steps[0].share == 0.25


def test_an_option_may_add_a_table_with_a_new_id():
    place = 'name="Lào Cai", country="VN", latitude=22.5, longitude=104'

    scenario = load_scenario(MINIMAL, [f"places.lao_cai={{{place}}}"])

    assert scenario.places["lao_cai"].name == "Lào Cai"


def test_each_value_knows_the_file_and_line_that_wrote_it(write_child):
    child = write_child("[stations.gate]\nservers = 5\n")

    origins = resolve(child, ["run.seed=7"]).origins

    assert str(origins["stations.gate.servers"]) == "child.toml:3"
    assert str(origins["stations.gate.place"]) == "minimal.toml:70"
    assert str(origins["run.seed"]) == "--set"


def test_elements_of_lists_know_their_own_line_and_column():
    origins = resolve(MINIMAL).origins

    assert (origins["lot_sizes.one.teu.1"].line) == 111
    assert (origins["lot_sizes.one.teu.1"].column) == 11
    assert (origins["routes.R1.steps.1.tariffs.0"].line) == 88


def test_columns_count_characters_and_not_bytes(write_child):
    child = write_child('places.hekou = { name = "河口", latitude = 22.0 }\n')

    assert resolve(child).origins["places.hekou.latitude"].column == 42


def test_line_ends_comments_and_the_order_of_keys_mean_nothing(folder):
    text = MINIMAL.read_text(encoding="utf-8")
    tables = [f"[{part}" for part in text.split("\n[")[1:]]
    other = folder / "other.toml"
    turned = "\r\n".join(reversed(tables)).replace("\n", " # note\n")
    other.write_text(turned.replace("\r # note", " # note\r"), "utf-8", newline="")

    assert load_scenario(other) == load_scenario(MINIMAL)


def test_unusual_values_are_accepted_with_a_warning(write_child):
    child = write_child("[economy]\nvnd_per_usd = 1000\ncny_per_usd = 700\n")

    warnings = resolve(child).warnings

    assert [str(warning) for warning in warnings] == [
        f"{child}:3:15: warning[W012] economy.vnd_per_usd: "
        "1000 is below the 20,000-35,000 usually used",
        f"{child}:4:15: warning[W013] economy.cny_per_usd: "
        "700 is above the 5-9 usually used\n"
        "  help: 7 CNY/USD would be usual: was it written in percent?",
    ]


def test_the_same_file_gives_the_same_scenario_twice():
    assert str(load_scenario(MINIMAL)) == str(load_scenario(MINIMAL))


def test_loading_imports_nothing_heavy():
    code = (
        "import sys, railsim.scenario as s; s.load_scenario(sys.argv[1]);"
        f"sys.exit(', '.join(m for m in {HEAVY} if m in sys.modules) or 0)"
    )

    done = subprocess.run([sys.executable, "-c", code, MINIMAL], capture_output=True)

    assert (done.returncode, done.stderr) == (0, b"")
