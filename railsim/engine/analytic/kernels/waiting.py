"""How long lots wait at stations and for departures, and how long chains take.

Posts are the classes of lots at a node, first come those who go first. Stations:
Sakasegawa (1977), W = tau rho^(sqrt(2(c+1))-1) / (c (1 - rho)), times (1 +
c_s^2) / 2 for lots that come by chance (Allen and Cunneen). Shut places: a fluid, those
who came meanwhile being served at the spare rate. Services: the time to the next
departure and Spitzer's left-behind. Above a load of 0.98 the backlog of a fluid over
the year is added (MODEL specification 1.3, 3.1, 12.1).
"""

from __future__ import annotations

import math

from railsim.corridor.arrays import Floats
from railsim.engine.analytic.model import Model, Rows
from railsim.engine.kernels.jit import kernel
from railsim.formulas.gaussian_walk import mean_left_behind_smoothly

FULL = 0.98
# rows of what posts are asked for in a year, and of what they answer
LOTS, WORK, WORK2, KG, KG2 = range(5)
WAIT, SPREAD, SHUT, CLEAR, SQUARE = range(5)

left_behind = kernel(mean_left_behind_smoothly)


@kernel
def ask_posts(m: Model, x: Floats, asked: Floats) -> None:
    """What `x[c]` lots of each chain ask of the posts."""
    asked[:] = 0.0
    for c in range(len(x)):
        if x[c] == 0.0:
            continue
        for s in range(m.chains[c].step_begin, m.chains[c].step_end):
            step = m.steps[s]
            if step.post >= 0:
                visits = x[c] * step.chance
                asked[LOTS, step.post] += visits
                asked[WORK, step.post] += visits * step.work
                asked[WORK2, step.post] += visits * step.work2
                asked[KG, step.post] += visits * step.kg
                asked[KG2, step.post] += visits * step.kg2


@kernel
def answer_posts(m: Model, asked: Floats, answer: Floats, load: Floats) -> None:
    """Mean wait, its variance and the part before doors of posts; loads of nodes."""
    answer[:] = 0.0
    for n in range(len(m.nodes)):
        node = m.nodes[n]
        wanted = asked[:, node.post_begin : node.post_end]
        found = answer[:, node.post_begin : node.post_end]
        if node.is_service:
            load[n] = _answer_service(node, wanted, found)
        else:
            load[n] = _answer_station(node, m.hours, wanted, found)
            _answer_doors(node, m.spells, m.hours, wanted, found)


@kernel
def _answer_station(node: Rows, hours: float, asked: Floats, answer: Floats) -> float:
    """Waits for others; the load. Vehicles go before lots.

    Posts share the wait of a single queue as Cobham's classes do: W (1 - rho) / ((1 -
    s_(k-1)) (1 - s_k)); an overload falls on those who go last.
    """
    lots, work = asked[LOTS].sum() + node.own_lots, asked[WORK].sum() + node.own_work
    room = node.servers * node.open_share * hours
    if work <= 0.0 or room <= 0.0:
        return 0.0
    tau, square = work / lots, (asked[WORK2].sum() + node.own_work2) / lots
    load, rho = work / room, min(work / room, FULL)
    chance = rho ** (math.sqrt(2.0 * (node.servers + 1.0)) - 1.0)
    variability = 0.5 * (1.0 + max(square / (tau * tau) - 1.0, 0.0))
    queue = tau * chance / (node.servers * (1.0 - rho)) * variability
    spare = node.servers / tau * (1.0 - rho)
    deviation = math.sqrt(chance * (2.0 - chance)) / spare * variability
    before = node.own_work / room
    for k in range(asked.shape[1]):
        after = before + asked[WORK, k] / room
        turn = (1.0 - rho) / ((1.0 - min(before, FULL)) * (1.0 - min(after, FULL)))
        overload = _overload(before, after, load) * hours / 2.0
        answer[WAIT, k] = node.kappa_queue * (queue * turn + overload)
        square = (deviation * turn) ** 2 + overload * overload / 3.0
        answer[SPREAD, k] = node.kappa_queue * node.kappa_queue * square
        before = after
    return float(load)


@kernel
def _overload(before: float, after: float, load: float) -> float:
    """What a class between two loads bears of the load above the full one."""
    if after <= FULL or after <= before:
        return 0.0
    return float((after - max(before, FULL)) * load / (after - before))


