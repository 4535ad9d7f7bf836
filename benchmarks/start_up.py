"""What passes before the clock starts: the kernel from disk, the command line.

uv run python benchmarks/start_up.py
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from racing import Result, in_fresh_process, race, show

READ_KERNEL = """
import time
from railsim.engine.choose import prepare
begin = time.perf_counter()
prepare("compiled", lambda: None)
print(time.perf_counter() - begin)
"""
HELP = "import sys; sys.argv[1:] = ['--help']; from railsim.cli import app; app()"
BARE = """
import sys
import typer
sys.argv[1:] = ["--help"]
app = typer.Typer()
@app.callback()
def main() -> None:
    pass
@app.command()
def run(seed: int = 0) -> None:
    pass
app()
"""


def measure() -> Iterator[Result]:
    """Seconds to read the kernel, and the ratio of two helps."""
    in_fresh_process("-c", READ_KERNEL)
    seconds = [float(in_fresh_process("-c", READ_KERNEL)) for _ in range(5)]
    yield Result(
        "seconds to read the cached kernel",
        sorted(seconds)[2],
        0.5,
        note=f"{min(seconds):.2f} to {max(seconds):.2f} s",
    )
    helps = race(
        {
            "ours": lambda: in_fresh_process("-c", HELP),
            "bare": lambda: in_fresh_process("-c", BARE),
        },
        clock=time.perf_counter,
    )
    yield Result(
        "railsim --help / a bare typer application",
        helps["ours"] / helps["bare"],
        1.25,
        note=f"{helps['ours'] * 1000:.0f} and {helps['bare'] * 1000:.0f} ms",
    )


if __name__ == "__main__":
    show(measure())
