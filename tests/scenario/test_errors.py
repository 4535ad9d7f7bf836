"""Every mistake gets a located line that says what was found and what is allowed."""

import re
from pathlib import Path

import pytest

from railsim.scenario import CODES, ScenarioError, load_scenario, resolve

from .conftest import MINIMAL
from .rewrite_expected import MALFORMED, message_of

CASES = sorted(file.stem for file in MALFORMED.glob("*.toml"))


@pytest.mark.parametrize("case", CASES)
def test_a_malformed_scenario_gets_the_expected_message(case, monkeypatch):
    monkeypatch.chdir(MALFORMED)

    message = message_of(f"{case}.toml")

    assert message == Path(f"{case}.expected").read_text(encoding="utf-8")


def test_the_malformed_scenarios_cover_every_class_of_mistake():
    texts = [file.read_text("utf-8") for file in MALFORMED.glob("*.expected")]
    seen = {code for text in texts for code in re.findall(r"error\[(E\d+)\]", text)}

    assert seen == {code for code in CODES if code.startswith("E")} - {"E113"}
    assert len(CASES) >= 70


def test_every_code_has_a_title_and_an_explanation():
    for title, explanation in CODES.values():
        assert title
        assert len(explanation) > 100


def test_a_wrong_option_is_named_instead_of_a_file():
    with pytest.raises(ScenarioError) as caught:
        load_scenario(MINIMAL, ["stations.gate.servers=-1"])

    assert str(caught.value) == (
        "--set stations.gate.servers=-1: error[E103] stations.gate.servers: "
        "must be at least 0, found -1\n"
        "  help: range 0 to 1,000,000; base value 2 from minimal.toml:71\n"
        "1 error"
    )


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("run.seed", "must be of the form path=value"),
        ("run.seed=", "must be of the form path=value"),
        ("=3", "'' is not a dotted path"),
        ("run..seed=3", "'run..seed' is not a dotted path"),
        ("run.seed=[1", "'[1' is not a TOML value"),
        ("run.seed=1\nx = 2", "is not one TOML value"),
        ("extends=x.toml", "parents are named in files only"),
        ("run.sed=1", "no such path in the scenario"),
        ("routes.R1.steps.9.share=1", "positions 0 to 1, not 9"),
        ("routes.R1.steps.x.share=1", "'x' is no position"),
        ("routes.R1.steps." + "9" * 5000 + ".share=1", "is no position"),
        ("run.seed.x=1", "'run.seed' is 1, it has nothing below"),
        ("places.x.latitude=1", "no such path in the scenario"),
        ("run.title=" + "[" * 50, "is not a TOML value"),
        ("run.title='\\u0000'\x00", "is not a TOML value"),
    ],
)
def test_an_option_that_says_nothing_sensible_is_refused(option, message):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(MINIMAL, [option])

    assert [problem.code for problem in caught.value.problems] == ["E112"]
    assert message in str(caught.value)


def test_the_grade_of_the_base_value_is_told_where_it_is_known(folder, write_child):
    header = (
        "path,low,mode,high,distribution,source,publisher,address,date,grade,remark"
    )
    row = "links.road.length_km,390,400,410,,,,,,judged,"
    (folder / "sources.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    child = write_child("[links.road]\nlength_km = -1\n")

    with pytest.raises(ScenarioError, match=r"minimal.toml:65 \(grade: judged\)"):
        load_scenario(child)


def test_problems_of_several_files_come_sorted(write_child):
    write_child("[run]\nseed = -1\n", "a.toml")
    child = write_child(
        "[links.road]\nlength_km = -1\n\n[run]\nreplications = 0\n",
        "b.toml",
        extends='"a.toml"',
    )

    with pytest.raises(ScenarioError) as caught:
        load_scenario(child)

    places = [(Path(p.file).name, p.line) for p in caught.value.problems]
    assert places == [("a.toml", 3), ("b.toml", 3), ("b.toml", 6)]


def test_only_the_first_hundred_problems_are_shown(write_child):
    child = write_child("".join(f"x{i} = 1\n" for i in range(250)))

    with pytest.raises(ScenarioError) as caught:
        load_scenario(child)

    assert len(caught.value.problems) == 100
    assert str(caught.value).endswith("250 errors, the first 100 shown")


def test_a_missing_file_is_one_line():
    with pytest.raises(ScenarioError) as caught:
        load_scenario("nowhere/x.toml")

    assert str(caught.value) == "nowhere/x.toml: error[E108] no such file\n1 error"


@pytest.mark.parametrize("name", ["", ".", "\0", "x" * 5000, "minimal.toml/x"])
def test_a_name_that_is_no_file_is_refused(name):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(name)

    assert caught.value.problems[0].code == "E108"


def test_a_file_above_two_megabytes_is_refused(write_child):
    child = write_child("# " + "x" * 2_000_000)

    with pytest.raises(ScenarioError, match="larger than 2,000,000 bytes"):
        load_scenario(child)


def test_files_above_eight_megabytes_together_are_refused(write_child):
    names = [f"{i}.toml" for i in range(5)]
    for name in names:
        write_child("# " + "x" * 1_900_000, name)
    child = write_child("", extends=str(names))

    with pytest.raises(ScenarioError, match="together are larger than 8,000,000"):
        load_scenario(child)


def test_too_many_values_are_refused(write_child):
    child = write_child("x = [" + "1," * 100_001 + "]\n")

    with pytest.raises(ScenarioError, match="more than 100,000 values"):
        load_scenario(child)


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        "a" + ".a" * 10_000 + " = 1",
        "x = " + "{a = " * 5000,
        '"""\\"' * 9,
    ],
)
def test_what_would_cost_the_parser_too_much_never_reaches_it(body, write_child):
    child = write_child(body)

    with pytest.raises(ScenarioError) as caught:
        load_scenario(child)

    assert caught.value.problems[0].code in ("E109", "E106")


def test_too_many_alternatives_for_the_size_are_refused(write_child):
    child = write_child(
        "".join(f'[alternatives.a{i}]\ntitle = "x"\n' for i in range(2000))
    )

    with pytest.raises(ScenarioError, match="too many alternatives"):
        load_scenario(child)


def test_hidden_characters_never_reach_the_terminal(write_child):
    child = write_child('[places."a\\u001b[31m"]\nname = "\\u202e\\u0007"\n')

    with pytest.raises(ScenarioError) as caught:
        resolve(child)

    assert str(caught.value).replace("\n", "").isprintable()
