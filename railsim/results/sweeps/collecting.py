"""From parts to tables, in the order of the draws; nothing is ever appended to.

The rows of the parts stream into outputs.csv, and their numbers into a file that is
read back column by column: memory does not grow with the number of draws.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from railsim.results.cells import write_csv
from railsim.results.sweeps.catalogue import OUTPUTS
from railsim.results.sweeps.parts import Part, Row, rows_of
from railsim.results.sweeps.spill import Floats, Spill
from railsim.study.sweep.crews import Chunk

Key = tuple[str, str, str, str]  # fidelity, cell, alternative, metric
HEADER = write_csv([c.name for c in OUTPUTS.columns], [])


@dataclass
class Collected:
    """What the parts say, draw by draw."""

    keys: dict[Key, int] = field(default_factory=dict)
    failures: dict[tuple[str, int], str] = field(default_factory=dict)
    draws: dict[str, list[int]] = field(default_factory=dict)

    def place(self, key: Key) -> int:
        """The column of a number."""
        return self.keys.setdefault(key, len(self.keys))


def collect(
    parts: Iterable[tuple[Chunk, Part]], counts: dict[str, int], target: Path, to: Spill
) -> Collected:
    """Write outputs.csv and spill the numbers, for draws below the count of each level.

    A row of the spill is a draw in one fidelity, in the order of the parts.
    """
    found = Collected()
    with target.open("wb") as stream:
        stream.write(HEADER)
        for chunk, part in parts:
            rows = [r for r in rows_of(part) if r[0] < counts[chunk.fidelity]]
            is_whole = chunk.draws[-1].number < counts[chunk.fidelity]
            stream.write(part.lines if is_whole else _lines(rows))
            for draw in wanted_draws(chunk, counts):
                _add(found, chunk.fidelity, draw, part, rows, to)
        stream.flush()
        os.fsync(stream.fileno())
    return found


def wanted_draws(chunk: Chunk, counts: Mapping[str, int]) -> list[int]:
    """Numbers of the draws of a chunk that are collected."""
    count = counts[chunk.fidelity]
    return [draw.number for draw in chunk.draws if draw.number < count]


def _lines(rows: list[Row]) -> bytes:
    return write_csv([c.name for c in OUTPUTS.columns], rows)[len(HEADER) :]


def _add(
    found: Collected, fidelity: str, draw: int, part: Part, rows: list[Row], to: Spill
) -> None:
    if draw in part.failures:
        found.failures[fidelity, draw] = part.failures[draw]
        return
    numbers = numbers_of(draw, rows)
    places = [found.place((fidelity, *key)) for key in numbers]
    row = np.full(len(found.keys), np.nan)
    row[places] = list(numbers.values())
    to.add(row)
    found.draws.setdefault(fidelity, []).append(draw)


def numbers_of(draw: int, rows: Iterable[Row]) -> dict[tuple[str, str, str], float]:
    """Cell, alternative and metric -> mean over the replications of a draw.

    NaN where a replication has no number.
    """
    several: dict[tuple[str, str, str], list[float]] = {}
    for number, _, _, cell, alternative, metric, value in rows:
        if number == draw:
            amount = math.nan if value is None else value
            several.setdefault((cell, alternative, metric), []).append(amount)
    return {key: math.fsum(v) / len(v) for key, v in several.items()}


@dataclass(frozen=True, slots=True)
class Numbers:
    """One number of one world over the draws of a fidelity, NaN where it has none."""

    key: Key
    draws: tuple[int, ...]
    values: Floats


def columns_of_draws(found: Collected, spill: Spill) -> Iterator[Numbers]:
    """Every number over the draws that did not fail."""
    levels = list(found.draws)
    lengths = [len(found.draws[level]) for level in levels]
    ends = dict(zip(levels, np.cumsum(lengths).tolist(), strict=True))
    for key, column in zip(found.keys, spill.columns(), strict=True):
        draws = found.draws[key[0]]
        end = ends[key[0]]
        yield Numbers(key, tuple(draws), column[end - len(draws) : end])
