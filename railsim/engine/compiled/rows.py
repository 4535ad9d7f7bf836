"""Rows of the tables as kernels see them: `unit_at(w, u)` is row u of the units."""

from __future__ import annotations

from functools import partial

from railsim.engine.compiled.tables import TABLES, WORLD
from railsim.engine.kernels.tables import rows_of

_rows_of = partial(rows_of, WORLD, TABLES)

step_at = _rows_of("steps")
resource_at = _rows_of("resources")
queue_at = _rows_of("queues")
rank_at = _rows_of("ranks")
unit_at = _rows_of("units")
lot_at = _rows_of("lots")
vehicle_at = _rows_of("vehicles")
departure_at = _rows_of("departures")
service_at = _rows_of("services")
line_at = _rows_of("lines")
station_at = _rows_of("stations")
way_at = _rows_of("ways")
chain_at = _rows_of("chains")
flow_at = _rows_of("flows")
level_at = _rows_of("levels")
share_at = _rows_of("shares")
enlisted_at = _rows_of("enlisted")
change_at = _rows_of("changes")
reduction_at = _rows_of("reductions")
lot_time_at = _rows_of("lot_times")
vehicle_time_at = _rows_of("vehicle_times")
visit_at = _rows_of("visits")
pending_at = _rows_of("pending")
ready_at = _rows_of("ready")
bucket_at = _rows_of("buckets")
parcel_at = _rows_of("parcels")
token_at = _rows_of("tokens")
log_instant_at = _rows_of("log_at_ms")
log_event_at = _rows_of("log_event")
log_unit_at = _rows_of("log_unit")
log_resource_at = _rows_of("log_resource")
log_value_at = _rows_of("log_value")
log_amount_at = _rows_of("log_amount")
