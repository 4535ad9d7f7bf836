"""Every command's happy path, and what it says when the user errs."""

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from railsim.cli import health
from railsim.cli.main import commands
from railsim.report.digits import plus_minus
from railsim.results.reading import open_run
from railsim.scenario import CODES, load_scenario
from railsim.study.verification.checks import Check
from tests.runs import (
    contents,
    railsim,
    shared_folder,
    tiny_replications,
    tiny_run,
    write_tiny,
)

SIMULATE = "railsim.results.running.run_replications"
PROVE = "railsim.study.verification.proof.prove"
COMMANDS = [command.name for command in commands.registered_commands]


@pytest.fixture
def tiny():
    """The tiny scenario; nobody writes beside it."""
    return write_tiny(shared_folder())


def known_replications(_scenario, _seed, numbers, **_):
    """What the tiny scenario gave before."""
    return [tiny_replications()[number] for number in numbers]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_begins_with_two_examples(command):
    said = railsim(command, "--help")

    first, second = said.out.split("\n\n")[1].split("\n")
    assert said.code == 0
    assert first.strip().startswith(f"railsim {command}")
    assert second.strip().startswith(f"railsim {command}")


def test_without_a_command_the_help_is_shown():
    said = railsim()

    assert said.code == 0
    assert "Commands:" in said.out
    assert all(f"\n  {command} " in said.out for command in COMMANDS)


def test_the_version_is_told_in_one_line():
    assert re.fullmatch(r"railsim \d+\.\d+\.\d+\n", railsim("--version").out)


def test_a_run_writes_a_folder_and_shows_the_reported_market_first(tiny, tmp_path):
    said = railsim(
        *("run", tiny, "--out", tmp_path, "--set", "run.report_market='transit'"),
        *("--json", "--seed", 9),
    )

    answer = json.loads(said.out)
    assert said.code == 0
    assert f"{answer['folder']}   next: railsim report" in said.err
    assert answer["seed"] == 9
    assert {row["market"] for row in answer["summary"]} == {"bilateral", "transit"}
    shown = railsim("show", answer["folder"])
    assert shown.out.startswith("market: transit ")
    assert "market: bilateral " in shown.out
    assert "with: new line opens 2027.5" in shown.out
    assert "one replication has no intervals" in shown.out
    assert "seed 9" in shown.err


def test_a_manifest_is_enough_to_repeat_a_run(tmp_path):
    manifest = tiny_run() / "manifest.json"

    said = railsim("run", "--repeat", manifest, "--out", tmp_path, "--jobs", 1)

    assert said.code == 0
    assert contents(tmp_path / tiny_run().name) == contents(tiny_run())


def test_a_repeated_run_that_differs_is_a_finding(tmp_path, monkeypatch):
    monkeypatch.setattr(SIMULATE, lambda *_, **__: tiny_replications()[:1])

    said = railsim("run", "--repeat", tiny_run() / "manifest.json", "--out", tmp_path)

    assert said.code == 1
    assert "differs from the manifest: " in said.err
    assert "routes.csv" in said.err


def test_a_rehearsal_writes_nothing(tiny, tmp_path):
    said = railsim("run", tiny, "--out", tmp_path, "--dry-run", "--jobs", 3)

    assert said.code == 0
    assert "5 years to simulate in 1 process" in said.err
    assert contents(tmp_path) == {}


def test_a_flag_wins_over_set_and_set_over_the_scenario(tiny, tmp_path):
    words = ("run", tiny, "--out", tmp_path, "--dry-run", "--set", "run.seed=11")

    assert railsim(*words).err.splitlines()[0].endswith("seed 11")
    assert railsim(*words, "--seed", 12).err.splitlines()[0].endswith("seed 12")


def test_the_environment_sets_what_belongs_to_the_machine(tiny, tmp_path, monkeypatch):
    monkeypatch.setenv("RAILSIM_JOBS", "2")
    monkeypatch.setenv("RAILSIM_OUT", str(tmp_path / "none"))

    said = railsim("run", tiny, "--replications", 3)

    assert "in 2 processes" in said.err
    assert said.code == 5
    assert "no such folder" in said.err


@pytest.mark.parametrize(
    ("years", "shown"),
    [("all", "2026-2028,"), ("2026,2028", "2026-2028 (2 of"), ("2027", "2027,")],
)
def test_years_are_named_in_three_ways(tiny, tmp_path, years, shown):
    said = railsim("run", tiny, "--out", tmp_path, "--dry-run", "--years", years)

    assert shown in said.err


