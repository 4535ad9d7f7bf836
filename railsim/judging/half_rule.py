"""The gain of shippers counted twice: by the logsum, and by the rule of a half.

The rule of a half knows modes that both worlds have, at their mean costs, and nothing
of a new one; where the new line is the gain, it must fall short.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from railsim.appraisal.effects.users import half_rule_gain, shippers_gain
from railsim.judging.worlds import Case
from railsim.outcome import HalfRuleRow
from railsim.traffic import Floats


def half_rule_rows(case: Case, reference: Case) -> Iterator[HalfRuleRow]:
    """Both gains of every market and year against the reference."""
    years = case.traffic.years
    by_logsum: dict[str, Floats] = {}
    by_half: dict[str, Floats] = {}
    for flow, gain in shippers_gain(case.traffic, reference.traffic).items():
        market = case.traffic.flows[flow].market
        nothing = np.zeros(len(years))
        by_logsum[market] = by_logsum.get(market, nothing) + gain.total
        by_half[market] = by_half.get(market, nothing) + _half_rule(
            case, reference, flow
        )
    for market, amounts in by_logsum.items():
        pairs = zip(amounts.tolist(), by_half[market].tolist(), strict=True)
        for year, (logsum, half) in zip(years.tolist(), pairs, strict=True):
            yield HalfRuleRow(case.name, market, year, logsum, half)


def _half_rule(case: Case, reference: Case, flow: str) -> Floats:
    """Over all modes of a flow that both worlds have."""
    gains = [
        np.nan_to_num(half_rule_gain(reference.uses[key], use))
        for key, use in case.uses.items()
        if key[0] == flow and key in reference.uses
    ]
    return np.asarray(np.sum([np.zeros(len(case.traffic.years)), *gains], axis=0))
