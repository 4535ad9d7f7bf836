"""What a study says against what its scenario and its answers have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from railsim.scenario import Resolved, evidence_of, source_of
from railsim.scenario.checks.findings import Finding
from railsim.scenario.overlays import lay_over
from railsim.scenario.paths import Segments, quote, split_path
from railsim.scenario.sources import Source
from railsim.study.files.naming import check_names
from railsim.study.files.schema import FromSources, Study
from railsim.study.uncertainty.designs import Grid, complaint
from railsim.study.uncertainty.distributions import (
    Constant,
    Distribution,
    Pert,
    Scalar,
    Triangular,
    Uniform,
)

Laid = tuple[Segments, Any]  # where the study lays a value, and the value
_SHAPES = "triangular, uniform, pert, const"


def write_out(study: Study, base: Resolved) -> tuple[Study, list[Finding]]:
    """The study with `sources` replaced by what sources.csv says of the path."""
    sources, written = evidence_of(base), dict(study.uncertain)
    findings = []
    for path, told in study.uncertain.items():
        if isinstance(told, FromSources):
            found = _from_source(source_of(path, sources))
            if isinstance(found, str):
                findings.append(Finding("E105", ("uncertain", path), found))
            else:
                written[path] = found
    return study.model_copy(update={"uncertain": written}), findings


def check_study(study: Study, base: Resolved) -> list[Finding]:
    """What is wrong with a study whose distributions are written out."""
    return [
        *_check_paths(study, base),
        *_check_overlays(study, base),
        *check_names(study, base, parameters_of(study)),
        *_check_design(study),
    ]


def _from_source(source: Source | None) -> Distribution | str:
    if source is None:
        return "sources.csv has no row for this path"
    low, mode, high = source.low, source.mode, source.high
    if isinstance(mode, tuple):
        return "sources.csv has a list here; name one element: a path with .0"
    if low is None or mode is None or high is None:
        return "sources.csv gives no low, mode and high here"
    assert not isinstance(low, tuple)
    assert not isinstance(high, tuple)
    match source.distribution:
        case "const":
            return Constant(dist="const", value=mode)
        case "uniform":
            return Uniform(dist="uniform", low=low, high=high)
        case "triangular":
            return Triangular(dist="triangular", low=low, mode=mode, high=high)
        case "pert":
            return Pert(dist="pert", low=low, mode=mode, high=high)
    shape = quote(source.distribution)
    return f"sources.csv has the shape {shape} here, known are {_SHAPES}"


def _check_paths(study: Study, base: Resolved) -> Iterator[Finding]:
    """Every path must take the middle of its distribution."""
    laid: dict[str, Laid] = {}
    for path, where, value in _drawn(study, base.tables):
        if value is None:
            yield Finding("E112", where, f"{quote(path)} is no number in the scenario")
        elif path in laid:
            yield Finding("E111", where, f"{quote(path)} is drawn twice")
        else:
            laid[path] = (where, value)
    yield from _lay(base, laid)


def _drawn(
    study: Study, tables: Mapping[str, Any]
) -> Iterator[tuple[str, Segments, Any]]:
    """Every path that draws write, where the study says so, and a likely value."""
    if isinstance(study.design, Grid):
        for path, values in study.design.values.items():
            yield path, ("design", "values", path), values[0]
    for path, told in study.uncertain.items():
        if not isinstance(told, FromSources):
            yield path, ("uncertain", path), middle_of(told)
    for name, scaled in study.scaled.items():
        for i, path in enumerate(scaled.paths):
            yield path, ("scaled", name, "paths", i), number_at(tables, path)
    for name, split in study.splits.items():
        for path, mean in split.means.items():
            yield path, ("splits", name, "means", path), mean


def middle_of(distribution: Distribution) -> Scalar:
    """The median, as a plain value of Python."""
    import numpy as np

    from railsim.study.uncertainty.quantiles import ppf  # loads scipy

    value: Any = ppf(distribution, np.array([0.5]))[0]
    found: Scalar = value.item() if isinstance(value, np.generic) else value
    return found


def _lay(base: Resolved, laid: Mapping[str, Laid]) -> Iterator[Finding]:
    """What a scenario says to values laid over it, at the places that laid them."""
    values = {path: value for path, (_, value) in laid.items()}
    _, problems = lay_over(base.scenario, base.tables, values, label="")
    for problem in problems:
        where = laid.get(problem.flag.strip(), (("study", "scenario"), None))[0]
        yield Finding(problem.code, where, problem.message, problem.help)


def _check_overlays(study: Study, base: Resolved) -> Iterator[Finding]:
    """Each level of each axis must fit into each world that the grid changes."""
    grid = study.grid
    if grid is None:
        return
    for name in grid.alternatives:
        if name not in base.tables["alternatives"]:
            continue
        own = base.tables["alternatives"][name].get("overlay", {})
        for axis, levels in grid.axes.items():
            for level, overlay in levels.items():
                here: Segments = ("grid", "axes", axis, level)
                under = {p: (here, v) for p, v in own.items()}
                over = {p: ((*here, p), v) for p, v in overlay.items()}
                yield from _lay(base, {**under, **over})


def _check_design(study: Study) -> Iterator[Finding]:
    names = parameters_of(study)
    wrong = complaint(study.design, names, study.study.size)
    if wrong is not None:
        is_size = wrong.startswith("size")
        where: Segments = ("study", "size") if is_size else ("design",)
        yield Finding("E103" if is_size else "E111", where, wrong.removeprefix("size "))
    if study.stopping is not None and not is_extensible(study):
        message = "needs a design whose first draws stand alone: monte_carlo or sobol"
        yield Finding("E111", ("stopping",), message)


def is_extensible(study: Study) -> bool:
    """Are the first draws of the design a sample of their own?"""
    return study.design.kind in ("monte_carlo", "sobol")


def parameters_of(study: Study) -> list[str]:
    """Names of all uncertain inputs."""
    listed = study.design.values if isinstance(study.design, Grid) else ()
    splits = [path for split in study.splits.values() for path in split.means]
    return [*listed, *study.uncertain, *study.scaled, *splits]


def number_at(tables: Mapping[str, Any], path: str) -> float | None:
    """The number that the scenario has at a dotted path, if it is one."""
    try:
        segments: Iterable[str] = split_path(path)
        value: Any = tables
        for segment in segments:
            value = value[int(segment) if isinstance(value, list) else segment]
    except (LookupError, TypeError, ValueError):
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number else None
