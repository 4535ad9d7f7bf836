"""`railsim check` as people and as CI use it."""

import json
from xml.etree import ElementTree

import pytest

from tests.runs import contents, railsim, tiny_run
from tests.study.sweeps import swept, write_study

ROAD = "{ alternative = 'with', year = 2028, market = 'bilateral', mode = 'road' }"
HEAD = f"""undecided = "fail"

[metrics.road_share]
table = "summary"
column = "share"
where = {ROAD}

[metrics.rail_share]
table = "summary"
column = "share"
where = {ROAD.replace("road", "rail")}
"""
WIDE = "\n[[thresholds]]\nmetric = 'road_share'\nat_least = -1e6\nat_most = 1e6\n"
HIGH = "\n[[thresholds]]\nmetric = 'road_share'\nat_least = 1e6\n"
UNSURE = "\n[[thresholds]]\nmetric = 'road_share'\nhalf_width = 1e-300\n"
BASELINE = "\n[baseline]\n"
PAYLOAD = "<script>alert(1)</script> | `x` %0A::error::\x1b[31m ]]> &amp; =cmd"


@pytest.fixture
def gate(tmp_path):
    """Writes a file of checks."""

    def write(*parts, head=HEAD):
        file = tmp_path / "checks.toml"
        file.write_text(head + "".join(parts), encoding="utf-8")
        return file

    return write


def check(file, *words, run=None):
    """Check the tiny run."""
    return railsim("check", run or tiny_run(), "--thresholds", file, *words)


@pytest.mark.parametrize(
    ("part", "code", "counts"),
    [
        (WIDE, 0, "1 passed, 0 failed, 0 undecided"),
        (HIGH, 1, "0 passed, 1 failed, 0 undecided"),
        (UNSURE, 1, "0 passed, 0 failed, 1 undecided"),
    ],
)
def test_the_exit_code_says_whether_all_holds(gate, part, code, counts):
    said = check(gate(part))

    assert (said.code, said.err) == (code, "")
    assert said.out.splitlines()[-1] == counts


def test_what_is_undecided_may_only_warn(gate):
    file = gate(UNSURE, head=HEAD.replace('"fail"', '"warn"'))

    said = check(file, "--github")

    assert said.code == 0
    assert f"::warning file={file},line=" in said.out


def test_a_run_is_as_its_own_baseline_to_the_last_bit(gate, tmp_path):
    file, base = gate(BASELINE), tmp_path / "base.toml"

    written = check(file, "--write-baseline", base)
    first = base.read_bytes()
    again = check(file, "--write-baseline", base)
    said = check(file, "--baseline", base)

    assert (written.code, again.code, said.code) == (0, 0, 0)
    assert base.read_bytes() == first
    assert said.out.count("a change of 0 ±") == 2


def test_a_sweep_is_paired_with_its_baseline_and_a_shift_of_all_draws_is_found(
    tmp_path,
):
    folder = swept(write_study(tmp_path)).folder
    file, base = tmp_path / "checks.toml", tmp_path / "base.toml"
    file.write_text(
        "undecided = 'fail'\n[metrics.share]\noutput = 'rail_share'\n[baseline]\n",
        encoding="utf-8",
    )
    check(file, "--write-baseline", base, run=folder)

    same = check(file, "--baseline", base, run=folder)
    lines = base.read_text(encoding="utf-8").splitlines()
    at = next(k for k, line in enumerate(lines) if line.startswith("draws"))
    draws = json.loads(lines[at].partition("= ")[2])
    moved = [x * 1.02 + k * 1e-6 for k, x in enumerate(draws)]
    lines[at] = f"draws = {moved}"
    base.write_text("\n".join(lines), encoding="utf-8")
    other = check(file, "--baseline", base, run=folder)

    assert (same.code, other.code) == (0, 1)
    assert "(paired)" in same.out
    assert "(paired)" in other.out


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ((), "checks nothing: no threshold, verdict or baseline"),
        ((BASELINE,), "nothing was checked: give --baseline"),
        ((WIDE.replace("road_share", "rood"),), "no metric is called 'rood'"),
        ((WIDE.replace("at_least", "at_leest"),), "at_leest"),
        (("\n[[verdicts]]\nsays = 'x'\nranking = ['road_share']\n",), "ranking"),
        (("\n[[thresholds]]\nmetric = 'road_share'\n",), "needs at_least, at_most or"),
        (
            ("\n[[verdicts]]\nsays = 'x'\nranking = ['rail_share', 'roadshare']\n",),
            "did you mean 'road_share'?",
        ),
        ((BASELINE, "metrics = ['x']\n"), "baseline.metrics"),
        (("\n[[thresholds\n",), "checks.toml:"),
        (
            (WIDE.replace("at_most", "statistic = 'share_above'\nat_most"),),
            "share_above, and nothing else, needs a level",
        ),
        ((BASELINE, "level = 0.0\n"), "level"),
    ],
)
def test_a_gate_that_cannot_be_read_or_checks_nothing_is_an_error(gate, parts, message):
    said = check(gate(*parts))

    assert (said.code, said.out) == (2, "")
    assert "checks.toml" in said.err
    assert message in said.err
    assert "Traceback" not in said.err


