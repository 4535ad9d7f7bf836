"""The tables of a sweep as Parquet, for programs that read millions of rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from railsim.errors import MissingError
from railsim.results.answers.reading import Answers
from railsim.results.store import replacing
from railsim.results.sweeps.catalogue import sweep_tables
from railsim.results.tables.columns import Table

_TYPES = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE"}


def write_parquet(answers: Answers) -> list[Path]:
    """A file beside every table; text that was quoted against formulas stays quoted.

    Raises MissingError (exit 4) without the extra `data`, StorageError if a file cannot
    be written.
    """
    try:
        import duckdb
    except ImportError:
        cure = 'pip install "railsim[data]"'
        raise MissingError(f"--parquet needs the extra data: {cure}") from None
    written = []
    with duckdb.connect(":memory:") as database:
        for table, source in _tables(answers):
            target = source.with_suffix(".parquet")
            with replacing(target) as new:
                columns = {c.name: _TYPES[c.kind] for c in table.columns}
                database.read_csv(
                    str(source), header=True, columns=columns, delimiter=","
                ).write_parquet(str(new))
            written.append(target)
    return written


def _tables(answers: Answers) -> Iterator[tuple[Table, Path]]:
    """Every table, proved by its checksum."""
    grid, both = answers.study.grid, answers.study.study.fidelity == "both"
    axes = () if grid is None else tuple(grid.axes)
    for table in sweep_tables(axes, has_levels=both):
        name = f"{table.name}.csv"
        answers.run.read(name)
        yield table, answers.run.folder / name
