"""Parts of a change, in a made world whose answer is known, and what fits together."""

import json
import math

import numpy as np
import pytest

from railsim.errors import InputError
from railsim.results.comparing.attributing import (
    MOST,
    Mixtures,
    attribute,
    groups_of,
    mixtures_of,
)
from railsim.results.comparing.inputs import InputChange, changes_of
from railsim.scenario import load_scenario
from tests.runs import SMALL

LUCK = np.array([0.0, 1.0, 5.0])


@pytest.fixture(scope="module")
def tables():
    return json.loads(load_scenario(SMALL).model_dump_json(exclude_unset=True))


def changed(tables, **values):
    """A copy with `table__record__field` values."""
    other = json.loads(json.dumps(tables))
    for name, value in values.items():
        *way, last = name.split("__")
        node = other
        for step in way:
            node = node[step]
        node[last] = value
    return other


def changes(tables, **values):
    """The inputs that differ then."""
    return list(changes_of(tables, changed(tables, **values), ()))


THREE = {
    "economy__cny_per_usd": 8.0,
    "economy__vnd_per_usd": 26000.0,
    "stations__gate__servers": 5,
}


def outputs(scenario):
    """Outputs that add, multiply and ignore the inputs, under three lucks."""
    cny, vnd = scenario.economy.cny_per_usd, scenario.economy.vnd_per_usd / 1000.0
    gates = scenario.stations["gate"].servers
    return {
        ("sum",): cny + vnd + 10.0 * gates + LUCK,
        ("product",): cny * vnd + LUCK,
        ("none",): LUCK,
        ("noisy",): LUCK * gates,
    }


def parts(tables, by=None, known=None, **values):
    """The parts of every output, by output and group."""
    mixtures = mixtures_of(tables, groups_of(changes(tables, **values), by))
    found = attribute(mixtures, outputs, known or {})
    names = [group.name for group in found.groups]
    return {
        cell[0]: dict(zip(names, some, strict=True))
        for cell, some in found.parts.items()
    }


def test_what_adds_is_told_apart_and_what_multiplies_is_halved(tables):
    found = parts(tables, **THREE)

    values = {o: {n: p.value for n, p in some.items()} for o, some in found.items()}
    cny, vnd, gates = THREE.keys()
    names = [key.replace("__", ".") for key in (cny, vnd, gates)]
    added = dict(zip(names, (1.0, 1.0, 20.0), strict=True))
    assert values["sum"] == pytest.approx(added, rel=1e-12)
    # (8 - 7) at the mean of 25 and 26, (26 - 25) at the mean of 7 and 8
    joint = dict(zip(names, (25.5, 7.5, 0.0), strict=True))
    assert values["product"] == pytest.approx(joint, rel=1e-12, abs=1e-12)
    assert set(values["none"].values()) == {0.0}


def test_parts_have_the_interval_of_their_replications(tables):
    part = parts(tables, **THREE)["noisy"]["stations.gate.servers"]

    steps = 2.0 * LUCK
    assert part.value == pytest.approx(steps.mean(), rel=1e-12)
    half_width = 4.302653 * steps.std(ddof=1) / math.sqrt(3)
    assert part.half_width == pytest.approx(half_width, rel=1e-6)


def test_what_is_known_is_not_evaluated_again(tables):
    groups = groups_of(changes(tables, **THREE), None)
    mixtures = mixtures_of(tables, groups)
    ends = {m: outputs(mixtures.scenario(m)) for m in (0, 7)}
    asked = []

    def evaluate(scenario):
        asked.append(scenario)
        return outputs(scenario)

    found = attribute(mixtures, evaluate, ends)

    assert len(asked) == 6
    assert found.parts == attribute(mixtures, outputs, {}).parts


def test_inputs_are_grouped_as_finely_as_eight_allow():
    few = [InputChange(("a", str(n), "x"), 0, 1) for n in range(MOST)]
    many = [InputChange(("a", str(n // 2), "x", n), 0, 1) for n in range(2 * MOST)]
    most = [InputChange(("a", str(n), "x"), 0, 1) for n in range(2 * MOST)]

    names = [[g.name for g in groups_of(some, None)] for some in (few, many, most)]

    assert names[0] == [f"a.{n}.x" for n in range(MOST)]
    assert names[1] == [f"a.{n}" for n in range(MOST)]
    assert names[2] == ["a"]
    assert len(groups_of(most, "input")) == 2 * MOST


def test_beyond_eight_groups_are_changed_in_one_order(tables):
    values = {f"places__town__{k}": v for k, v in (("latitude", 1.0), ("name", "x"))}
    values |= {f"places__port__{k}": v for k, v in (("latitude", 2.0), ("name", "y"))}
    values |= {f"links__{n}__length_km": 500.0 for n in ("road_north", "sea_lane")}
    values |= THREE
    mixtures = mixtures_of(tables, groups_of(changes(tables, **values), "input"))

    found = attribute(mixtures, outputs, {})

    assert found.is_ordered
    assert len(mixtures.sets()) == len(values) + 1
    first, last = (outputs(mixtures.scenario(m)) for m in (0, mixtures.sets()[-1]))
    for cell, some in found.parts.items():
        whole = math.fsum(part.value for part in some)
        assert whole == pytest.approx((last[cell] - first[cell]).mean(), abs=1e-12)


def test_inputs_that_need_each_other_are_one_cause(tables):
    station = {**tables["stations"]["gate"], "place": "town", "servers": 1}
    other = changed(tables, stations__shed=station, **THREE)
    steps = other["services"]["train"]["steps"]
    steps[1:1] = [{"station": "shed"}]
    found = list(changes_of(tables, other, ()))
    whole = Mixtures(tables, tuple(groups_of(found, "input")))
    assert whole.scenario((1 << len(found)) - 1).stations["shed"].servers == 1

    names = {group.name for group in mixtures_of(tables, whole.groups).groups}

    free = {key.replace("__", ".") for key in THREE}
    assert names == free | {"stations.shed with services.train.steps"}


def test_ends_that_are_no_scenarios_are_refused(tables):
    broken = [InputChange(("stations", "gate", "servers"), 3, -1)]

    with pytest.raises(InputError, match="cannot be changed one by one"):
        mixtures_of(tables, groups_of(broken, None))