def test_a_cell_that_is_gone_is_named_with_file_and_line(gate):
    file = gate(WIDE, head=HEAD.replace('"share"', '"chair"', 1))

    said = check(file)

    assert said.code == 2
    assert said.err.startswith(f"error: {file}:3: metrics.road_share: no column in")
    assert "did you mean 'share'?" in said.err


def test_a_folder_that_is_no_run_and_a_missing_file_are_one_line(gate, tmp_path):
    nowhere = check(gate(WIDE), run=tmp_path)
    nothing = check(tmp_path / "none.toml")
    unknown = check(gate(BASELINE), "--baseline", tmp_path / "none.toml")

    for said in (nowhere, nothing, unknown):
        assert said.code == 2
        assert "Traceback" not in said.err
        assert "error" in said.err.splitlines()[0]


def payload_gate(gate):
    """A gate whose verdict fails and whose sentence wants to be more than text."""
    says = json.dumps(PAYLOAD)
    ranking = "ranking = ['road_share', 'rail_share', 'road_share']"
    return gate(f"\n[[verdicts]]\nsays = {says}\n{ranking}\n")


def test_junit_has_a_case_for_each_check_and_text_stays_text(gate, tmp_path):
    file = tmp_path / "junit.xml"

    said = check(payload_gate(gate), "--junit", file)

    suite = ElementTree.parse(file).getroot()
    assert said.code == 1
    assert (suite.tag, suite.get("tests"), suite.get("failures")) == (
        "testsuite",
        "1",
        "1",
    )
    (case,) = suite
    assert case.get("name") == PAYLOAD.replace("\x1b", "\\x1b")
    assert [child.tag for child in case] == ["failure"]


def test_a_summary_is_added_and_its_table_has_three_columns(gate, tmp_path):
    file = tmp_path / "summary.md"
    file.write_text("# before\n", encoding="utf-8")

    check(payload_gate(gate), "--summary", file)

    text = file.read_text(encoding="utf-8")
    row = text.splitlines()[-1]
    assert text.startswith("# before\n### ")
    assert "<script>" not in text
    assert row.replace("\\|", "").count("|") == 4


def test_annotations_stay_on_their_line(gate):
    file = payload_gate(gate)

    said = check(file, "--github")

    (command,) = [line for line in said.out.splitlines() if line.startswith("::")]
    assert command.startswith(f"::error file={file},line=13::")
    assert "%250A::error" in command
    assert "\x1b" not in said.out


def test_checking_writes_nothing_into_the_run(gate):
    before = contents(tiny_run())

    check(gate(WIDE))

    assert contents(tiny_run()) == before


def test_an_output_that_cannot_be_written_leaves_nothing(gate, tmp_path):
    said = check(gate(WIDE), "--junit", tmp_path / "none" / "junit.xml")

    assert said.code == 5
    assert "Traceback" not in said.err
