"""Whatever the bytes, a scenario is accepted or refused in located lines."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from railsim.scenario import ScenarioError, resolve

from .conftest import MINIMAL

TEXT = MINIMAL.read_bytes()
VALUES = st.sampled_from(
    [
        *(
            b"-1",
            b"nan",
            b"1e400",
            b"9" * 5000,
            b"true",
            b"[]",
            b"{}",
            b'"x"',
            b'"6 h"',
        ),
        *(
            b"1979-05-27",
            b'"5 %"',
            b"[[1, 2]]",
            b"{ dist = 1 }",
            b'["hekou"]',
            b"0xfff",
        ),
    ]
)
PIECES = st.one_of(VALUES, st.binary(max_size=8), st.text(max_size=4).map(str.encode))
LINES = TEXT.split(b"\n")


def load(content: bytes, file: Path) -> str:
    """The scenario of these bytes as text, or the lines that refuse it."""
    file.write_bytes(content)
    try:
        return str(resolve(file).scenario.run)
    except ScenarioError as error:
        return str(error)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(at=st.integers(0, len(TEXT)), cut=st.integers(0, 30), piece=PIECES)
def test_bytes_in_any_place_make_no_trace(tmp_path, at, cut, piece):
    answer = load(TEXT[:at] + piece + TEXT[at + cut :], tmp_path / "x.toml")

    assert answer.replace("\n", "").isprintable()


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(line=st.integers(0, len(LINES) - 1), value=VALUES)
def test_any_value_in_any_line_makes_no_trace(tmp_path, line, value):
    name = LINES[line].partition(b"=")[0]
    lines = [*LINES[:line], name + b"= " + value, *LINES[line + 1 :]]

    answer = load(b"\n".join(lines), tmp_path / "x.toml")

    assert answer.replace("\n", "").isprintable()
