"""The lives of lots and vehicles, from one thing they wait for to the next."""

from __future__ import annotations

import numpy as np

from railsim.corridor.arrays import Ints
from railsim.engine.compiled import codes
from railsim.engine.compiled.choosing.shippers import choose, delivered, lost
from railsim.engine.compiled.events import record
from railsim.engine.compiled.pending import plan_unit
from railsim.engine.compiled.rows import (
    chain_at,
    lot_at,
    service_at,
    step_at,
    unit_at,
    vehicle_at,
    visit_at,
)
from railsim.engine.compiled.words.platforms import call_to_board, call_to_decide
from railsim.engine.compiled.words.steps import (
    do_step,
    drive,
    end_step,
    keep_tokens,
    let_go,
    pass_section,
    release,
    run_section,
    serve,
    want,
)
from railsim.engine.kernels.jit import kernel, rare
from railsim.engine.kernels.tables import World


@kernel
def begin_lot(w: World, lot: int) -> None:
    """A lot is created and sets out on the route that it chooses."""
    chain = choose(w, lot)
    record(w, codes.CHOSE, lot, codes.NOWHERE, chain, 0)
    if chain < 0:
        record(w, codes.LOST, lot, codes.NOWHERE, 0, 0)
        return
    unit_at(w, lot).step = chain_at(w, chain).begin
    unit_at(w, lot).end = chain_at(w, chain).end
    _go_on(w, lot)


@kernel
def begin_vehicle(w: World, u: int) -> None:
    """A vehicle asks at its hour whether it runs."""
    unit_at(w, u).doing = codes.DECIDING
    call_to_decide(w, _platform(w, u), u)


@kernel
def _platform(w: World, u: int) -> int:
    service = vehicle_at(w, u - w.lot_count).service
    return int(service_at(w, service).resource)


@kernel
def proceed(w: World, u: int) -> None:
    """A unit has what it waited for, or the time of its step is over."""
    doing = unit_at(w, u).doing
    if doing == codes.LINK_SHUT:
        drive(w, u)
    elif doing == codes.QUEUEING:
        if unit_at(w, u).answer == codes.AWAY:
            _lose(w, u)
        else:
            serve(w, u)
    elif doing == codes.ASKING:
        run_section(w, u)
    elif doing == codes.DECIDING:
        _hold(w, u)
    elif doing == codes.HOLDING:
        _hold_on(w, u)
    elif _end_of(w, u, doing):
        _go_on(w, u)


@kernel
def _end_of(w: World, u: int, doing: int) -> bool:
    """End what the unit did; False when there is more of it."""
    if doing == codes.RUNNING:
        return bool(pass_section(w, u))
    if doing == codes.DRIVING or doing == codes.RIDING:
        end_step(w, u)
    elif doing == codes.SERVED:
        release(w, u)
    elif doing == codes.WANTING:
        keep_tokens(w, u)
    elif doing == codes.BOARDING:
        record(w, codes.DEPART, u, _platform(w, u), 0, unit_at(w, u).answer)
    return True


@kernel
def _go_on(w: World, u: int) -> None:
    """Take steps until one makes the unit wait, or none is left."""
    unit, is_lot = unit_at(w, u), u < w.lot_count
    while unit.step < unit.end:
        s = unit.step
        unit.step = s + 1
        if is_lot and not _is_visited(w, u, s):
            continue
        if not do_step(w, u, s):
            return
    if is_lot:
        _deliver(w, u)
    else:
        _arrive(w, u)


@kernel
def _is_visited(w: World, lot: int, s: int) -> bool:
    """Does the regime of the day of creation, and the lot's own luck, lead here?"""
    step = step_at(w, s)
    if step.regime >= 0:
        is_ruling = (lot_at(w, lot).regimes >> step.regime) & 1
        if is_ruling != step.is_regime_on:
            return False
    if step.visit < 0:
        return True
    u = visit_at(w, lot_at(w, lot).visits + step.visit).u
    return bool(step.low <= u < step.high)


@kernel
def _deliver(w: World, lot: int) -> None:
    let_go(w, lot)
    record(w, codes.DELIVERED, lot, codes.NOWHERE, unit_at(w, lot).chain, 0)
    delivered(w, lot)


@kernel
def _lose(w: World, lot: int) -> None:
    """A lot found no room."""
    s = unit_at(w, lot).step - 1
    record(w, codes.LOST, lot, step_at(w, s).resource, s, 0)
    let_go(w, lot)
    lost(w, lot)


@kernel
def _hold(w: World, u: int) -> None:
    """A vehicle that runs takes the tokens its first steps name."""
    if unit_at(w, u).answer == codes.NO:
        return
    service = service_at(w, vehicle_at(w, u - w.lot_count).service)
    unit_at(w, u).step = chain_at(w, service.chain).begin
    unit_at(w, u).end = chain_at(w, service.chain).end
    unit_at(w, u).deadline = w.now + service.hold_ms
    _ask_next(w, u)


@kernel
def _hold_on(w: World, u: int) -> None:
    """Tokens have come, or have not come in time."""
    if unit_at(w, u).answer == codes.NO:
        let_go(w, u)
        record(w, codes.CANCELLED, u, _platform(w, u), codes.NO_TOKEN, 0)
        return
    keep_tokens(w, u)
    _ask_next(w, u)


@kernel
def _ask_next(w: World, u: int) -> None:
    """Ask for the next tokens; with all in hand, board."""
    unit = unit_at(w, u)
    s = unit.step
    if s < unit.end and step_at(w, s).act == codes.DO_TAKE:
        unit.step = s + 1
        unit.doing = codes.HOLDING
        want(w, u, s, unit.deadline)
        return
    unit.doing = codes.BOARDING
    call_to_board(w, _platform(w, u), u)


@kernel
def _arrive(w: World, u: int) -> None:
    """The vehicle has done its steps; its riders go on."""
    record(w, codes.ARRIVE, u, _platform(w, u), 0, 0)
    for rider in _riders_of(w, u):
        plan_unit(w, w.now, rider)
    let_go(w, u)


@rare
def _riders_of(w: World, u: int) -> Ints:
    """By number: a queue that many join at one instant is quick to join in order."""
    count, rider = 0, unit_at(w, u).riders
    while rider >= 0:
        count += 1
        rider = unit_at(w, rider).next
    riders, rider = np.empty(count, np.int64), unit_at(w, u).riders
    for i in range(count):
        riders[i] = rider
        rider = unit_at(w, rider).next
    riders.sort()
    return riders
