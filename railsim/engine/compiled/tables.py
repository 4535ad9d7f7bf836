"""The tables of the compiled engine: rows of numbers instead of things.

A unit is a row: lots first, by number, then vehicles; -1 is nobody. What a unit waits
for is written in its row, and whoever waits is linked to the next by `next`:

- A queue is a doubly linked list for each resource and level of priority, in the order
  of (request time, unit). Requests come in the order of time, so who joins goes to the
  tail, before those of its instant with higher numbers.
- Units that were answered in a round are linked by `then` until they are woken; so are
  touched resources until they grant.
- What will happen is in `pending`, a binary heap, later in `hours`, at once in `ready`
  (see the kernel of that name). Lots, departures and capacity changes that are still
  to come are read from their tables one after the other and never enter the heap.
- The `count` of a resource are the busy servers of a station or the tokens in a pool.
- `departures` are the vehicles in the order in which they really leave.
- A unit's tokens are rows of `tokens` from its `tokens_begin` on.
- The share tables of a flow: a row of `levels` for each level of inclusion, and for
  each its routes with their cumulative shares in `shares`; the second halves of both
  keep the day of the contracts.
- `enlisted` links the lots of a route in the order in which they chose it; a lot that
  chose again has a second entry, `lot_count` further on.

The row of the world holds the instant, how far the engine has come, the settings of
the run, and the addresses of all tables. Everything is in these tables, so that the
engine can stop anywhere for a longer log, or a new page of it, and go on.
"""

from __future__ import annotations

from railsim.engine.kernels.jit import mark
from railsim.engine.kernels.pages import LOG
from railsim.engine.kernels.tables import row_type

STEP = row_type(
    "act resource slot visit regime is_regime_on unit place first last", "low high"
)
RESOURCE = row_type(
    "word owner fleet capacity count room waiting deadlines granted is_first "
    "is_touched then is_must_finish reduction reduction_end deciding boarding cancelled"
)
QUEUE = row_type("head tail")
UNIT = row_type(  # three lines of the cache, what is used most in the first
    "doing step end first_time then order due answer "
    "level at next previous stamp chain token_count tokens_begin "
    "left part deadline section direction passed riders is_turned"
)
LOT = row_type(
    "arrival flow teu kg boxes trucks regimes visits", "choice contract ramp stranded"
)
VEHICLE = row_type("scheduled service is_dropped")
DEPARTURE = row_type("at unit")
SERVICE = row_type(
    "resource chain capacity_teu capacity_kg cutoff_ms hold_ms max_cancel "
    "is_overtaking is_splittable",
    "min_load_share",
)
LINE = row_type("clear_ms stop_loss_ms first_station is_double section_count")
STATION = row_type("is_bounded tracks most_one_way")
WAY = row_type("taken held")
CHAIN = row_type(
    "begin end flow nest open_from open_until ramp_ms is_open day oldest newest",
    "asc money headway_days decay_per_day mean_h sd_h base_share scale",
)
FLOW = row_type(
    "kg_per_teu slots_per_teu begin end table_begin level_count contract_level_count",
    "theta value inventory_rate schedule holding service_factor demand demand_sd "
    "contract_share",
)
LEVEL = row_type("count", "level")
SHARE = row_type("chain", "reached")
ENLISTED = row_type("entry")
CHANGE = row_type("at resource capacity")
REDUCTION = row_type("at")
TIME = row_type("ms")
VISIT = row_type("", "u")
PENDING = row_type("at order")
READY = row_type("slot")
HOUR = row_type("first")
PARCEL = row_type("due order then kind unit place amount")
TOKEN = row_type("pool count")
TABLES = {
    "steps": STEP,
    "resources": RESOURCE,
    "queues": QUEUE,
    "units": UNIT,
    "lots": LOT,
    "vehicles": VEHICLE,
    "departures": DEPARTURE,
    "services": SERVICE,
    "lines": LINE,
    "stations": STATION,
    "ways": WAY,
    "chains": CHAIN,
    "flows": FLOW,
    "levels": LEVEL,
    "shares": SHARE,
    "enlisted": ENLISTED,
    "changes": CHANGE,
    "reductions": REDUCTION,
    "lot_times": TIME,
    "vehicle_times": TIME,
    "visits": VISIT,
    "pending": PENDING,
    "ready": READY,
    "hours": HOUR,
    "parcels": PARCEL,
    "tokens": TOKEN,
    **LOG,
}
ADDRESSES = " ".join(f"{name}_address" for name in TABLES)
WORLD = row_type(
    "now begin stop midnight next_hour_ms hour_ms sequence free_parcel unit_count "
    "rows rows_safe instant max_events round "
    "heap_size ready_head ready_tail ready_rows first_head first_tail rest_head "
    "rest_tail "
    "answered_head answered_tail next_lot next_vehicle next_change lot_count "
    "vehicle_count change_count resource_count chain_count flow_count level_rows "
    "share_rows levels model is_learning has_openings has_begun is_over_budget "
    f"stranded_ms ms_per_day {ADDRESSES} {mark(__file__)}",
    "learning stranded_share ms_per_hour hours_per_day days_per_year",
)
