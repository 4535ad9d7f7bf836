"""What must balance in every world: lots, loads, tokens, servers, tracks, time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.engine.draws import draw
from tests.engine.ledger import audit
from tests.engine.networks import (
    ENGINES,
    Engine,
    Run,
    plan_of,
    run_plan,
    shortened,
)
from tests.engine.random_worlds import worlds

engines = pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)


def random_run(engine: Engine, text: str, seed: int, days: float = 12.0) -> Run:
    """A short run of a random world."""
    plan = shortened(plan_of(text), days)
    return run_plan(engine, plan, draw(plan, seed, 0))


@engines
@settings(max_examples=60)
@given(worlds(), st.integers(0, 1000))
def test_every_account_of_a_random_world_balances(engine, text, seed):
    assert audit(random_run(engine, text, seed)) == []


@pytest.mark.slow
@engines
@settings(max_examples=1500)
@given(worlds(), st.integers(0, 1000))
def test_every_account_of_many_random_worlds_balances(engine, text, seed):
    assert audit(random_run(engine, text, seed, days=25.0)) == []
