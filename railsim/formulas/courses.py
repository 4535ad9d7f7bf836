"""Loans followed period by period, at rates that may differ between periods.

A draw falls in the middle of its period, a payment at the end (Yescombe 2014). What is
owed is found from the last payment backwards: each step divides by 1 + rate, so that
rounding shrinks, where a forward recursion would let it grow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypedDict, TypeVar

import numpy as np
from numpy.typing import NDArray

Money = TypeVar("Money", float, NDArray[np.float64])


class Drawdown(TypedDict, Generic[Money]):
    """Balance from 0 on after each construction period, interest and fees in it."""

    balance: list[Money]
    interest: list[Money]
    commit_fee: list[Money]


def draw_course(
    draws: Sequence[Money],
    rates: Sequence[float],
    fee_rates: Sequence[float],
    *,
    is_capitalised: bool,
) -> Drawdown[Money]:
    """Follow a loan while it is drawn; rates are per period, one a draw.

    interest = rate (balance + draw / 2), added to the balance at the end of the period
    if ``is_capitalised``; commitment fee = fee rate (undrawn - draw / 2). There is a
    draw at least; each is a number, or an array with one number for each of several
    loans on the same terms.
    """
    nothing = 0.0 * draws[0]
    balance, interest = [nothing], []
    for draw, rate in zip(draws, rates, strict=True):
        due = rate * (balance[-1] + draw / 2.0)
        interest.append(due)
        owed = balance[-1] + draw
        balance.append(owed + due if is_capitalised else owed)
    undrawn, fees = nothing, []
    for draw, rate in zip(reversed(draws), reversed(fee_rates), strict=True):
        undrawn = undrawn + draw
        fees.append(rate * (undrawn - draw / 2.0))
    return {"balance": balance, "interest": interest, "commit_fee": fees[::-1]}


def owed_before(services: Sequence[float], rates: Sequence[float]) -> list[float]:
    """What is owed before each of some payments, and 0 after the last."""
    owed = [0.0]
    for service, rate in zip(reversed(services), reversed(rates), strict=True):
        owed.append((owed[-1] + service) / (1.0 + rate))
    return owed[::-1]


def repay_course(
    principal: float, shape: Sequence[float], rates: Sequence[float]
) -> list[float]:
    """What is owed before each payment and after the last, 0, payments like a shape.

    The payments are ``shape`` times the factor at which they are worth the principal;
    a shape of ones is an annuity. At least one number of the shape is positive.
    """
    owed = owed_before(shape, rates)
    factor = principal / owed[0]
    return [factor * each for each in owed]
