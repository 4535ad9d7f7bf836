"""Do checks and tests notice a wrong formula? Mistakes are planted one by one.

Each mistake of planted_mistakes.toml goes into a copy of the package, and the tests of
its room run until one fails; without it they must all pass. What notices it is a check
of the accounts themselves, on in every run, or a test. Ends with 1 if a mistake
survives; a text that is no longer in the source is an error.

    uv run python benchmarks/planted_mistakes.py [--jobs 2] [WORD of a file ...]

Every mistake has a process of its own, forked from one that knows all libraries but
not the package; so this needs a system that can fork.
"""

from __future__ import annotations

import argparse
import importlib
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MISTAKES = Path(__file__).with_suffix(".toml")
CHECKS = ("BrokenAccountsError", "AppraisalError")
ROOMS = {
    "project": ("project", "judging"),
    "formulas": ("formulas", "project", "finance", "appraisal"),
    "finance": ("finance", "judging"),
    "appraisal": ("appraisal", "judging"),
    "judging": ("judging",),
}
"""Folder of the package -> folders of tests that answer for it."""
LIBRARIES = ("numpy", "scipy.stats", "scipy.optimize", "pydantic", "pandas", "numba")
LIBRARIES += ("pint", "tree_sitter_toml", "pytest", "pyxirr", "typer")
PATIENCE_S = 600.0
OUTPUT = "output.txt"
BROKEN, SURVIVES = "does not run", "SURVIVES"


@dataclass(frozen=True)
class Mistake:
    """A text of the package and the wrong one in its place."""

    file: str
    what: str
    right: str
    wrong: str

    @property
    def room(self) -> str:
        """The folder of the package it is planted in."""
        return self.file.partition("/")[0]

    @property
    def tests(self) -> tuple[list[str], list[str]]:
        """The tests that name its module, and all of its rooms."""
        rooms = [f"tests/{room}" for room in ROOMS[self.room]]
        module = f"railsim.{self.file.removesuffix('.py').replace('/', '.')} "
        nearest = [
            file.relative_to(ROOT).as_posix()
            for room in rooms
            for file in sorted((ROOT / room).glob("test_*.py"))
            if f"from {module}" in file.read_text(encoding="utf-8")
            or file.stem == f"test_{Path(self.file).stem}"
        ]
        return nearest, rooms


@dataclass(frozen=True)
class Verdict:
    """Who noticed a mistake."""

    mistake: Mistake
    by: str
    test: str

    @property
    def is_caught(self) -> bool:
        """Noticed by a check or a test, not by a program that does not start."""
        return self.by not in (BROKEN, SURVIVES)


def read_mistakes(words: Sequence[str] = ()) -> list[Mistake]:
    """All of them, or those in files whose names contain a word."""
    files = tomllib.loads(MISTAKES.read_text(encoding="utf-8"))
    return [
        Mistake(file, what, *texts)
        for file, mistakes in files.items()
        if not words or any(word in file for word in words)
        for what, texts in mistakes.items()
    ]


def planted(mistake: Mistake) -> str:
    """The file with the mistake; raises ValueError if its text is not there once."""
    text = (ROOT / "railsim" / mistake.file).read_text(encoding="utf-8")
    if (found := text.count(mistake.right)) != 1:
        raise ValueError(
            f"{mistake.file}: {mistake.right!r} stands there {found} times, not once "
            f"({mistake.what})"
        )
    return text.replace(mistake.right, mistake.wrong)


