"""The resolved scenario: complete, repeatable, each value with its origin."""

from railsim.scenario import load_scenario, resolve
from railsim.scenario.resolved import write_resolved

from .conftest import MINIMAL

OPTIONS = [
    "stations.gate.servers=3",
    "run.title=a # b",
    "stations.gate.time.mean_h=6 min",
]


def test_the_resolved_file_gives_an_equal_scenario(folder):
    resolved = resolve(MINIMAL, OPTIONS)
    (folder / "resolved.toml").write_text(write_resolved(resolved), encoding="utf-8")

    assert load_scenario(folder / "resolved.toml") == resolved.scenario


def test_ids_keep_their_order(folder, write_child):
    child = write_child(
        '[alternatives.alpha]\ntitle = "a"\n'
        'overlay = { "run.seed" = 1, run = { seed = 2 }, "run.replications" = 3 }\n'
    )
    resolved = resolve(child)
    (folder / "resolved.toml").write_text(write_resolved(resolved), encoding="utf-8")

    again = load_scenario(folder / "resolved.toml")

    assert str(again) == str(resolved.scenario)


def test_each_value_names_the_file_and_line_that_wrote_it(write_child):
    child = write_child(
        "[stations.gate]\nservers = 5\n", "sub/child.toml", '"../m.toml"'
    )
    (child.parent.parent / "m.toml").write_bytes(MINIMAL.read_bytes())

    text = write_resolved(resolve(child, ["run.seed=2"], roots=[child.parent.parent]))

    assert "servers = 5 # child.toml:3\n" in text
    assert "seed = 2 # --set\n" in text
    assert '    {station = "gate"}, # ' in text
    assert 'place = "hekou" # ' in text


def test_no_absolute_path_is_written():
    text = write_resolved(resolve(MINIMAL.resolve(), OPTIONS))

    assert str(MINIMAL.parent) not in text
    assert '"hekou" # minimal.toml:' in text


def test_the_bytes_are_the_same_every_time():
    texts = {write_resolved(resolve(MINIMAL, OPTIONS)) for _ in range(3)}

    assert len(texts) == 1


def test_letters_of_all_languages_survive():
    text = write_resolved(resolve(MINIMAL))

    assert 'name = "河口"' in text
    assert 'name = "Hải Phòng"' in text
