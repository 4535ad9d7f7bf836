"""How strong a claim the numbers support.

Of a run: a limit outside the 95 % interval of the mean is a fact (is), one that a mean
passes with a one-sided chance of at least 80 % is likely. Of a sweep: so many of all
drawn futures at least are on that side, by Wilson's interval. The rest cannot be told.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

import numpy as np
from scipy.special import stdtr

from railsim.report.brief.schema import Claim, Number
from railsim.results.gates.judging import Change, change_of
from railsim.results.gates.measuring import HALF, Floats, Measured
from railsim.study.analysis.precision import share_estimate

Strength = Literal["is", "is likely", "cannot be told", "is not"]
SURE, LIKELY = 0.95, 0.8


def strength_of(
    claim: Claim, numbers: Mapping[str, Number], found: Mapping[str, Measured]
) -> Strength:
    """The strongest words that a claim deserves; "is not" where it is refuted.

    Limits are in the unit that the brief shows.
    """
    number = _as_shown(claim.number, numbers, found)
    limit = claim.below if claim.above is None else claim.above
    other = (
        Measured(limit, 0.0, 1)
        if isinstance(limit, float)
        else _as_shown(str(limit), numbers, found)
    )
    sign = 1.0 if claim.below is None else -1.0
    if numbers[claim.number].output is not None:
        others = np.array(other.draws) if other.draws else other.mean
        return _by_draws(sign * (np.array(number.draws) - others))
    return _by_mean(sign, change_of(number, other, is_paired=True))


def _as_shown(
    name: str, numbers: Mapping[str, Number], found: Mapping[str, Measured]
) -> Measured:
    factor, raw = numbers[name].factor, found[name]
    draws = tuple(factor * draw for draw in raw.draws)
    return Measured(factor * raw.mean, abs(factor) * raw.error, raw.count, draws)


def _by_mean(sign: float, change: Change) -> Strength:
    margin = sign * change.difference
    if math.isnan(change.error) or margin == 0.0:
        return "cannot be told"
    if change.error == 0.0:
        return "is" if margin > 0.0 else "is not"
    chance = float(stdtr(max(change.freedom, 1.0), margin / change.error))
    if chance >= HALF:
        return "is"
    if chance <= 1.0 - HALF:
        return "is not"
    return "is likely" if chance >= LIKELY else "cannot be told"


def _by_draws(margins: Floats) -> Strength:
    known = margins[np.isfinite(margins)]
    if len(known) == 0:
        return "cannot be told"
    share = share_estimate(known > 0.0)
    if share.ci_lo >= SURE:
        return "is"
    if share.ci_hi <= 1.0 - SURE:
        return "is not"
    return "is likely" if share.ci_lo >= LIKELY else "cannot be told"
