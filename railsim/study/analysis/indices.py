"""An input's index by some method, and whether noise alone explains it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from railsim.rows import column
from railsim.study.analysis.resampling import Estimate

LUCK = "luck"  # the row for the daily luck itself


@dataclass(frozen=True, slots=True)
class Index:
    """How much one input matters by one method.

    `noise_level` what an input without influence reaches, `is_noise` whether the index
    cannot be told from that.
    """

    method: str
    param: str
    estimate: Estimate
    noise_level: float
    is_noise: bool


@dataclass(frozen=True, slots=True)
class SensitivityRow:
    """How much one input matters for one metric by one method."""

    metric: str = column("id", "output that is explained")
    method: str = column("id", "index")
    param: str = column("id", "dotted path; luck: what the daily luck does")
    value: float | None = column("see method", "index; empty where noise explains it")
    ci_lo: float | None = column("see method", "lower end of its 95 % interval")
    ci_hi: float | None = column("see method", "upper end of its 95 % interval")
    noise_level: float = column("see method", "what an input without influence reaches")


def sensitivity_rows(metric: str, indices: Iterable[Index]) -> Iterator[SensitivityRow]:
    """The rows of `sensitivity`; an index that noise explains is not shown."""
    for index in indices:
        found = index.estimate
        is_shown = not index.is_noise
        yield SensitivityRow(
            metric,
            index.method,
            index.param,
            value=found.value if is_shown else None,
            ci_lo=known(found.ci_lo) if is_shown else None,
            ci_hi=known(found.ci_hi) if is_shown else None,
            noise_level=index.noise_level,
        )


def known(value: float) -> float | None:
    """A number, or nothing where there is none."""
    return None if value != value else value
