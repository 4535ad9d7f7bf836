"""How long lots wait at stations and for departures, and how long chains take.

Stations: Sakasegawa (1977), W = tau rho^(sqrt(2(c+1))-1) / (c (1 - rho)), times (1 +
c_s^2) / 2 for lots that come by chance (Allen and Cunneen). Shut places: a fluid, those
who came meanwhile being served at the spare rate. Services: the time to the next
departure and Spitzer's left-behind. Above a load of 0.98 the backlog of a fluid over
the year is added (MODEL specification 1.3, 3.1, 12.1).
"""

from __future__ import annotations

import math

from railsim.corridor.arrays import Floats
from railsim.engine.analytic.model import Model, Rows
from railsim.engine.compiled.jit import kernel
from railsim.formulas.gaussian_walk import mean_left_behind_smoothly

FULL = 0.98
# rows of what nodes are asked for in a year, and of what they answer
LOTS, WORK, WORK2, KG, KG2 = range(5)
WAIT, SPREAD, SHUT, LOAD = range(4)

left_behind = kernel(mean_left_behind_smoothly)


@kernel
def ask_nodes(m: Model, x: Floats, asked: Floats) -> None:
    """What `x[c]` lots of each chain ask of the nodes."""
    asked[:] = 0.0
    for c in range(len(x)):
        if x[c] == 0.0:
            continue
        for s in range(m.chains[c].step_begin, m.chains[c].step_end):
            step = m.steps[s]
            if step.node >= 0:
                visits = x[c] * step.chance
                asked[LOTS, step.node] += visits
                asked[WORK, step.node] += visits * step.work
                asked[WORK2, step.node] += visits * step.work2
                asked[KG, step.node] += visits * step.kg
                asked[KG2, step.node] += visits * step.kg2


@kernel
def answer_nodes(m: Model, asked: Floats, answer: Floats) -> None:
    """Mean wait, its variance, the part before closed doors, and the load."""
    answer[:] = 0.0
    for n in range(answer.shape[1]):
        if m.nodes[n].is_service:
            _answer_service(m.nodes[n], asked[:, n], answer[:, n])
        else:
            work = (asked[WORK, n] + m.nodes[n].own_work) / m.hours
            _answer_station(m.nodes[n], m.hours, asked[:, n], answer[:, n])
            _answer_doors(m.nodes[n], m.spells, work, answer[:, n])


@kernel
def _answer_station(node: Rows, hours: float, asked: Floats, answer: Floats) -> None:
    """Waits for others."""
    lots, work = asked[LOTS] + node.own_lots, asked[WORK] + node.own_work
    room = node.servers * node.open_share * hours
    if work <= 0.0 or room <= 0.0:
        return
    tau, square = work / lots, (asked[WORK2] + node.own_work2) / lots
    load = work / room
    rho = min(load, FULL)
    chance = rho ** (math.sqrt(2.0 * (node.servers + 1.0)) - 1.0)
    variability = 0.5 * (1.0 + max(square / (tau * tau) - 1.0, 0.0))
    queue = tau * chance / (node.servers * (1.0 - rho)) * variability
    overload = max(load - FULL, 0.0) * hours / 2.0
    spare = node.servers / tau * (1.0 - rho)
    deviation = math.sqrt(chance * (2.0 - chance)) / spare * variability
    answer[LOAD] = load
    answer[WAIT] = node.kappa_queue * (queue + overload)
    square = deviation * deviation + overload * overload / 3.0
    answer[SPREAD] = node.kappa_queue * node.kappa_queue * square


@kernel
def _answer_doors(node: Rows, spells: Rows, work: float, answer: Floats) -> None:
    """Add the wait before closed doors and the clearing of what gathered there.

    A share q of arrivals gathers while a share of capacity is left, and is cleared at
    the spare rate C - lambda: the wait grows by 1 + q lambda / (C - lambda). `work` is
    lambda in server-hours an hour.
    """
    shut = clearing = square = 0.0
    for i in range(node.spell_begin, node.spell_end):
        spell = spells[i]
        capacity = node.servers * (1.0 if spell.is_daily else node.open_share)
        used = min(work / capacity, FULL) if capacity > 0.0 else 0.0
        gathers = max(0.0, 1.0 - spell.kept_share / used) if used > 0.0 else 0.0
        if spell.kept_share == 0.0:
            gathers = 1.0
            shut += spell.mean_h
            clearing -= spell.mean_h
        clearing_too = 1.0 + gathers * used / (1.0 - used)
        growth = gathers * min(clearing_too, spell.most_growth)
        clearing += spell.mean_h * growth
        square += spell.square_h2 * growth
    mean = node.kappa_shut * shut + node.kappa_queue * clearing
    answer[SHUT] = node.kappa_shut * shut
    answer[WAIT] += mean
    plain = shut + clearing
    if plain > 0.0:
        answer[SPREAD] += max(square - plain * plain, 0.0) * (mean / plain) ** 2


@kernel
def _answer_service(node: Rows, asked: Floats, answer: Floats) -> None:
    """The time to the next departure and, of those left behind, to a later one.

    Lots of unlike size count as Poisson batches of the size E[S^2] / E[S], which keeps
    mean and variance; slots or tonnes, whichever is fuller, are the limit.
    """
    first = node.kappa_shut * node.first_h
    answer[WAIT] = answer[SHUT] = first
    spread = max(node.first_h2 - node.first_h * node.first_h, 0.0)
    answer[SPREAD] = node.kappa_shut * node.kappa_shut * spread
    if node.active_h <= 0.0:
        return
    departures = node.active_h / node.headway_h
    by_slots = asked[WORK] / (departures * node.servers) if node.servers > 0.0 else 0.0
    by_kg = asked[KG] / (departures * node.room_kg) if node.room_kg > 0.0 else 0.0
    load = max(by_slots, by_kg)
    answer[LOAD] = load
    if load <= 0.0:
        return
    if by_slots >= by_kg:
        capacity = node.servers * asked[WORK] / asked[WORK2]
    else:
        capacity = node.room_kg * asked[KG] / asked[KG2]
    arrivals = min(load, FULL) * capacity
    left, per_lot = left_behind(arrivals, capacity), node.headway_h / arrivals
    overload = max(load - FULL, 0.0) * node.active_h / 2.0
    answer[WAIT] += node.kappa_queue * (left * per_lot + overload)
    square = left * (left + 1.0) * per_lot * per_lot + overload * overload / 3.0
    answer[SPREAD] += node.kappa_queue * node.kappa_queue * square


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
            if step.node >= 0:
                hours += answer[WAIT, step.node]
                square += answer[SPREAD, step.node]
            total += p * hours
            variance += p * (square + hours * hours) - (p * hours) ** 2
        mean[c] = total
        spread[c] = math.sqrt(max(variance, 0.0))