def test_an_interval_that_is_not_reached_ends_with_three(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr("railsim.results.running.MOST_REPLICATIONS", 2)
    monkeypatch.setattr(SIMULATE, known_replications)

    said = railsim("run", tiny, "--out", tmp_path, "--until-ci", "0.001%")

    assert said.code == 3, said.err
    assert "was not reached" in said.err
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert open_run(folder).manifest["replications"] == 2


def test_mistakes_in_options_name_the_option(tiny):
    said = railsim(
        *("run", tiny, "--engine", "fast", "--seed", -1, "--set", "run.sed=1")
    )

    assert said.code == 2
    assert "--engine fast: error[E103] run.engine" in said.err
    assert "--seed -1: error[E103] run.seed" in said.err
    assert "--set run.sed=1: error[E112]" in said.err
    assert "did you mean 'run.seed'?" in said.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("rnu",), 2, "Did you mean 'run'?"),
        (("run",), 2, "name a scenario file"),
        (("run", "none.toml"), 2, "no such file"),
        (("run", "TINY", "--sede", "1"), 2, "--seed"),
        (("run", "TINY", "--jobs", "0"), 2, "--jobs"),
        (("run", "TINY", "--years", "soon"), 2, "--years soon: must be"),
        (("run", "TINY", "--until-ci", "much"), 2, "--until-ci much: must be"),
        (("run", "--repeat", "RUN", "--seed", "1"), 2, "changes nothing"),
        (("run", "TINY", "--out", "TINY"), 5, "is a file, not a folder"),
        (("run", "TINY", "--out", "/proc"), 5, "/proc: "),
        (("validate",), 2, "Missing argument"),
        (("validate", "TINY", "--output-format", "xml"), 2, "must be one of"),
        (("show", "RUN/none"), 5, "no such folder"),
        (("show", "FOLDER"), 2, "is no run"),
        (("show", "RUN", "--table", "root"), 2, "did you mean"),
        (("ls", "none"), 5, "no such folder"),
        (("explain", "E999"), 2, "no such code"),
        (("explain", "shrae", "--scenario", "TINY"), 2, "did you mean share?"),
        (("explain", "run.sed", "--scenario", "TINY"), 2, "did you mean run.seed?"),
        (("explain", "a b", "--scenario", "TINY"), 2, "neither a code"),
        (("explain", "RUN", "--lot", "99999"), 2, "that year has lots 0 to"),
        (("explain", "RUN", "--lot", "1", "--year", "1999"), 2, "not simulated"),
        (("explain", "RUN", "--lot", "1", "--alternative", "wth"), 2, "with?"),
        (("explain", "RUN", "--lot", "1", "--replication", "7"), 2, "--trace"),
        (("init", "FOLDER", "--template", "minimum"), 2, "did you mean minimal?"),
        (("verify", "--quick", "--out", "/none"), 5, "no such folder"),
    ],
)
def test_a_mistake_gets_one_clear_line_and_its_code(
    tiny, words, code, said, monkeypatch
):
    monkeypatch.setattr(PROVE, lambda **_: [])
    folder, run = tiny.parent, tiny_run()
    places = {"TINY": tiny, "FOLDER": folder, "RUN": run, "RUN/none": run / "none"}

    found = railsim(*(places.get(word, word) for word in words))

    assert found.code == code
    assert said in found.err
    assert "Traceback" not in found.err


