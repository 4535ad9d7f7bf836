"""Every ratio with its goal, one table, in less than five minutes.

uv run python benchmarks/table.py
"""

from __future__ import annotations

import time

import compiled_against_c
import engines
import memory
import reference_against_textbook
import scaling
import start_up
import workers
from racing import show

SCRIPTS = (
    engines,
    compiled_against_c,
    reference_against_textbook,
    scaling,
    memory,
    workers,
    start_up,
)


def main() -> None:
    """Print the table line by line, and how long it took."""
    begin = time.monotonic()
    for script in SCRIPTS:
        show(script.measure())
    print(f"{time.monotonic() - begin:.0f} s")


if __name__ == "__main__":
    main()
