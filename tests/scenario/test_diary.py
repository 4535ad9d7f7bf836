"""What a diary may be asked for."""

import pytest

from tests.runs import railsim, write_tiny


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            'diary_day = "02-29"',
            "run.diary_day: must be a month and a day of every year",
        ),
        (
            'diary_day = "17-11"',
            "run.diary_day: must be a month and a day of every year",
        ),
        ('diary_resources = ["stations.gat"]', "did you mean 'stations.gate'?"),
        ('diary_resources = ["gate"]', "unknown resource 'gate'"),
    ],
)
def test_a_wrong_diary_is_refused_in_one_line(tmp_path, line, said):
    file = write_tiny(tmp_path)
    child = f'extends = "{file.name}"\n[run]\n{line}\n'
    (tmp_path / "child.toml").write_text(child, encoding="utf-8")

    ended = railsim("validate", str(tmp_path / "child.toml"))

    assert ended.code == 2
    assert said in ended.out + ended.err
