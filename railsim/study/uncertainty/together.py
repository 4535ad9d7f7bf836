"""What is uncertain together: shares of a whole, and paths that rise together."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from railsim.quantity import Record, label, quantity
from railsim.study.uncertainty.order import check_weights

LEAST_SHAPE = 0.02  # below it nearly all of a gamma underflows to zero


Method = Literal["copula", "iman_conover"]


class Pair(Record):
    """Two paths that rise together, or one while the other falls."""

    one: str = label("dotted path")
    other: str = label("dotted path")
    rank_correlation: float = quantity("1", "Spearman's", ge=-1, le=1)


class Split(Record):
    """Shares that sum to one whatever is drawn: a Dirichlet distribution."""

    means: dict[str, float] = quantity("1", "path -> its share on average")
    concentration: float = quantity(
        "1", "how closely shares keep to these; more is closer", gt=0, le=1e6
    )

    @model_validator(mode="after")
    def _sums_to_one(self) -> Self:
        if len(self.means) < 2:
            raise ValueError("means needs at least two paths")
        check_weights("means", list(self.means.values()), len(self.means))
        if min(self.means.values()) * self.concentration < LEAST_SHAPE:
            raise ValueError(f"each mean times concentration must be {LEAST_SHAPE}")
        return self
