"""Streams: their numbers are pinned, and nobody's luck depends on anybody else's."""

import json
from pathlib import Path

import numpy as np
import pytest

from railsim import formulas
from railsim.engine.draws import draw
from railsim.engine.luck import BLOCK, Luck
from tests.engine.networks import plan_of

EXAMPLES = Path(__file__).parents[2] / "railsim" / "worked_examples.jsonl"


def test_the_worked_example_s_stream_is_what_the_catalogue_draws():
    rows = map(json.loads, EXAMPLES.read_text(encoding="utf-8").splitlines())
    example = next(row for row in rows if row["id"] == "WE-39")

    assert list(formulas.stream_uniforms(**example["in"])) == example["out"]


@pytest.mark.parametrize(
    ("seed", "replication", "year", "name", "numbers"),
    [
        (
            1,
            0,
            2026,
            "arrival.jobs",
            [0.1407863810775174, 0.3425102842146017, 0.5415667807966799],
        ),
        (
            20260101,
            3,
            2040,
            "stations.gate.",
            [0.5910887391631527, 0.26866454206843216, 0.25950419023646065],
        ),
    ],
)
def test_the_numbers_of_a_stream_are_pinned(seed, replication, year, name, numbers):
    assert Luck(seed, replication, year).uniforms(name, 3).tolist() == numbers


def test_a_stream_of_luck_is_the_catalogue_s_of_that_name_and_year():
    ours = Luck(7, 2, 2031).uniforms("event.storm.0", 5, year=2030)

    name = "event.storm.0.2030"
    theirs = formulas.stream_uniforms(seed=7, name=name, replication=2, n=5)
    assert ours.tolist() == list(theirs)


def test_a_longer_stream_begins_with_the_shorter_one():
    luck = Luck(1, 0, 2026)

    assert np.array_equal(luck.uniforms("a", 1000)[:10], luck.uniforms("a", 10))


def test_streams_of_other_names_years_and_replications_differ():
    streams = [
        Luck(1, 0, 2026).uniforms("a", 50),
        Luck(1, 0, 2026).uniforms("b", 50),
        Luck(1, 0, 2027).uniforms("a", 50),
        Luck(1, 1, 2026).uniforms("a", 50),
        Luck(2, 0, 2026).uniforms("a", 50),
    ]

    assert len({stream.tobytes() for stream in streams}) == 5
    assert abs(np.corrcoef(streams) - np.eye(5)).max() < 0.5


CHAIN = """
    [stations.gate]
    servers = 2
    time = { dist = "exponential", mean_h = 0.5 }
    breakdown = { between_failures_h = 100.0, repair = REPAIR }
    [stations.crane]
    time = { dist = "lognormal", mean_h = 0.3, cv = 0.8 }
    [lot_sizes.one]
    teu = [1, 2, 5]
    probability = [0.5, 0.3, 0.2]
    [links.way]
    time = { dist = "exponential", mean_h = 5.0 }
    [services.train]
    lateness = { dist = "exponential", mean_h = 1.0 }
    timetable.per_day = { "2000" = 2.0 }
    steps = [{ link = "way" }]
    [routes.only]
    steps = [
        { station = "gate", share = 0.4 },
        { service = "train" },
        { station = "crane" },
    ]
    [flows.jobs]
    arrivals = { kind = "poisson", rate_per_h = 0.5 }
    base_share = { only = 1.0 }
""".replace("REPAIR", '{ dist = "lognormal", mean_h = 5.0, cv = 1.0 }')


def lots_of(text: str, flow: str = "jobs") -> dict[str, np.ndarray]:
    """All luck of the lots of one flow, in order of arrival."""
    plan = plan_of(text)
    lots = draw(plan, 1, 0).lots
    mine = np.flatnonzero(lots.flow == plan.flows.names.index(flow))
    found = {
        name: getattr(lots, name)[mine]
        for name in ("arrival_ms", "teu", "boxes", "choice", "contract", "stranded")
    }
    streams = plan.flows.streams[plan.flows.names.index(flow)]
    for column, stream in enumerate(streams):
        found[stream.name] = lots.times_ms[lots.time_begin[mine] + column]
    for column, name in enumerate(plan.flows.visits[plan.flows.names.index(flow)]):
        found[f"visit {name}"] = lots.visits[lots.visit_begin[mine] + column]
    return found


def same(first: dict[str, np.ndarray], second: dict[str, np.ndarray]) -> bool:
    """Has the second all that the first has?"""
    return all(np.array_equal(first[name], second[name]) for name in first)


