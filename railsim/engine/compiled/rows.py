"""Rows of the tables as kernels see them: by number, for reading and writing.

A table is passed as the address of its first row, so that a kernel that needs them all
has one argument, not two hundred: it compiles in a tenth of the time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic

from railsim.engine.compiled import tables as t
from railsim.engine.compiled.jit import kernel

Row = Any  # fields by name, which mypy cannot see


def _rows(dtype: np.dtype[np.void]) -> Callable[[int, int], Row]:
    """A function of (address of a table, number of a row)."""
    row = numba.from_dtype(dtype)
    size = dtype.itemsize

    @intrinsic
    def row_at(_: Any, address: Any, number: Any) -> Any:  # noqa: ARG001
        def generate(context: Any, builder: Any, __: Any, given: Any) -> Any:
            length = context.get_constant(types.int64, size)
            begin = builder.add(given[0], builder.mul(given[1], length))
            return builder.inttoptr(begin, context.get_value_type(row))

        return row(types.int64, types.int64), generate

    found: Callable[[int, int], Row] = row_at
    return found


_step = _rows(t.STEP)
_resource = _rows(t.RESOURCE)
_queue = _rows(t.QUEUE)
_unit = _rows(t.UNIT)
_lot = _rows(t.LOT)
_vehicle = _rows(t.VEHICLE)
_departure = _rows(t.DEPARTURE)
_service = _rows(t.SERVICE)
_line = _rows(t.LINE)
_station = _rows(t.STATION)
_way = _rows(t.WAY)
_chain = _rows(t.CHAIN)
_flow = _rows(t.FLOW)
_level = _rows(t.LEVEL)
_share = _rows(t.SHARE)
_enlisted = _rows(t.ENLISTED)
_change = _rows(t.CHANGE)
_reduction = _rows(t.REDUCTION)
_time = _rows(t.TIME)
_visit = _rows(t.VISIT)
_pending = _rows(t.PENDING)
_token = _rows(t.TOKEN)
_log_instant = _rows(t.LOG_INSTANT)
_log_event = _rows(t.LOG_EVENT)
_log_number = _rows(t.LOG_NUMBER)


@kernel
def step_at(w: t.World, i: int) -> Row:
    return _step(w.steps_address, i)


@kernel
def resource_at(w: t.World, i: int) -> Row:
    return _resource(w.resources_address, i)


@kernel
def queue_at(w: t.World, i: int) -> Row:
    return _queue(w.queues_address, i)


@kernel
def unit_at(w: t.World, i: int) -> Row:
    return _unit(w.units_address, i)


@kernel
def lot_at(w: t.World, i: int) -> Row:
    return _lot(w.lots_address, i)


@kernel
def vehicle_at(w: t.World, i: int) -> Row:
    return _vehicle(w.vehicles_address, i)


@kernel
def departure_at(w: t.World, i: int) -> Row:
    return _departure(w.departures_address, i)


@kernel
def service_at(w: t.World, i: int) -> Row:
    return _service(w.services_address, i)


@kernel
def line_at(w: t.World, i: int) -> Row:
    return _line(w.lines_address, i)


@kernel
def station_at(w: t.World, i: int) -> Row:
    return _station(w.stations_address, i)


@kernel
def way_at(w: t.World, i: int) -> Row:
    return _way(w.ways_address, i)


@kernel
def chain_at(w: t.World, i: int) -> Row:
    return _chain(w.chains_address, i)


@kernel
def flow_at(w: t.World, i: int) -> Row:
    return _flow(w.flows_address, i)


@kernel
def level_at(w: t.World, i: int) -> Row:
    return _level(w.levels_address, i)


@kernel
def share_at(w: t.World, i: int) -> Row:
    return _share(w.shares_address, i)


@kernel
def enlisted_at(w: t.World, i: int) -> Row:
    return _enlisted(w.enlisted_address, i)


@kernel
def change_at(w: t.World, i: int) -> Row:
    return _change(w.changes_address, i)


@kernel
def reduction_at(w: t.World, i: int) -> Row:
    return _reduction(w.reductions_address, i)


@kernel
def lot_time_at(w: t.World, i: int) -> Row:
    return _time(w.lot_times_address, i)


@kernel
def vehicle_time_at(w: t.World, i: int) -> Row:
    return _time(w.vehicle_times_address, i)


@kernel
def visit_at(w: t.World, i: int) -> Row:
    return _visit(w.visits_address, i)


@kernel
def pending_at(w: t.World, i: int) -> Row:
    return _pending(w.pending_address, i)


@kernel
def ready_at(w: t.World, i: int) -> Row:
    return _pending(w.ready_address, i)


@kernel
def token_at(w: t.World, i: int) -> Row:
    return _token(w.tokens_address, i)


@kernel
def log_instant_at(w: t.World, i: int) -> Row:
    return _log_instant(w.log_at_ms_address, i)


@kernel
def log_event_at(w: t.World, i: int) -> Row:
    return _log_event(w.log_event_address, i)


@kernel
def log_unit_at(w: t.World, i: int) -> Row:
    return _log_number(w.log_unit_address, i)


@kernel
def log_resource_at(w: t.World, i: int) -> Row:
    return _log_number(w.log_resource_address, i)


@kernel
def log_value_at(w: t.World, i: int) -> Row:
    return _log_number(w.log_value_address, i)


@kernel
def log_amount_at(w: t.World, i: int) -> Row:
    return _log_number(w.log_amount_address, i)
