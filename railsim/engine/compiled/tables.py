"""The tables of the compiled engine: rows of numbers instead of things.

A unit is a row: lots first, by number, then vehicles; -1 is nobody. What a unit waits
for is written in its row, and whoever waits is linked to the next by `next`:

- Each resource has a queue, then each way of a line. A queue has a rank for each level
  of priority: a doubly linked list in the order of (request time, unit). Requests come
  in the order of time, so who joins goes to the tail, before those of its instant with
  higher numbers.
- A way is a section in one direction: way 2 t + d leaves or reaches station t, the
  lower end of the section. It is `free_from` an instant, from `NEVER` while a train is
  on it; `held` are the tracks of station t that trains of the direction have. Ways that
  may be open to who waits are linked by `then` from the `noted` of their line.
- Units that were answered in a round are linked by `then` until they are woken; so are
  touched resources until they grant.
- What will happen is in `pending`, a binary heap, later in `buckets`, at once in
  `ready` (see the kernel of that name). Lots, departures and capacity changes that are
  still to come are read from their tables one after the other and never enter the heap;
  `outside_ms` is when the next of them, or midnight, comes.
- The `count` of a resource are the busy servers of a station or the tokens in a pool.
- `departures` are the vehicles in the order in which they really leave.
- A unit's tokens are rows of `tokens` from its `tokens_begin` on.
- The share tables of a flow: a row of `levels` for each level of inclusion, and for
  each its routes with their cumulative shares in `shares`; the second halves of both
  keep the day of the contracts.
- `enlisted` links the lots of a route in the order in which they chose it; a lot that
  chose again has a second entry, `lot_count` further on.

Numbers of rows, counts and flags have 4 bytes, instants and loads 8; what does not fit
is refused when the tables are filled.

The row of the world holds the instant, how far the engine has come, the settings of
the run, and the addresses of all tables. Everything is in these tables, so that the
engine can stop anywhere for a longer log, or a new page of it, and go on.
"""

from __future__ import annotations

from railsim.engine.kernels.jit import mark
from railsim.engine.kernels.pages import LOG
from railsim.engine.kernels.tables import row_type

STEP = row_type(
    "act resource slot visit regime is_regime_on unit place first last",
    real="low high",
)
RESOURCE = row_type(
    "word owner fleet capacity count room deadlines granted is_first is_touched then "
    "is_must_finish reduction reduction_end deciding boarding cancelled"
)
QUEUE = row_type("waiting")
RANK = row_type("head tail", wide="asked_from")
UNIT = row_type(  # two lines of the cache, what is used most in the first
    "doing step end first_time then order answer level next previous "
    "section direction passed stamp chain token_count tokens_begin left part riders "
    "is_turned",
    wide="at due deadline",
)
LOT = row_type(
    "flow teu kg boxes trucks regimes visits",
    wide="arrival",
    real="choice contract ramp stranded",
)
VEHICLE = row_type("service is_dropped", wide="scheduled")
DEPARTURE = row_type("unit", wide="at")
SERVICE = row_type(
    "resource chain max_cancel is_overtaking is_splittable",
    wide="capacity_teu capacity_kg cutoff_ms hold_ms",
    real="min_load_share",
)
LINE = row_type(
    "first_station is_double section_count noted", wide="clear_ms stop_loss_ms"
)
STATION = row_type("is_bounded tracks most_one_way")
WAY = row_type("held is_noted then", wide="free_from")
CHAIN = row_type(
    "begin end flow nest is_open day oldest newest",
    wide="open_from open_until ramp_ms",
    real="asc money headway_days decay_per_day mean_h sd_h base_share scale",
)
FLOW = row_type(
    "slots_per_teu begin end table_begin level_count contract_level_count",
    wide="kg_per_teu",
    real="theta value inventory_rate schedule holding service_factor demand demand_sd "
    "contract_share",
)
LEVEL = row_type("count", real="level")
SHARE = row_type("chain", real="reached")
ENLISTED = row_type("entry")
CHANGE = row_type("resource capacity", wide="at")
REDUCTION = row_type("", wide="at")
TIME = row_type("", wide="ms")
VISIT = row_type("", real="u")
PENDING = row_type("slot", wide="key")
READY = row_type("slot")
BUCKET = row_type("first")
PARCEL = row_type("order then kind unit place amount", wide="due")
TOKEN = row_type("pool count")
TABLES = {
    "steps": STEP,
    "resources": RESOURCE,
    "queues": QUEUE,
    "ranks": RANK,
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
    "buckets": BUCKET,
    "parcels": PARCEL,
    "tokens": TOKEN,
    **LOG,
}
ADDRESSES = " ".join(f"{name}_address" for name in TABLES)
WORLD = row_type(
    "",
    wide="now begin stop midnight next_bucket_ms outside_ms sequence free_parcel "
    "parcel_count unit_count rows rows_safe instant max_events round "
    "heap_size ready_head ready_tail ready_rows first_head first_tail rest_head "
    "rest_tail "
    "answered_head answered_tail next_lot next_vehicle next_change lot_count "
    "vehicle_count change_count resource_count chain_count flow_count level_rows "
    "share_rows levels model is_learning has_openings has_begun is_over_budget "
    f"stranded_ms ms_per_day {ADDRESSES} {mark(__file__)}",
    real="learning stranded_share ms_per_hour hours_per_day days_per_year",
)
