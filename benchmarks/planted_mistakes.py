"""Do checks and tests notice a wrong formula? Mistakes are planted one by one.

Each mistake of planted_mistakes.toml goes into a copy of the package, and the tests of
its room run until one fails. What notices it is a check of the accounts themselves, on
in every run, or a test. Ends with 1 if a mistake survives; a text that is no longer in
the source is an error.

    uv run python benchmarks/planted_mistakes.py [--jobs 2] [WORD of a file ...]
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

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
PATIENCE_S = 600.0
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
    def tests(self) -> list[str]:
        """The tests of its file first, then those of its room."""
        own = f"tests/{self.room}/test_{Path(self.file).stem}.py"
        rooms = [f"tests/{room}" for room in ROOMS[self.room]]
        return ([own] if (ROOT / own).exists() else []) + rooms


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
    with tempfile.TemporaryDirectory() as scratch:
        verdicts = list(_judged(mistakes, Path(scratch), said.jobs))
    print(_table(verdicts))
    return 0 if all(verdict.is_caught for verdict in verdicts) else 1


def _judged(mistakes: Sequence[Mistake], scratch: Path, jobs: int) -> Iterator[Verdict]:
    """In the order of the file; each process of tests has a copy of its own."""
    free: SimpleQueue[Path] = SimpleQueue()
    for number in range(jobs):
        free.put(_copy(scratch / str(number)))
    with ThreadPoolExecutor(jobs) as pool:
        found = pool.map(lambda m: _judge(m, free), mistakes)
        for number, verdict in enumerate(found, start=1):
            yield verdict
            head = f"{number}/{len(mistakes)} {verdict.mistake.file}"
            print(f"{head}: {verdict.mistake.what}: {verdict.by}", file=sys.stderr)


def _copy(folder: Path) -> Path:
    """What tests need of the repository; the copy passes them, or nothing counts."""
    skip = shutil.ignore_patterns("__pycache__", ".hypothesis")
    for name in ("railsim", "tests", "benchmarks"):
        shutil.copytree(ROOT / name, folder / name, ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name in ("scenarios", "docs"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def _judge(mistake: Mistake, free: SimpleQueue[Path]) -> Verdict:
    copy = free.get()
    file = copy / "railsim" / mistake.file
    right, age = file.read_bytes(), file.stat().st_mtime
    try:
        file.write_text(planted(mistake), encoding="utf-8")
        os.utime(file, (age + 2.0, age + 2.0))  # or old bytecode would be taken
        by, test = _run(copy, mistake)
    finally:
        file.write_bytes(right)
        os.utime(file, (age, age))
        free.put(copy)
    return Verdict(mistake, by, test)


def _run(copy: Path, mistake: Mistake) -> tuple[str, str]:
    """Who fails first, and at what."""
    words = ("-x", "-q", "-rfE", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist")
    command = [sys.executable, "-m", "pytest", *words, "--hypothesis-seed=0"]
    environment = {**os.environ, "PYTHONPATH": str(copy), "COLUMNS": "400"}
    environment |= {"CI": "1"}  # pytest then tells the whole of an error
    try:
        done = subprocess.run(
            [*command, *mistake.tests],
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )
    except subprocess.TimeoutExpired:
        return "test (never ends)", ""
    if done.returncode == 0:
        return SURVIVES, ""
    return _read(done.stdout + done.stderr)


def _read(output: str) -> tuple[str, str]:
    """The first failure of a summary of tests."""
    lines = [line for line in output.splitlines() if line.startswith("FAILED ")]
    if not lines:
        return BROKEN, output.strip().rpartition("\n")[2]
    test, _, why = lines[0].removeprefix("FAILED ").partition(" - ")
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
