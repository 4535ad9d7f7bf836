"""The tables of the meter: what is known of lots, vehicles and resources so far.

What has to wait for the end of the year, because its order or its rank matters, lies in
four tables that grow:

- `requests` in the order in which they were made, but for those granted at once: they
  are only counted, and each request knows how many such it has before it (`prompt`).
  Those of a unit that are still open are linked by `then`, the oldest first.
- `delays` are the grants that did not come at once, in the order of the grants.
- `samples` are single numbers of a group (see `samples`).
- `stops` tell which vehicle stood how long before which section.

Nothing is -1, no time `NEVER`.
"""

from __future__ import annotations

from functools import partial

from railsim.engine.kernels.jit import mark
from railsim.engine.kernels.pages import LOG
from railsim.engine.kernels.tables import row_type, rows_of

NONE, NEVER = -1, -(2**62)

TABLES = {
    "units": row_type("oldest", wide="started_ms"),
    "lots": row_type(
        "teu trucks flow is_measured chain is_lost request step",
        wide="arrival_ms delivered_ms entered_ms",
    ),
    "vehicles": row_type(
        "service line is_inside section",
        wide="depart_ms arrive_ms entered_ms stood_ms passed_ms",
    ),
    "flows": row_type("", wide="kg_per_teu slots_per_teu"),
    "steps": row_type("", wide="ended answered", real="wait_h time_h p10_h p90_h"),
    "waited_days": row_type("", wide="teu"),
    "services": row_type("", wide="run teu kg slots"),
    "cancelled": row_type("", wide="count"),
    "resources": row_type(
        "word line capacity",
        wide="changed_ms closed_ms open_ms busy_ms waited_ms "
        "units trucks prompt queue longest",
    ),
    "lines": row_type("first_section", wide="clear_ms"),
    "sections": row_type("", wide="trains occupied_ms"),
    "requests": row_type(
        "unit resource step then prompt",
        wide="asked_ms granted_ms answered_ms closed_ms",
    ),
    "delays": row_type("request"),
    "samples": row_type("group", wide="number"),
    "stops": row_type("vehicle section", wide="ms"),
    "edges": row_type("", wide="begin"),
    "sorted": row_type("", wide="number"),
    **LOG,
}
GROWING = ("requests", "delays", "samples", "stops")
ADDRESSES = " ".join(f"{name}_address" for name in TABLES)
COUNTS = " ".join(f"{name}_count" for name in GROWING)
WORLD = row_type(
    "",
    wide="begin end rows lot_count step_count resource_count group_count "
    f"{COUNTS} {ADDRESSES} {mark(__file__)}",
)

_rows_of = partial(rows_of, WORLD, TABLES)

unit_at = _rows_of("units")
lot_at = _rows_of("lots")
vehicle_at = _rows_of("vehicles")
flow_at = _rows_of("flows")
step_at = _rows_of("steps")
waited_at = _rows_of("waited_days")
service_at = _rows_of("services")
cancelled_at = _rows_of("cancelled")
resource_at = _rows_of("resources")
line_at = _rows_of("lines")
section_at = _rows_of("sections")
request_at = _rows_of("requests")
delay_at = _rows_of("delays")
sample_at = _rows_of("samples")
stop_at = _rows_of("stops")
edge_at = _rows_of("edges")
sorted_at = _rows_of("sorted")
log_instant_at = _rows_of("log_at_ms")
log_event_at = _rows_of("log_event")
log_unit_at = _rows_of("log_unit")
log_resource_at = _rows_of("log_resource")
log_value_at = _rows_of("log_value")
log_amount_at = _rows_of("log_amount")
