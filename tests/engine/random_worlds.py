"""Random small worlds that use all six words, for laws that hold in every world."""

from __future__ import annotations

from hypothesis import Phase
from hypothesis import strategies as st

from railsim.study.verification.random_worlds import random_world

GENERATE = (Phase.explicit, Phase.generate)  # shrinking a world takes minutes


def worlds() -> st.SearchStrategy[str]:
    """The worlds of the proof, their luck in the hands of hypothesis."""
    return st.randoms(use_true_random=False).map(random_world)
