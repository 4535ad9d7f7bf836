"""Points of charts which can be drawn without further reckoning."""

from collections.abc import Sequence
from itertools import accumulate
from operator import add

from railsim.formulas.checks import (
    require_finite,
    require_nonnegative,
    require_sequence,
)

Step = Sequence[str | float]
Point = list[str | float]


def tcd_points(*, rows: Sequence[Step]) -> list[Point]:
    """Cumulate the steps of a journey into points of a time/cost-distance chart.

    Units: each row is [place, activity, km, h, usd] of one step; each point has the
    same fields, the numbers since the start; a stop adds no km. No rows, no points.
    Errors: ValueError when one of the ``rows`` has not five fields, a negative
    distance or time, or a cost which is no number; a cost may be a refund.
    Source: Beresford & Dubey (1990); Banomyong (2000); ESCAP time/cost-distance method.
    """
    require_sequence("rows", rows)
    for index, row in enumerate(rows):
        require_sequence(f"rows[{index}]", row, length=5)
        require_nonnegative(f"rows[{index}] km", row[2])
        require_nonnegative(f"rows[{index}] h", row[3])
        require_finite(f"rows[{index}] usd", row[4])
    steps = [[float(number) for number in row[2:]] for row in rows]
    totals = accumulate(steps, lambda total, step: list(map(add, total, step)))
    return [[*row[:2], *total] for row, total in zip(rows, totals, strict=True)]