def test_a_bug_ends_with_seventy_and_a_crash_file(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(SIMULATE, lambda *_, **__: 1 / 0)

    quiet = railsim("run", tiny, "--out", tmp_path)
    loud = railsim("run", "-v", tiny, "--out", tmp_path)

    assert (quiet.code, loud.code) == (70, 70)
    assert "railsim has a bug: ZeroDivisionError" in quiet.err
    assert "Traceback" not in quiet.err
    assert "Traceback" in loud.err
    (crash,) = tmp_path.glob("railsim-crash-*.txt")
    assert "ZeroDivisionError" in crash.read_text("utf-8")


def test_a_valid_scenario_is_told_in_every_format(tiny):
    formats = {
        style: railsim("validate", tiny, "--output-format", style)
        for style in ("text", "json", "github", "junit")
    }

    assert {said.code for said in formats.values()} == {0}
    assert formats["text"].out == f"{tiny}: valid\n"
    assert json.loads(formats["json"].out)[0]["is_valid"] is True
    assert ElementTree.fromstring(formats["junit"].out).get("failures") == "0"


def test_an_invalid_scenario_is_told_in_every_format(tmp_path):
    file = write_tiny(tmp_path, "bad.toml", "\n[fleets.rakes]\nfoo = 1.0\n")

    formats = {
        style: railsim("validate", file, "--output-format", style)
        for style in ("text", "json", "github", "junit")
    }

    assert {said.code for said in formats.values()} == {2}
    assert f"{file}:32:1: error[E101]" in formats["text"].out
    assert json.loads(formats["json"].out)[0]["problems"][0]["line"] == 32
    assert formats["github"].out.startswith(f"::error file={file},line=32,col=1,")
    assert ElementTree.fromstring(formats["junit"].out).get("failures") == "1"


def test_runs_are_listed_for_people_and_programs():
    folder = tiny_run().parent

    assert tiny_run().name in railsim("ls", folder).out
    names = [run["name"] for run in json.loads(railsim("ls", folder, "--json").out)]
    assert tiny_run().name in names


def test_a_table_of_a_run_can_be_printed():
    said = railsim("show", tiny_run(), "--table", "routes")

    assert said.out == (tiny_run() / "routes.csv").read_text("utf-8")


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained(code):
    assert railsim("explain", code).out.startswith(f"{code}: {CODES[code][0]}\n")


def test_a_column_is_explained_with_unit_and_formula():
    said = railsim("explain", "routes.share").out

    assert said.startswith("routes.csv share: ")
    assert "unit     1" in said
    assert "formula  tonnes / tonnes of market" in said


def test_an_input_is_explained_with_its_origin_and_what_it_touches(tiny):
    path = "services.train.tariff_usd_per_teu_km"

    said = railsim("explain", path, "--scenario", tiny).out

    assert said.startswith(f"{path} = 0.5 USD/TEU-km\n")
    assert "range    0 to 10" in said
    assert "set by   small_corridor.toml:" in said
    assert "source   none in sources.csv" in said
    assert "routes.money_usd_per_teu" in said


def test_the_hours_and_dollars_of_a_lot_sum_to_their_totals():
    said = railsim("explain", tiny_run(), "--lot", 5, "--replication", 1).out

    hours, dollars = said.split("charge (expected")
    assert adds_up(hours.splitlines()[2:], -1, 0.002)
    assert adds_up(dollars.splitlines()[1:], -1, 0.02)


def adds_up(lines, column, tolerance):
    """Whether the last number is the sum of those above it."""
    numbers = [float(line.split()[column]) for line in lines if line.strip()]
    return abs(sum(numbers[:-1]) - numbers[-1]) <= tolerance * len(numbers)


def test_the_schema_is_printed_for_editors():
    assert "required" in json.loads(railsim("schema").out)
    assert "required" not in json.loads(railsim("schema", "--child").out)


def test_a_new_folder_holds_scenarios_that_are_valid(tmp_path):
    said = railsim("init", tmp_path, "--template", "minimal")

    assert said.code == 0
    child = load_scenario(tmp_path / "scenarios" / "child.toml")
    assert child.services["train"].tariff_usd_per_teu_km == 0.4
    study = tmp_path / "scenarios" / "studies" / "study.toml"
    assert railsim("sweep", study, "--out", tmp_path / "results").code == 0
    assert railsim("init", tmp_path, "--template", "minimal").code == 2


def test_the_doctor_names_the_folder_in_which_the_kernel_is_kept():
    symptoms = json.loads(railsim("doctor", "--json").out)
    (cache,) = [s for s in symptoms if s["subject"] == "kernel cache"]

    assert Path(cache["found"].removesuffix(" can be written")).is_dir()
    assert cache["is_well"]


def test_the_doctor_says_where_else_the_kernel_could_be_kept(monkeypatch):
    def refuse() -> Path:
        raise RuntimeError("no locator available")

    monkeypatch.setattr(health, "_kernel_folder", refuse)

    found = railsim("doctor").out
    assert "no folder can be written" in found
    assert "NUMBA_CACHE_DIR" in found


def test_the_doctor_knows_what_is_installed():
    symptoms = json.loads(railsim("doctor", "--json").out)

    assert {"python", "railsim", "numpy", "processors"} <= {
        symptom["subject"] for symptom in symptoms
    }
    assert "results folder" in railsim("doctor").out


@pytest.mark.parametrize(
    ("mean", "half_width", "shown"),
    [
        (884.2, 9.4, "884 ± 9"),
        (1042.0, 21.3, "1,042 ± 21"),
        (1402.0, 143.0, "1,400 ± 140"),
        (2.23, 0.08, "2.23 ± 0.08"),
        (2.2345, 0.13, "2.2 ± 0.1"),
        (552.0, 0.0, "552.0 ± 0.0"),
        (552.0, float("nan"), "552"),
        (float("nan"), 1.0, "-"),
        (0.0, 0.0, "0.0 ± 0.0"),
    ],
)
def test_no_more_digits_are_shown_than_the_interval_supports(mean, half_width, shown):
    assert plus_minus(mean, half_width) == shown


def test_a_proof_is_printed_and_written(tmp_path, monkeypatch):
    good = Check("queues", "M/M/1 | wait", "1.0", "1.1", "0.2", is_passed=True)
    bad = Check("queues", "M/D/1", "1.0", "2.0", "0.2", is_passed=False)
    monkeypatch.setattr(PROVE, lambda *, is_quick: [good] * (1 + is_quick))
    said = railsim("verify", "--quick", "--out", tmp_path)
    monkeypatch.setattr(PROVE, lambda **_: [good, bad])
    failed = railsim("verify")

    assert said.code == 0
    assert said.out.endswith("2 of 2 checks passed\n")
    page = (tmp_path / "verification.md").read_text("utf-8")
    assert "| queues | M/M/1 / wait | 1.0 | 1.1 | 0.2 | yes |" in page
    assert failed.code == 70
    assert "FAIL M/D/1: 2.0, expected 1.0" in failed.out


def test_a_warning_is_told_with_the_command_that_explains_it(tmp_path):
    more = "\n[choice]\nelasticity_usual = [-0.02, -0.01]\n"
    file = write_tiny(tmp_path, more=more)

    said = railsim("run", file, "--out", tmp_path / "results")

    assert "warning W020 " in said.err
    assert "(railsim explain W020)" in said.err
