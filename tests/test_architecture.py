"""Imports go down the stairs, and nothing dangerous or inexact is called."""

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.sources import PACKAGE, ROOT, room_of, sources

# From the ground up; rooms on one stair are strangers to each other. The package's own
# face ('') re-exports what the command line calls, so it lies just below it.
STAIRCASE = [
    {"errors", "units", "quantity", "rows", "sharing", "traffic"},
    {"balance"},
    {"formulas"},
    {"scenario"},
    {"corridor"},
    {"engine"},
    {"project"},
    {"finance", "appraisal"},
    {"horizon"},
    {"outcome"},
    {"tabulate"},
    {"living"},
    {"judging"},
    {"case"},
    {"study"},
    {"results"},
    {"report", "explorer"},
    {""},
    {"cli"},
    {"__main__"},
]
STAIR = {room: height for height, rooms in enumerate(STAIRCASE) for room in rooms}

DANGEROUS_MODULES = {"dill", "marshal", "pickle", "shelve", "subprocess"}
DANGEROUS_CALLS = {"__import__", "eval", "exec", "os.popen", "os.system"}
# Builtin `sum` gives other bytes from Python 3.12 on; there, floats need `math.fsum`.
EXACT_ROOMS = {
    "appraisal",
    "case",
    "corridor",
    "engine",
    "finance",
    "formulas",
    "horizon",
    "judging",
    "living",
    "project",
    "tabulate",
}
WHOLE_NUMBER_CALLS = {"int", "len"}
HEAVY = {"matplotlib", "numba", "pandas", "scipy"}

needs_cli = pytest.mark.skipif(
    not (PACKAGE / "cli").exists(), reason="there is no command line yet"
)


def test_every_module_lies_on_a_stair():
    unplaced = [s.module for s in sources() if s.room not in STAIR]

    assert unplaced == []


def test_imports_go_down_the_stairs():
    climbs = [
        f"{source.at(node)}: {source.room} imports {target}"
        for source in sources()
        for target, node in source.imports_of_ours()
        if not may_import(source.room, room_of(target))
    ]

    assert climbs == []


def test_siblings_and_upper_floors_are_out_of_reach():
    reachable = [
        may_import("finance", "appraisal"),
        may_import("errors", "units"),
        may_import("engine", "project"),
        may_import("corridor", "scenario"),
    ]

    assert reachable == [False, False, False, True]


def test_imports_are_absolute_everywhere():
    relative = [
        source.at(node)
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.level > 0
    ]

    assert relative == []


def test_no_module_imports_itself_by_a_detour():
    graph = {s.module: {name for name, _ in s.imports_of_ours()} for s in sources()}

    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(reversed(error.args[1])))


def test_only_the_command_line_prints():
    printing = [
        source.at(node)
        for source in sources()
        for name, node in source.calls()
        if name == "print" and source.room != "cli"
    ]

    assert printing == []


def test_no_handler_swallows_every_exception():
    swallowing = [
        source.at(node)
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ExceptHandler) and catches_all(node)
    ]

    assert swallowing == []


def test_nothing_in_the_package_runs_foreign_code():
    dangerous = [
        f"{source.at(node)}: {name}"
        for source in sources()
        for name, node in (*source.calls(), *source.imports())
        if is_dangerous(name)
    ]

    assert dangerous == []


def test_no_result_depends_on_builtin_hashes():
    hashing = [
        source.at(node)
        for source in sources()
        for name, node in source.calls()
        if name == "hash"
    ]

    assert hashing == []


def test_builtin_sum_adds_whole_numbers_only():
    inexact = [
        f"{source.at(node)}: {ast.unparse(node)}"
        for source in sources()
        for name, node in source.calls()
        if source.room in EXACT_ROOMS and name == "sum" and not adds_integers(node)
    ]

    assert inexact == []


def test_opening_a_text_file_names_its_encoding():
    unnamed = [
        f"{source.at(node)}: {name}"
        for source in sources()
        for name, node in source.calls()
        if opens_text(name, node) and not has_keyword(node, "encoding")
    ]

    assert unnamed == []


def test_importing_every_module_says_nothing():
    modules = [s.module for s in sources() if s.room != "__main__"]
    present = [m for m in modules if m != "railsim.cli"]

    shown = run_python(f"import {', '.join(present)}\nimport logging\n{SHOW_HANDLERS}")

    assert shown == "[]\n"


def test_loading_a_scenario_imports_nothing_heavy():
    path = ROOT / "tests" / "scenario" / "minimal.toml"
    code = f"from railsim import scenario\nscenario.load_scenario({str(path)!r})"

    assert run_python(f"{code}\n{SHOW_HEAVY}").endswith("heavy: []\n")


@needs_cli
@pytest.mark.parametrize("words", [["--help"], ["--version"], ["validate", "FILE"]])
def test_quick_commands_import_nothing_heavy(words):
    path = str(ROOT / "tests" / "scenario" / "minimal.toml")
    argv = ["railsim", *(path if word == "FILE" else word for word in words)]
    code = f"import sys\nsys.argv = {argv}\nfrom railsim.cli import app\n{RUN_APP}"

    assert run_python(f"{code}\n{SHOW_HEAVY}").endswith("heavy: []\n")


SHOW_HANDLERS = "print(logging.getLogger().handlers)"
SHOW_HEAVY = f"import sys\nprint('heavy:', sorted({HEAVY} & sys.modules.keys()))"
RUN_APP = """
try:
    app()
except SystemExit as end:
    assert not end.code, end.code
"""


def run_python(code: str) -> str:
    """What a fresh interpreter writes to both outputs while it runs some code."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def may_import(room: str, target: str) -> bool:
    """A room uses itself and what lies below it."""
    if room not in STAIR or target not in STAIR:
        return False
    return room == target or STAIR[target] < STAIR[room]


def is_dangerous(name: str) -> bool:
    """Whether a call or an import could run code that is not ours."""
    return name in DANGEROUS_CALLS or name.split(".")[0] in DANGEROUS_MODULES


def catches_all(handler: ast.ExceptHandler) -> bool:
    """Whether a handler also catches what we got wrong."""
    caught = handler.type
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(
        name is None or ast.unparse(name) in {"Exception", "BaseException"}
        for name in names
    )


def adds_integers(call: ast.Call) -> bool:
    """Whether what is summed is written so that anyone sees whole numbers.

    Allowed are generators over integers as such (`sum(1 for ...)`), comparisons
    (`sum(x > 0 for ...)`) and the calls `int` and `len` (`sum(len(x) for ...)`).
    """
    if not call.args or not isinstance(call.args[0], ast.GeneratorExp):
        return False
    match call.args[0].elt:
        case ast.Constant(value=int()) | ast.Compare():
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in WHOLE_NUMBER_CALLS
    return False


def opens_text(name: str, call: ast.Call) -> bool:
    """Whether a call opens, reads or writes a file as text."""
    owner, _, verb = name.rpartition(".")
    if verb in {"read_text", "write_text"}:
        return bool(owner)
    if verb not in {"open", "fdopen"} or (owner, verb) == ("os", "open"):
        return False
    position = 0 if verb == "open" and owner not in {"", "gzip", "io"} else 1
    modes = [k.value for k in call.keywords if k.arg == "mode"]
    mode = (modes or call.args[position : position + 1] or [ast.Constant("r")])[0]
    return not (isinstance(mode, ast.Constant) and "b" in str(mode.value))


def has_keyword(call: ast.Call, name: str) -> bool:
    """Whether a call names one of its arguments."""
    return any(keyword.arg == name for keyword in call.keywords)