def test_another_flow_changes_nobody_s_luck():
    other = """
        [flows.new]
        arrivals = { kind = "poisson", rate_per_h = 3.0 }
    """

    assert same(lots_of(CHAIN), lots_of(CHAIN + other))


def test_another_station_on_the_route_changes_nobody_s_luck():
    longer = CHAIN.replace(
        "steps = [\n        { station",
        'steps = [\n        { station = "new", share = 0.5 },\n        { station',
    )
    longer += '[stations.new]\ntime = { dist = "exponential", mean_h = 9.0 }\n'

    assert same(lots_of(CHAIN), lots_of(longer))


def test_another_route_changes_nobody_s_luck():
    other = '[routes.more]\nsteps = [{ station = "crane" }]\n'
    text = CHAIN.replace("only = 1.0", "only = 0.5, more = 0.5")

    assert same(lots_of(CHAIN), lots_of(text + other))


def test_another_server_leaves_the_failures_of_the_others():
    plans = [plan_of(CHAIN), plan_of(CHAIN.replace("servers = 2", "servers = 3"))]
    changes = [draw(plan, 1, 0).changes for plan in plans]

    downs = [set(c.at_ms.tolist()) for c in changes]
    assert downs[0] < downs[1]


def test_another_crane_changes_no_departure():
    vehicles = [
        draw(plan_of(text), 1, 0).vehicles
        for text in (
            CHAIN,
            CHAIN.replace("[stations.crane]", "[stations.crane]\nservers = 9"),
        )
    ]

    assert np.array_equal(vehicles[0].depart_ms, vehicles[1].depart_ms)
    assert np.array_equal(vehicles[0].times_ms, vehicles[1].times_ms)


def test_more_lots_leave_the_first_ones_as_they_were():
    few, many = (
        lots_of(CHAIN.replace("rate_per_h = 0.5", f"rate_per_h = {rate}"))
        for rate in (0.5, 2.0)
    )

    for name, values in few.items():
        if name != "arrival_ms":
            assert np.array_equal(values, many[name][: len(values)]), name


def test_a_busier_year_has_the_same_arrivals_in_its_own_time():
    few, many = (
        lots_of(CHAIN.replace("rate_per_h = 0.5", f"rate_per_h = {rate}"))
        for rate in (0.5, 1.0)
    )

    early = many["arrival_ms"][: len(few["arrival_ms"])]
    assert abs(2 * early - few["arrival_ms"]).max() <= 2


def test_without_chance_no_seed_makes_a_difference():
    plan = plan_of(CHAIN + "[run]\nis_deterministic = true\n")

    first, second = draw(plan, 1, 0), draw(plan, 99, 7)

    for name in ("arrival_ms", "teu", "boxes", "choice", "times_ms", "visits"):
        assert np.array_equal(getattr(first.lots, name), getattr(second.lots, name))
    assert np.array_equal(first.vehicles.depart_ms, second.vehicles.depart_ms)


def test_without_chance_times_are_central_and_lots_come_evenly():
    plan = plan_of(CHAIN + "[run]\nis_deterministic = true\n")

    draws = draw(plan, 1, 0)

    lots = draws.lots
    assert abs(np.diff(lots.arrival_ms) - 2 * 3_600_000).max() <= 1
    assert set(lots.times_ms.tolist()) == {1_800_000, 1_080_000}
    assert len(draws.changes.at_ms) == 0
    assert not draws.vehicles.is_dropped.any()


@pytest.mark.parametrize(
    ("dist", "central_h"),
    [
        ('dist = "triangular", low_h = 1.0, mode_h = 2.0, high_h = 9.0', 2.0),
        ('dist = "uniform", low_h = 1.0, high_h = 3.0', 2.0),
        ('dist = "erlang", shape = 3, mean_h = 1.5', 1.5),
        ('dist = "gamma", mean_h = 1.5, cv = 2.0', 1.5),
        ('dist = "empirical", values_h = [1.0, 2.0, 6.0]', 3.0),
    ],
)
def test_the_central_value_is_the_mode_of_a_triangle_else_the_mean(dist, central_h):
    text = f"""
        run.is_deterministic = true
        stations.desk.time = {{ {dist} }}
        flows.jobs.arrivals = {{ kind = "scheduled", every_h = 1000.0 }}
    """

    times = draw(plan_of(text), 1, 0).lots.times_ms

    assert set((times / 3_600_000).tolist()) == {central_h}


@pytest.mark.parametrize("count", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_the_blocks_of_a_stream_are_its_numbers(count):
    luck, found = Luck(1, 2, 2030), np.full(count, np.nan)

    for rows, u in luck.blocks("a", count):
        found[rows] = u

    assert np.array_equal(found, luck.uniforms("a", count))
