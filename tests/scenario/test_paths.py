"""Where parents may lie, and dotted paths."""

import os

import pytest

from railsim.scenario import ScenarioError, load_scenario, resolve
from railsim.scenario.paths import join_path, split_path

from .conftest import MINIMAL


@pytest.fixture
def scenarios(tmp_path):
    """A folder called scenarios with the base in it, and a file beside it."""
    folder = tmp_path / "scenarios"
    (folder / "corridor").mkdir(parents=True)
    (folder / "children").mkdir()
    (folder / "corridor" / "all.toml").write_bytes(MINIMAL.read_bytes())
    (folder / "base.toml").write_text('extends = ["corridor/all.toml"]\n')
    (tmp_path / "outside.toml").write_bytes(MINIMAL.read_bytes())
    return folder


def test_a_child_in_a_subfolder_may_extend_the_base_above_it(scenarios):
    child = scenarios / "children" / "x.toml"
    child.write_text('extends = "../base.toml"\n\n[run]\nseed = 5\n')

    origins = resolve(child).origins

    assert str(origins["run.seed"]) == "children/x.toml:4"
    assert str(origins["run.title"]) == "corridor/all.toml:4"


def test_a_parent_outside_is_refused(scenarios):
    child = scenarios / "x.toml"
    child.write_text('extends = "../outside.toml"\n')

    with pytest.raises(ScenarioError, match="lies outside the allowed folders"):
        load_scenario(child)


def test_a_parent_in_a_named_root_is_allowed(scenarios, tmp_path):
    child = scenarios / "x.toml"
    child.write_text('extends = "../outside.toml"\n')

    origins = resolve(child, roots=[tmp_path]).origins

    assert str(origins["run.seed"]) == f"{tmp_path.name}/outside.toml:5"


def test_a_link_to_a_file_outside_is_refused(scenarios, tmp_path):
    (scenarios / "link.toml").symlink_to(tmp_path / "outside.toml")
    child = scenarios / "x.toml"
    child.write_text('extends = "link.toml"\n')

    with pytest.raises(ScenarioError, match="lies outside the allowed folders"):
        load_scenario(child)


def test_a_link_to_a_file_inside_is_followed(scenarios):
    (scenarios / "link.toml").symlink_to(scenarios / "base.toml")
    child = scenarios / "x.toml"
    child.write_text('extends = "link.toml"\n')

    assert load_scenario(child) == load_scenario(MINIMAL)


def test_a_link_to_itself_is_refused(scenarios):
    (scenarios / "loop.toml").symlink_to(scenarios / "loop.toml")

    with pytest.raises(ScenarioError) as caught:
        load_scenario(scenarios / "loop.toml")

    assert caught.value.problems[0].code == "E108"


def test_a_pipe_is_no_scenario(scenarios):
    os.mkfifo(scenarios / "pipe.toml")

    with pytest.raises(ScenarioError, match="not a regular file"):
        load_scenario(scenarios / "pipe.toml")


def test_the_working_directory_does_not_matter(scenarios, monkeypatch):
    expected = resolve(scenarios / "base.toml").origins
    monkeypatch.chdir(scenarios / "corridor")

    assert resolve("../base.toml").origins == expected


def test_messages_name_files_as_the_user_typed_them(scenarios, monkeypatch):
    (scenarios / "corridor" / "bad.toml").write_text("[run]\nseed = -1\n")
    child = scenarios / "children" / "x.toml"
    child.write_text('extends = ["../base.toml", "../corridor/bad.toml"]\n')
    monkeypatch.chdir(scenarios.parent)

    with pytest.raises(ScenarioError) as caught:
        load_scenario("scenarios/children/x.toml")

    assert str(caught.value).startswith("scenarios/corridor/bad.toml:2:8: error[E103]")


def test_eight_generations_of_parents_are_allowed(write_child):
    for generation in range(7):
        write_child("", f"{generation}.toml", extends=f'"{generation + 1}.toml"')
    write_child("", "7.toml")

    assert load_scenario(write_child("", extends='"1.toml"')).run.seed == 1
    with pytest.raises(ScenarioError, match="more than 8 deep"):
        load_scenario(write_child("", extends='"0.toml"'))


@pytest.mark.parametrize(
    ("segments", "text"),
    [
        (("run", "seed"), "run.seed"),
        (("routes", "R1", "steps", 2, "share"), "routes.R1.steps.2.share"),
        (("places", "昆明"), "places.昆明"),
        (("a", "b.c", "d"), 'a."b.c".d'),
        (("a", 'say "b"'), 'a."say \\"b\\""'),
        (("a", "x\\y"), 'a."x\\\\y"'),
        (("a", ""), 'a.""'),
    ],
)
def test_a_path_is_written_and_read_back(segments, text):
    assert join_path(segments) == text
    assert split_path(text) == tuple(str(segment) for segment in segments)


@pytest.mark.parametrize("text", ["", ".", "a.", ".a", "a..b", "a b", 'a."b', "a.b]"])
def test_what_is_no_path_is_refused(text):
    with pytest.raises(ValueError, match="not a dotted path"):
        split_path(text)