def main() -> int:
    """Plant, test, tell; the number of a process that failed if one survives."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("words", nargs="*", help="Parts of file names.")
    asked.add_argument("--jobs", type=int, default=1, help="Mistakes at once.")
    said = asked.parse_args()
    mistakes = read_mistakes(said.words)
    for mistake in mistakes:
        planted(mistake)
    for library in LIBRARIES:
        importlib.import_module(library)
    with tempfile.TemporaryDirectory() as scratch:
        copies = [_copy(Path(scratch) / str(number)) for number in range(said.jobs)]
        if complaint := _complaint(copies[0], mistakes):
            print(complaint, file=sys.stderr)
            return 1
        verdicts = list(_judged(mistakes, copies))
    order = {mistake: at for at, mistake in enumerate(mistakes)}
    print(_table(sorted(verdicts, key=lambda v: order[v.mistake])))
    return 0 if all(verdict.is_caught for verdict in verdicts) else 1


def _copy(folder: Path) -> Path:
    """What tests need of the repository."""
    skip = shutil.ignore_patterns("__pycache__", ".hypothesis")
    for name in ("railsim", "tests", "benchmarks"):
        shutil.copytree(ROOT / name, folder / name, ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name in ("scenarios", "docs"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def _complaint(copy: Path, mistakes: Sequence[Mistake]) -> str:
    """What fails without a mistake: it would be taken for who noticed one."""
    rooms = dict.fromkeys(room for mistake in mistakes for room in mistake.tests[1])
    child = _in_a_child(copy, [list(rooms)])
    child.join()
    if child.exitcode == 0:
        return ""
    _, test = first_failure((copy / OUTPUT).read_text(encoding="utf-8"))
    return f"nothing is planted and the tests fail already: {test}"


def _judged(mistakes: Sequence[Mistake], copies: list[Path]) -> Iterator[Verdict]:
    """As they are found; every copy holds one mistake at a time."""
    waiting, running = list(mistakes), list[Trial]()
    done = 0
    while waiting or running:
        while waiting and copies:
            running.append(_start(waiting.pop(0), copies.pop()))
        time.sleep(0.05)
        for trial in [t for t in running if not t.is_going]:
            running.remove(trial)
            copies.append(trial.copy)
            verdict, done = _end(trial), done + 1
            head = f"{done}/{len(mistakes)} {verdict.mistake.file}"
            said = f"{head}: {verdict.mistake.what}: {verdict.by}"
            print(said, file=sys.stderr, flush=True)
            yield verdict


@dataclass(frozen=True)
class Trial:
    """A mistake in a copy, and the process that tests it."""

    mistake: Mistake
    copy: Path
    process: BaseProcess
    begun: float

    @property
    def is_going(self) -> bool:
        """Neither ended nor out of time."""
        is_late = time.monotonic() - self.begun > PATIENCE_S
        return self.process.is_alive() and not is_late


def _start(mistake: Mistake, copy: Path) -> Trial:
    file = copy / "railsim" / mistake.file
    age = file.stat().st_mtime
    file.write_text(planted(mistake), encoding="utf-8")
    os.utime(file, (age + 2.0, age + 2.0))  # or old bytecode would be taken
    child = _in_a_child(copy, mistake.tests)
    return Trial(mistake, copy, child, time.monotonic())


def _in_a_child(copy: Path, stages: Sequence[Sequence[str]]) -> BaseProcess:
    """Tests of a copy, begun."""
    child = multiprocessing.get_context("fork").Process(
        target=_run_tests, args=(copy, stages)
    )
    child.start()
    return child


def _run_tests(copy: Path, stages: Sequence[Sequence[str]]) -> None:
    """In a process of its own, until something fails."""
    import pytest

    os.chdir(copy)
    os.environ |= {"COLUMNS": "400", "CI": "1"}  # pytest then tells the whole error
    sys.path.insert(0, str(copy))
    words = ("-x", "-q", "-rfE", "--tb=no", "-p", "no:cacheprovider", "-n0")
    code = 0
    with (
        (copy / OUTPUT).open("w", encoding="utf-8") as output,
        redirect_stdout(output),
        redirect_stderr(output),
    ):
        for tests in stages:
            if tests and code == 0:
                code = int(pytest.main([*words, "--hypothesis-seed=0", *tests]))
    os._exit(code)


def _end(trial: Trial) -> Verdict:
    """Read what was noticed and put the right text back."""
    if trial.process.is_alive():
        trial.process.kill()
    trial.process.join()
    file = Path("railsim", trial.mistake.file)
    shutil.copy2(ROOT / file, trial.copy / file)
    code = trial.process.exitcode or 0
    if code < 0:
        return Verdict(trial.mistake, "test (never ends)", "")
    if code == 0:
        return Verdict(trial.mistake, SURVIVES, "")
    said = (trial.copy / OUTPUT).read_text(encoding="utf-8")
    return Verdict(trial.mistake, *first_failure(said))


def first_failure(output: str) -> tuple[str, str]:
    """Who failed first, and at what, of a summary of tests."""
    lines = [
        line.partition(" ")[2]
        for line in output.splitlines()
        if line.startswith(("FAILED ", "ERROR ")) and "::" in line.partition(" - ")[0]
    ]
    if not lines:
        return BROKEN, output.strip().rpartition("\n")[2]
    test, _, why = lines[0].partition(" - ")
    name = test.rpartition("/")[2]
    for check in CHECKS:
        if check in why:
            said = why.partition(f"{check}: ")[2].partition(" of ")[0]
            return f"check: {said.partition(' (')[0]}", name
    return "test", name


def _table(verdicts: Sequence[Verdict]) -> str:
    heads = ("file", "mistake", "caught by", "first in")
    rows = [(v.mistake.file, v.mistake.what, v.by, v.test) for v in verdicts]
    lines = [heads, ("---",) * 4, *rows]
    checked = [v for v in verdicts if v.by.startswith("check")]
    caught = [v for v in verdicts if v.is_caught]
    return "\n".join(
        [
            *("| " + " | ".join(line) + " |" for line in lines),
            "",
            f"{len(caught)} of {len(verdicts)} caught, {len(checked)} of them first by "
            "a check that is always on.",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
