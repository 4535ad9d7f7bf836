"""The drawn values of a study, and what each draw lays over the scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from railsim.scenario.checks.fields import is_whole, spec_at
from railsim.scenario.paths import split_path
from railsim.study.files.checking import number_at
from railsim.study.files.schema import FromSources, Study
from railsim.study.sweep.drawing import Draw
from railsim.study.uncertainty.sampling import Sample, draw_sample, value_at


def sample_of(study: Study, size: int | None = None) -> Sample:
    """The values of all draws; raises InputError where none can be drawn."""
    told, tied = study.uncertain, study.correlations
    plain = {p: d for p, d in told.items() if not isinstance(d, FromSources)}
    factors = {name: scaled.factor for name, scaled in study.scaled.items()}
    return draw_sample(
        {**plain, **factors},
        splits=tuple(study.splits.values()),
        pairs=() if tied is None else tied.pairs,
        method="copula" if tied is None else tied.method,
        design=study.design,
        size=study.study.size if size is None else size,
        seed=study.study.seed,
    )


def draws_of(study: Study, sample: Sample, tables: Mapping[str, Any]) -> Iterator[Draw]:
    """Every draw with its luck and the values it lays over the scenario."""
    luck = sample.points.luck.tolist()
    for number in range(len(sample)):
        values = value_at(sample, number)
        overlay: dict[str, Any] = {}
        for name, value in values.items():
            if name in study.scaled:
                overlay |= _scaled(study.scaled[name].paths, value, tables)
            else:
                overlay[name] = _whole_if_wanted(name, value, tables)
        yield Draw(number, luck[number], overlay)


def _scaled(
    paths: tuple[str, ...], factor: Any, tables: Mapping[str, Any]
) -> dict[str, float]:
    found = {}
    for path in paths:
        number = number_at(tables, path)
        assert number is not None
        found[path] = number * float(factor)
    return found


def _whole_if_wanted(path: str, value: Any, tables: Mapping[str, Any]) -> Any:
    """A whole number stays one where the scenario wants one."""
    spec = spec_at(tables, split_path(path))
    if spec is None or not is_whole(spec) or not isinstance(value, float):
        return value
    return int(value) if value.is_integer() else value
