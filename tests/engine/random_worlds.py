"""Random small worlds that use all six words, for laws that hold in every world."""

from __future__ import annotations

from hypothesis import Phase
from hypothesis import strategies as st

GENERATE = (Phase.explicit, Phase.generate)  # shrinking a world takes minutes

TIMES = st.sampled_from(
    [
        'dist = "deterministic", value_h = 0.0',
        'dist = "deterministic", value_h = 0.5',
        'dist = "exponential", mean_h = 0.7',
        'dist = "empirical", values_h = [0.0, 0.25, 0.5, 3.0]',
        'dist = "triangular", low_h = 0.1, mode_h = 0.2, high_h = 2.0',
    ]
)
BOOLEANS = st.sampled_from(["true", "false"])
WINDOWS = st.sampled_from(
    ["[[0.0, 24.0]]", "[[7.0, 19.0]]", "[[0.0, 2.0], [4.0, 24.0]]", "[[8.0, 9.5]]"]
)


@st.composite
def worlds(draw) -> str:
    """A world of two flows, two routes, a line with a train both ways, and storms."""
    parts = [calendars(draw), ways(draw), train(draw), goods(draw), storms(draw)]
    parts += [station(draw, name) for name in ("gate", "crane", "customs")]
    return "\n".join(parts)


def calendars(draw) -> str:
    """Hours of the stations and of the line."""
    return f"""
        [calendars.office]
        utc_offset_h = {draw(st.sampled_from([7.0, 8.0]))}
        windows_h = {draw(WINDOWS)}
        [calendars.possession]
        utc_offset_h = 7.0
        windows_h = [[0.0, 2.0], [4.0, 24.0]]
    """


def station(draw, name: str) -> str:
    """Servers, perhaps with hours, a small room, failures."""
    lines = [f"[stations.{name}]", f"servers = {draw(st.integers(1, 3))}"]
    lines += [f"time = {{ {draw(TIMES)} }}"]
    if draw(st.booleans()):
        lines += ['calendar = "office"']
    if draw(st.booleans()):
        lines += [f"room = {draw(st.integers(0, 3))}"]
    if draw(st.booleans()):
        lines += ['close_rule = "must_finish"']
    if draw(st.booleans()):
        repair = '{ dist = "lognormal", mean_h = 5.0, cv = 1.0 }'
        lines += [f"breakdown = {{ between_failures_h = 30.0, repair = {repair} }}"]
    return "\n".join(lines)


def ways(draw) -> str:
    """A road, a line, boxes, and two routes over them."""
    loops = draw(st.lists(st.integers(2, 3), min_size=0, max_size=3))
    kilometres = [
        draw(st.sampled_from([10.0, 25.0, 40.0])) for _ in range(len(loops) + 1)
    ]
    share = draw(st.sampled_from([0.0, 0.3, 1.0]))
    return f"""
        [fleets]
        box = {{ per = "teu", tokens = {{ here = 20, there = 15 }} }}
        rake = {{ tokens = {{ here = {draw(st.integers(0, 2))}, there = 1 }} }}
        [links]
        road = {{ time = {{ {draw(TIMES)} }} }}
        [lines.line]
        stations = {{ here = 0, there = {len(kilometres)} }}
        section_km = {kilometres}
        loop_tracks = {loops}
        tracks = {draw(st.integers(1, 2))}
        clear_h = {draw(st.sampled_from([0.0, 0.05]))}
        stop_loss_h = {draw(st.sampled_from([0.0, 0.02]))}
        calendar = "possession"
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


def train(draw) -> str:
    """A service with every habit a service may have."""
    give = (
        '{ give = "rake", at = "there", time = { dist = "exponential", mean_h = 2.0 } }'
    )
    return f"""
        [services.train]
        is_both_ways = true
        capacity_teu = {draw(st.integers(1, 8))}
        capacity_t = {draw(st.sampled_from([25.0, 60.0, 1000.0]))}
        cutoff_h = {draw(st.sampled_from([0.0, 1.0, 3.0]))}
        min_load_share = {draw(st.sampled_from([0.0, 0.5, 1.0]))}
        max_cancel = {draw(st.integers(0, 2))}
        is_overtaking = {draw(BOOLEANS)}
        is_splittable = {draw(BOOLEANS)}
        max_hold_h = {draw(st.sampled_from([0.0, 4.0]))}
        cancelled_share = {draw(st.sampled_from([0.0, 0.2]))}
        lateness = {{ dist = "exponential", mean_h = 0.5 }}
        disturbance = [0.0, 0.03, 0.15]
        timetable.per_day = {{ "2000" = {draw(st.sampled_from([1.5, 4.0, 12.0]))} }}
        timetable.back_shift_h = 1.0
        steps = [
            {{ take = "rake", at = "here" }},
            {{ line = "line", origin = "here", destination = "there" }},
            {give},
        ]
    """


def goods(draw) -> str:
    """Boxes southward and bulk northward, in lots of several sizes."""
    rate = st.sampled_from([0.2, 0.6, 1.2])
    return f"""
        [commodities]
        boxes = {{ priority = {draw(st.integers(-1, 1))} }}
        ore = {{ priority = 0 }}
        [lot_sizes.some]
        teu = [1, 2, 5]
        probability = [0.6, 0.3, 0.1]
        [flows.south]
        commodity = "boxes"
        lot_size = "some"
        arrivals = {{ kind = "poisson", rate_per_h = {draw(rate)} }}
        [flows.north]
        commodity = "ore"
        form = "bulk"
        direction = "north"
        lot_size = "some"
        arrivals = {{ kind = "scheduled", every_h = {1.0 / draw(rate)} }}
    """


def storms(draw) -> str:
    """Storms that close the line, the road, the train or a station for a while."""
    resources = draw(
        st.lists(
            st.sampled_from(
                ["lines.line", "links.road", "services.train", "stations.customs"]
            ),
            max_size=3,
            unique=True,
        )
    )
    return f"""
        [disruptions.storm]
        name = "storm"
        events_per_year = {draw(st.sampled_from([0.0, 60.0]))}
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
