"""Random small worlds that use all six words, for laws that hold in every world."""

from __future__ import annotations

from random import Random

TIMES = (
    'dist = "deterministic", value_h = 0.0',
    'dist = "deterministic", value_h = 0.5',
    'dist = "exponential", mean_h = 0.7',
    'dist = "empirical", values_h = [0.0, 0.25, 0.5, 3.0]',
    'dist = "triangular", low_h = 0.1, mode_h = 0.2, high_h = 2.0',
)
BOOLEANS = ("true", "false")
WINDOWS = (
    "[[0.0, 24.0]]",
    "[[7.0, 19.0]]",
    "[[0.0, 2.0], [4.0, 24.0]]",
    "[[8.0, 9.5]]",
)
CLOSABLE = ("lines.line", "links.road", "services.train", "stations.customs")


def random_world(luck: Random) -> str:
    """A world of two flows, two routes, a line with a train both ways, and storms."""
    subjects = (_calendars, _ways, _routes, _train, _goods, _storms)
    parts = [subject(luck) for subject in subjects]
    parts += [_station(luck, name) for name in ("gate", "crane", "customs")]
    return "\n".join(parts)


def _calendars(luck: Random) -> str:
    """Hours of the stations and of the line."""
    return f"""
        [calendars.office]
        utc_offset_h = {luck.choice([7.0, 8.0])}
        windows_h = {luck.choice(WINDOWS)}
        [calendars.possession]
        utc_offset_h = 7.0
        windows_h = [[0.0, 2.0], [4.0, 24.0]]
    """


def _station(luck: Random, name: str) -> str:
    """Servers, perhaps with hours, a small room, failures."""
    lines = [f"[stations.{name}]", f"servers = {luck.randint(1, 3)}"]
    lines += [f"time = {{ {luck.choice(TIMES)} }}"]
    if luck.choice((True, False)):
        lines += ['calendar = "office"']
    if luck.choice((True, False)):
        lines += [f"room = {luck.randint(0, 3)}"]
    if luck.choice((True, False)):
        lines += ['close_rule = "must_finish"']
    if luck.choice((True, False)):
        repair = '{ dist = "lognormal", mean_h = 5.0, cv = 1.0 }'
        lines += [f"breakdown = {{ between_failures_h = 30.0, repair = {repair} }}"]
    return "\n".join(lines)


def _ways(luck: Random) -> str:
    """A road, a line, boxes and rakes."""
    loops = [luck.randint(2, 3) for _ in range(luck.randint(0, 3))]
    kilometres = [luck.choice([10.0, 25.0, 40.0]) for _ in range(len(loops) + 1)]
    return f"""
        [fleets]
        box = {{ per = "teu", tokens = {{ here = 20, there = 15 }} }}
        rake = {{ tokens = {{ here = {luck.randint(0, 2)}, there = 1 }} }}
        [links]
        road = {{ time = {{ {luck.choice(TIMES)} }} }}
        [lines.line]
        stations = {{ here = 0, there = {len(kilometres)} }}
        section_km = {kilometres}
        loop_tracks = {loops}
        tracks = {luck.randint(1, 2)}
        clear_h = {luck.choice([0.0, 0.05])}
        stop_loss_h = {luck.choice([0.0, 0.02])}
        calendar = "possession"
    """


def _routes(luck: Random) -> str:
    """A train or the road, through stations that only some lots visit."""
    share = luck.choice([0.0, 0.3, 1.0])
    return f"""
        [routes.rail]
        steps = [
            {{ station = "gate" }},
            {{ take = "box", at = "here" }},
            {{ service = "train" }},
            {{ station = "crane", per = "teu" }},
            {{ give = "box", at = "there" }},
        ]
        [routes.road]
        steps = [
            {{ station = "gate", share = {share}, draw = "red" }},
            {{ link = "road" }},
            {{ station = "customs", share = {1.0 - share}, draw = "red" }},
            {{ station = "crane", only = "south" }},
        ]
        [choice]
        stranded_h = 6.0
        stranded_share = 0.7
    """


def _train(luck: Random) -> str:
    """A service with every habit a service may have."""
    give = (
        '{ give = "rake", at = "there", time = { dist = "exponential", mean_h = 2.0 } }'
    )
    return f"""
        [services.train]
        is_both_ways = true
        capacity_teu = {luck.randint(1, 8)}
        capacity_t = {luck.choice([25.0, 60.0, 1000.0])}
        cutoff_h = {luck.choice([0.0, 1.0, 3.0])}
        min_load_share = {luck.choice([0.0, 0.5, 1.0])}
        max_cancel = {luck.randint(0, 2)}
        is_overtaking = {luck.choice(BOOLEANS)}
        is_splittable = {luck.choice(BOOLEANS)}
        max_hold_h = {luck.choice([0.0, 4.0])}
        cancelled_share = {luck.choice([0.0, 0.2])}
        lateness = {{ dist = "exponential", mean_h = 0.5 }}
        disturbance = [0.0, 0.03, 0.15]
        timetable.per_day = {{ "2000" = {luck.choice([1.5, 4.0, 12.0])} }}
        timetable.back_shift_h = 1.0
        steps = [
            {{ take = "rake", at = "here" }},
            {{ line = "line", origin = "here", destination = "there" }},
            {give},
        ]
    """


def _goods(luck: Random) -> str:
    """Boxes southward and bulk northward, in lots of several sizes."""
    rate = (0.2, 0.6, 1.2)
    return f"""
        [commodities]
        boxes = {{ priority = {luck.randint(-1, 1)} }}
        ore = {{ priority = 0 }}
        [lot_sizes.some]
        teu = [1, 2, 5]
        probability = [0.6, 0.3, 0.1]
        [flows.south]
        commodity = "boxes"
        lot_size = "some"
        arrivals = {{ kind = "poisson", rate_per_h = {luck.choice(rate)} }}
        [flows.north]
        commodity = "ore"
        form = "bulk"
        direction = "north"
        lot_size = "some"
        arrivals = {{ kind = "scheduled", every_h = {1.0 / luck.choice(rate)} }}
    """


def _storms(luck: Random) -> str:
    """Storms that close the line, the road, the train or a station for a while."""
    resources = luck.sample(CLOSABLE, luck.randint(0, 3))
    return f"""
        [disruptions.storm]
        name = "storm"
        events_per_year = {luck.choice([0.0, 60.0])}
        month_weights = {[1.0] * 12}
        common_share = 0.8
        [disruptions.storm.severities.any]
        share = 1.0
        [disruptions.storm.severities.any.outages.all]
        resources = {resources}
        low_h = 1.0
        mode_h = 12.0
        high_h = 40.0
        capacity_factor = 0.0
    """
