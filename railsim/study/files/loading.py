"""From a study file to a checked plan: every problem at once, with file and line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from railsim.errors import InputError
from railsim.scenario import Problem, Resolved
from railsim.scenario.checks.amounts import convert_amounts
from railsim.scenario.checks.fields import Spec
from railsim.scenario.checks.findings import Finding, merge_findings
from railsim.scenario.checks.names import check_leaves
from railsim.scenario.checks.records import make_record_of
from railsim.scenario.files.locating import Spot
from railsim.scenario.files.merging import Mark, Merged, Origin, merge_layers
from railsim.scenario.files.parents import Layer, root_of
from railsim.scenario.files.reading import read_tables
from railsim.scenario.paths import Segments, printable
from railsim.scenario.reporting import error_of, locate
from railsim.study.files.bases import read_base
from railsim.study.files.checking import check_study, write_out
from railsim.study.files.sampling import sample_of
from railsim.study.files.schema import Study
from railsim.study.uncertainty.sampling import Sample

KIND = Spec(Study)
_SYNONYM = "from"


@dataclass(frozen=True)
class Planned:
    """A study with every distribution written out, its scenario and its draws."""

    stem: str
    study: Study
    base: Resolved
    sample: Sample = field(repr=False)


def load_study(
    path: str | os.PathLike[str],
    *,
    settings: Mapping[str, Any] | None = None,
    overrides: Iterable[str] = (),
) -> Planned:
    """The study of a file; raises ScenarioError with all its problems.

    `settings` replace values of [study], `overrides` are laid over the scenario after
    those of the file.
    """
    typed = os.fspath(path)
    merged = _read(typed)
    problems = _lay_settings(merged, settings or {})
    study, findings = _record_of(merged)
    problems += locate(merged, findings, lambda _: "")
    if study is None or problems:
        raise error_of(problems)
    base = read_base(merged, study, typed, overrides)
    study, findings = write_out(study, base)
    findings += check_study(study, base)
    if not findings:
        sample, findings = _sample_of(study)
    problems = locate(merged, findings, lambda _: "")
    if problems or sample is None:
        raise error_of(problems)
    stem = Path(typed).name.removesuffix(".toml")
    return Planned(stem, study, base, sample)


def _sample_of(study: Study) -> tuple[Sample | None, list[Finding]]:
    """The drawn values, or why correlations and design do not allow any."""
    try:
        return sample_of(study), []
    except InputError as error:
        text = str(error)
        is_tied = study.correlations is not None and "correlation" in text
        where: Segments = ("correlations",) if is_tied else ("design",)
        return None, [Finding("E111", where, text)]


def _read(typed: str) -> Merged:
    shown, real = printable(typed), os.path.realpath(typed)
    tables, spots = read_tables(real, shown)
    root = root_of(real)
    file = printable(os.path.relpath(real, root).replace(os.sep, "/"))
    return merge_layers([Layer(file, shown, _with_words(tables, spots), spots)])


def _with_words(tables: dict[str, Any], spots: dict[Any, Spot]) -> dict[str, Any]:
    """`from = "sources"` is the same as `dist = "sources"`."""
    uncertain = tables.get("uncertain")
    if isinstance(uncertain, dict):
        for path, told in uncertain.items():
            if isinstance(told, dict) and _SYNONYM in told and "dist" not in told:
                told["dist"] = told.pop(_SYNONYM)
                here = ("uncertain", path)
                spots[(*here, "dist")] = spots[(*here, _SYNONYM)]
    return tables


def _lay_settings(merged: Merged, settings: Mapping[str, Any]) -> list[Problem]:
    """Options of the command line take the place of values of [study]."""
    head = merged.tables.setdefault("study", {})
    if isinstance(head, dict):
        for name, value in settings.items():
            flag = f"--{name} {printable(str(value))}"
            mark = Mark(Origin(f"--{name}", 0, 0), "", Spot(0, 0, 0, 0), flag, 1)
            head[name] = value
            merged.marks[("study", name)] = mark
    return []


def _record_of(merged: Merged) -> tuple[Study | None, list[Finding]]:
    tables = merged.tables
    converted, amounts = convert_amounts(tables, KIND)
    study, records = make_record_of(Study, converted)
    findings = merge_findings(check_leaves(tables), amounts, records)
    merged.tables = converted
    return (None if findings else study), findings
