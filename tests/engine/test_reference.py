"""What only the reference engine can show: a broken rule, and a quiet collector."""

import gc

import pytest

from railsim.engine.reference import simulate
from railsim.engine.reference.track import Track
from railsim.errors import BudgetError, DeadlockError
from tests.contracts.test_single_track import complaints
from tests.engine.networks import run


def test_without_the_direction_cap_the_deadlock_is_reported(monkeypatch):
    def is_feasible(track: Track, section: int, direction: int) -> bool:
        ahead = section + 1 - direction
        held = track.held[0][ahead] + track.held[1][ahead]
        is_room = not track._is_bounded(ahead) or held < track.loops[ahead]
        return not track.sections[direction][section] and is_room

    monkeypatch.setattr(Track, "_is_feasible", is_feasible)

    with pytest.raises(DeadlockError, match=r"lines\.line: \(train, section"):
        complaints(simulate, range(150))


@pytest.mark.parametrize("is_enabled", [True, False])
def test_the_garbage_collector_is_left_as_it_was(is_enabled):
    text = """
        stations.desk.servers = 1
        run.max_events = 10
        flows.jobs.arrivals = { kind = "listed", at_h = [1.0, 2.0, 3.0, 4.0, 5.0] }
    """
    (gc.enable if is_enabled else gc.disable)()

    with pytest.raises(BudgetError):
        run(simulate, text)

    assert gc.isenabled() == is_enabled
    gc.enable()
