"""Numbers of many draws on disk, so that memory does not grow with them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BLOCK_BYTES = 16_000_000  # held in memory while written, and again while read


class Spill:
    """Rows of numbers, one after another; read again column by column.

    A row may be longer than those before it: what they lack is NaN.
    """

    def __init__(self, folder: Path) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - __exit__ closes it
        self._pending: list[Floats] = []
        self._pending_bytes = 0
        self._blocks: list[tuple[int, int, int]] = []  # offset, rows, columns
        self._width = 0

    def __enter__(self) -> Spill:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, row: Floats) -> None:
        """Append a row."""
        self._pending.append(row)
        self._pending_bytes += row.nbytes
        self._width = max(self._width, len(row))
        if self._pending_bytes >= BLOCK_BYTES:
            self._flush()

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(int(rows) for _, rows, _ in self._blocks) + len(self._pending)

    def columns(self) -> Iterator[Floats]:
        """All columns, first to last; few of them are in memory at a time."""
        self._flush()
        rows = self.rows
        several = max(1, BLOCK_BYTES // (8 * max(rows, 1)))
        for begin in range(0, self._width, several):
            end = min(begin + several, self._width)
            yield from self._read(begin, end).T

    def _read(self, begin: int, end: int) -> Floats:
        found = np.full((self.rows, end - begin), np.nan)
        row = 0
        for offset, rows, width in self._blocks:
            self._file.seek(offset)
            content = self._file.read(8 * rows * width)
            block = np.frombuffer(content).reshape(rows, width)[:, begin:end]
            found[row : row + rows, : block.shape[1]] = block
            row += rows
        return found

    def _flush(self) -> None:
        if not self._pending:
            return
        width = max(len(row) for row in self._pending)
        block = np.full((len(self._pending), width), np.nan)
        for i, row in enumerate(self._pending):
            block[i, : len(row)] = row
        offset = self._file.seek(0, os.SEEK_END)
        self._blocks.append((offset, len(block), width))
        self._file.write(block.tobytes())
        self._pending, self._pending_bytes = [], 0