@kernel
def _answer_doors(
    node: Rows, spells: Rows, hours: float, asked: Floats, answer: Floats
) -> None:
    """Add the wait before closed doors and the clearing of what gathered there."""
    shut = 0.0
    for i in range(node.spell_begin, node.spell_end):
        spell = spells[i]
        room = hours * node.servers * (1.0 if spell.is_daily else node.open_share)
        shut += spell.mean_h if spell.kept_share == 0.0 else 0.0
        before = node.own_work / room if room > 0.0 else 0.0
        for k in range(asked.shape[1]):
            after = before + asked[WORK, k] / room if room > 0.0 else 0.0
            growth = _growth(spell, min(before, FULL), min(after, FULL))
            answer[CLEAR, k] += spell.mean_h * growth
            answer[SQUARE, k] += spell.square_h2 * growth
            before = after
    for k in range(asked.shape[1]):
        plain = answer[CLEAR, k]
        if plain > 0.0:
            mean = node.kappa_shut * shut + node.kappa_queue * (plain - shut)
            spread = max(answer[SQUARE, k] - plain * plain, 0.0)
            answer[WAIT, k] += mean
            answer[SPREAD, k] += spread * (mean / plain) ** 2
        answer[SHUT, k] = node.kappa_shut * shut


@kernel
def _growth(spell: Rows, before: float, after: float) -> float:
    """Mean delay of a class between two loads over that of a spell nobody else is in.

    Up to a load r all that gather are cleared at the spare rate: r q (1 + q r / (1 -
    r)), q the share that gathers; a class bears what it adds.
    """
    if after - before > 1e-12:
        return (_gathered(spell, after) - _gathered(spell, before)) / (after - before)
    if after > 0.0:
        return _gathered(spell, after) / after
    return 1.0 if spell.kept_share == 0.0 else 0.0


@kernel
def _gathered(spell: Rows, used: float) -> float:
    """What a load does of all the waiting that a spell causes."""
    if used <= spell.kept_share:
        return 0.0
    gathers = 1.0 - spell.kept_share / used
    cleared = 1.0 + gathers * used / (1.0 - used)
    return float(used * gathers * min(cleared, spell.most_growth))


@kernel
def _answer_service(node: Rows, asked: Floats, answer: Floats) -> float:
    """The time to the next departure and, of those left behind, to a later one.

    Lots of unlike size count as Poisson batches of the size E[S^2] / E[S], which keeps
    mean and variance; slots or tonnes, whichever is fuller, are the limit. What a class
    adds to the left-behind of those who go first is its own.
    """
    spread = max(node.first_h2 - node.first_h * node.first_h, 0.0)
    answer[WAIT] = node.kappa_shut * node.first_h
    answer[SHUT] = node.kappa_shut * node.first_h
    answer[SPREAD] = node.kappa_shut * node.kappa_shut * spread
    slots, kg = asked[WORK].sum(), asked[KG].sum()
    if node.active_h <= 0.0:
        return 0.0
    departures = node.active_h / node.headway_h
    by_slots = slots / (departures * node.servers) if node.servers > 0.0 else 0.0
    by_kg = kg / (departures * node.room_kg) if node.room_kg > 0.0 else 0.0
    if by_slots >= by_kg:
        _leave_behind(node, departures * node.servers, asked[WORK:KG], answer)
    else:
        _leave_behind(node, departures * node.room_kg, asked[KG:], answer)
    return float(max(by_slots, by_kg))


@kernel
def _leave_behind(node: Rows, offered: float, asked: Floats, answer: Floats) -> None:
    """Add the wait of those left behind; `asked` are units and their squares.

    `offered` units of room leave in the year.
    """
    total, headway = asked[0].sum() / offered if offered > 0.0 else 0.0, node.headway_h
    departures, units, squares, before, left = (
        node.active_h / headway,
        0.0,
        0.0,
        0.0,
        0.0,
    )
    for k in range(asked.shape[1]):
        if asked[0, k] <= 0.0 or offered <= 0.0:
            continue
        units, squares = units + asked[0, k], squares + asked[1, k]
        capacity, load = offered / departures * units / squares, units / offered
        behind = left_behind(min(load, FULL) * capacity, capacity) * squares / units
        per_unit = node.active_h / asked[0, k]
        wait = max(behind - left, 0.0) * per_unit
        overload = _overload(before, load, total) * node.active_h / 2.0
        one_lot = per_unit * asked[1, k] / asked[0, k]
        answer[WAIT, k] += node.kappa_queue * (wait + overload)
        square = wait * (wait + one_lot) + overload * overload / 3.0
        answer[SPREAD, k] += node.kappa_queue * node.kappa_queue * square
        before, left = load, behind


@kernel
def walk_chains(m: Model, answer: Floats, mean: Floats, spread: Floats) -> None:
    """Mean and standard deviation of the door-to-door time of every chain, by lots.

    Steps are independent; one that is visited with chance p is a mixture.
    """
    for c in range(len(mean)):
        total = variance = 0.0
        for s in range(m.chains[c].step_begin, m.chains[c].step_end):
            step = m.steps[s]
            hours, square, p = step.fixed_h, step.fixed_h2, step.chance
            if step.post >= 0:
                hours += answer[WAIT, step.post]
                square += answer[SPREAD, step.post]
            total += p * hours
            variance += p * (square + hours * hours) - (p * hours) ** 2
        mean[c] = total
        spread[c] = math.sqrt(max(variance, 0.0))
