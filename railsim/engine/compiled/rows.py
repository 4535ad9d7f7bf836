"""Rows of the tables as kernels see them: by number, for reading and writing.

`unit_at(w, u)` is row u of the units. The world keeps the addresses of its tables, so
that a kernel has one argument, not two hundred: it compiles in a tenth of the time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numba
from numba import types
from numba.extending import intrinsic

from railsim.engine.compiled.tables import TABLES, WORLD, Row, World


def _rows_of(name: str) -> Callable[[World, int], Row]:
    """A function of the world and a number: that row of a table."""
    row, size = numba.from_dtype(TABLES[name]), TABLES[name].itemsize
    places = WORLD.fields
    assert places is not None
    place = places[f"{name}_address"][1]

    @intrinsic
    def row_at(_: Any, world: Any, number: Any) -> Any:  # noqa: ARG001
        def generate(context: Any, builder: Any, __: Any, given: Any) -> Any:
            whole = context.get_value_type(types.int64)
            byte = context.get_value_type(types.int8).as_pointer()
            field = builder.gep(
                builder.bitcast(given[0], byte), [whole(place)], inbounds=True
            )
            begin = builder.load(builder.bitcast(field, whole.as_pointer()))
            address = builder.add(begin, builder.mul(given[1], whole(size)))
            return builder.inttoptr(address, context.get_value_type(row))

        return row(world, types.int64), generate

    return cast(Callable[[World, int], Row], row_at)


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
