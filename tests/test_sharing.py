"""What is made of parts of a record is made once for all that share them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from railsim.scenario import Scenario, load_scenario, overlay
from railsim.sharing import Itself, once_for
from tests.runs import SMALL


@dataclass(frozen=True, slots=True)
class Pair:
    left: list[int]
    right: dict[str, int]


def counted(*names: str, most: int = 4):
    """A function of the left part, and what it was asked for."""
    asked = []

    @once_for(*names, most=most)
    def total(pair: Pair, times: int = 1) -> list[int]:
        """A sum of its own."""
        asked.append(times)
        return [times * sum(pair.left)]

    return total, asked


def test_records_that_share_the_part_share_what_is_made_of_it() -> None:
    total, asked = counted("left")
    pair = Pair([1, 2], {"a": 1})

    assert total(pair) is total(replace(pair, right={})) == [3]
    assert asked == [1]


def test_equal_parts_are_not_the_same_part() -> None:
    total, asked = counted("left")

    assert total(Pair([1], {})) == total(Pair([1], {}))
    assert asked == [1, 1]


def test_tables_of_nothing_are_the_same_part() -> None:
    total, asked = counted("left", "right")
    left = [4]

    assert total(Pair(left, {})) is total(Pair(left, {}))
    assert asked == [1]


def test_other_arguments_make_other_things() -> None:
    total, asked = counted("left")
    pair = Pair([2], {})

    assert (total(pair, 2), total(pair, 3), total(pair, 2)) == ([4], [6], [4])
    assert asked == [2, 3]


def test_only_so_many_are_kept() -> None:
    total, asked = counted("left", most=1)
    one, other = Pair([1], {}), Pair([2], {})

    assert [total(each) for each in (one, other, one)] == [[1], [2], [1]]
    assert asked == [1, 1, 1]


def test_a_part_that_was_not_named_cannot_be_read() -> None:
    total, _ = counted("right")

    with pytest.raises(AttributeError):
        total(Pair([1], {}))


def test_not_even_the_default_of_a_table_can_be_read() -> None:
    @once_for("places")
    def lines(scenario: Scenario) -> object:
        return scenario.lines

    with pytest.raises(AttributeError):
        lines(load_scenario(SMALL))


def test_a_thing_equals_itself_alone() -> None:
    thing = [1]

    assert Itself(thing) == Itself(thing)
    assert Itself(thing) != Itself([1])


def test_scenarios_share_what_was_not_laid_over() -> None:
    scenario = load_scenario(SMALL)

    changed = overlay(scenario, {"stations.gate.servers": 7, "choice.stranded_h": 5.0})

    kept = {
        n for n in Scenario.model_fields if getattr(changed, n) is getattr(scenario, n)
    }
    assert {"services", "flows", "run", "routes"} <= kept
    assert not kept & {"stations", "choice"}
    for name, station in scenario.stations.items():
        assert (changed.stations[name] is station) == (name != "gate")
